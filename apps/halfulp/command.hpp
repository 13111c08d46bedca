// A subcommand as data: one table of operands and options from which parsing, help, the man page and completion are made.
#pragma once

#include <string>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp::cli {

struct Option {
  std::string name;               // "input-shape", typed as --input-shape
  char short_name = 0;           // 'o' for -o, 0 for none
  std::string value = "";         // placeholder of the value, "FILE"; empty for a switch
  std::string fallback = "";      // default, shown in help; empty for none
  std::string help = "";          // one sentence
  bool repeatable = false;
  std::vector<std::string> choices = {};  // closed set of values; empty for any
};

struct Operand {
  std::string name;               // "MODEL"
  std::string help;
  bool required = true;
  bool repeatable = false;        // the last one only
};

struct Example {
  std::string line;
  std::string says;
};

class Arguments;
class Context;

struct Command {
  std::string name;
  std::string summary = "";           // one line, no full stop
  std::string description = "";       // paragraphs for --help
  std::vector<Operand> operands = {};
  std::vector<Option> options = {};
  std::vector<Example> examples = {};  // two
  Result<ExitCode> (*run)(Context&, const Arguments&) = nullptr;
};

// Options that every command takes, before or after the command word.
const std::vector<Option>& global_options();

}  // namespace halfulp::cli
