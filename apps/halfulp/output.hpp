// Standard output with its failures remembered: a closed pipe ends the output quietly, a full disk is an error.
#pragma once

#include <string>

#include "halfulp/support/result.hpp"

namespace halfulp::cli {

void write_output(const std::string& text);
// `code` if all output arrived or the reader went away; E0103 otherwise.
Result<ExitCode> finish_output(ExitCode code);

}  // namespace halfulp::cli
