// Expected failures cross module borders as Result<T>: a value, or one Diagnostic that says what went wrong, where, and
// what to try next. Foreign exceptions are turned into Diagnostics in the one file that calls the foreign library.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace halfulp {

// Process exit codes, fixed for scripts (docs/design.md, "The command").
enum class ExitCode : int {
  kDone = 0,
  kAnswerIsNo = 1,
  kUsage = 2,
  kUnsupportedOperator = 3,
  kBudgetExhausted = 4,
  kInternal = 70,
  kInterrupted = 130,
};

struct Diagnostic {
  std::string code;                // stable, "E0203"; `halfulp explain` knows it
  std::string message;             // one sentence with the value given and the values allowed
  std::string place = {};          // file:line:column, or graph node; may be empty
  std::vector<std::string> notes = {};
  std::vector<std::string> helps = {};
  ExitCode exit_code = ExitCode::kUsage;
};

template <typename T>
using Result = tl::expected<T, Diagnostic>;

// `return fail("E0101", "...", "place");`
inline tl::unexpected<Diagnostic> fail(std::string code, std::string message, std::string place = {},
                                       std::vector<std::string> helps = {},
                                       ExitCode exit_code = ExitCode::kUsage) {
  return tl::unexpected<Diagnostic>(Diagnostic{.code = std::move(code),
                                               .message = std::move(message),
                                               .place = std::move(place),
                                               .notes = {},
                                               .helps = std::move(helps),
                                               .exit_code = exit_code});
}

inline tl::unexpected<Diagnostic> fail(Diagnostic diagnostic) {
  return tl::unexpected<Diagnostic>(std::move(diagnostic));
}

}  // namespace halfulp
