// The vector instructions that the kernels of this module use on this machine. Results do not depend on them.
#pragma once

#include <string>
#include <vector>

namespace halfulp {

// Names of those that both the machine and the kernels have, the best first: "AVX3_DL" (AVX-512 with VAES), "AVX3", "AVX2", "SSE4",
// "SCALAR".
std::vector<std::string> instruction_sets();
// The one in use.
std::string instruction_set();
// Uses this one from now on, in every thread; the empty name stands for the best. False if there is no such one. Not to be called
// while kernels run.
bool use_instruction_set(const std::string& name);

}  // namespace halfulp
