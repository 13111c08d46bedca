// What a command works with: the global options, and the two streams it may write to.
#pragma once

#include <cstdint>
#include <string>

#include "halfulp/report/json.hpp"
#include "halfulp/support/result.hpp"

namespace halfulp::cli {

inline constexpr const char* kVersion = HALFULP_VERSION;

class Context {
 public:
  bool json = false;           // --format json: the result is one JSON object on standard output
  bool quiet = false;
  int verbosity = 0;
  bool colour_errors = false;
  std::uint64_t seed = 0;
  std::string command_line;    // as typed, for provenance

  // The result, on standard output.
  void print(const std::string& text) const;
  void print_json(const Json& json_result) const;
  // Everything else, on standard error, unless --quiet.
  void say(const std::string& text) const;
  // `warning[W0110]: ...` in the layout of errors; silent under --quiet.
  void warn(const Diagnostic& diagnostic) const;
  // {"tool", "command", "seed"}
  Json provenance() const;
};

// `error[E0203]: sentence`, then place, notes and helps, each on its line.
std::string render(const Diagnostic& diagnostic, const std::string& kind, bool colour);

}  // namespace halfulp::cli
