#pragma once

#include <string>
#include <vector>

#include "command.hpp"

namespace halfulp::cli {

// Every subcommand of this build, in the order of `halfulp help`. Names are checked to differ.
const std::vector<Command>& commands();
const Command* find_command(const std::string& name);
// "no command 'anlyze'" with the nearest name.
Diagnostic unknown_command(const std::string& name);

}  // namespace halfulp::cli
