// Options that several commands share, so that each is declared and explained once.
#pragma once

#include <vector>

#include "command.hpp"

namespace halfulp::cli {

Operand model_operand();
std::vector<Option> shape_options();      // --input-shape
std::vector<Option> input_set_options();  // --input --box --data --labels --radius
std::vector<Option> precision_options();  // --uniform --schedule
std::vector<Option> engine_options(const char* engine_default);  // --method --engine --bits

// All of them, one after another.
std::vector<Option> join_options(std::vector<std::vector<Option>> groups);

}  // namespace halfulp::cli
