// The subcommands: one function a file cmd_NAME.cpp.
#pragma once

#include "command.hpp"

namespace halfulp::cli {

Command analyze_command();
Command bench_command();
Command check_command();
Command compare_command();
Command completion_command();
Command emit_command();
Command explain_command();
Command formats_command();
Command help_command();
Command inspect_command();
Command ops_command();
Command round_command();
Command simulate_command();
Command tune_command();

}  // namespace halfulp::cli
