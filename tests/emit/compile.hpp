// Emits a network into a fresh folder, compiles it with the system's C++ compiler, and runs the test bench.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "halfulp/emit/emit.hpp"

namespace halfulp::test {

struct Outcome {
  int exit_code = -1;
  std::string text;  // standard output and error
};

std::string fresh_folder(const std::string& name);
Outcome run(const std::string& command);
// `flags` for the compiler; the program is FOLDER/bench.
Outcome compile_bench(const std::string& folder, const std::string& top, const std::string& flags);
// Emits with `samples` random inputs, compiles, runs, and expects that no output code differs from the simulator's.
void expect_bit_exact(const Graph& graph, const Schedule& schedule, const std::string& backend, const std::string& name,
                      const std::string& flags, int samples = 1000);

}  // namespace halfulp::test
