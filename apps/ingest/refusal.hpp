// How the code of this one process gives up on a model: an exception that carries the Diagnostic, caught in main.cpp.
#pragma once

#include <utility>

#include "halfulp/support/result.hpp"

namespace halfulp::ingest_child {

struct Refusal {
  Diagnostic diagnostic;
};

[[noreturn]] inline void refuse(std::string code, std::string message, std::string place = {},
                                std::vector<std::string> helps = {},
                                ExitCode exit_code = ExitCode::kUsage) {
  throw Refusal{Diagnostic{.code = std::move(code),
                           .message = std::move(message),
                           .place = std::move(place),
                           .notes = {},
                           .helps = std::move(helps),
                           .exit_code = exit_code}};
}

}  // namespace halfulp::ingest_child
