// Starts the child process that links LibTorch and collects its reply.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

struct ChildLimits {
  std::uint64_t memory_mb = 8192;  // address space, and size of the reply
  int time_s = 120;                // processor time
};

// `model` is handed over in memory, so that what was checked is what is loaded. Errors: E0116 limits, E0118 anything else.
Result<std::string> run_child(std::string_view model, const std::vector<std::string>& arguments, const ChildLimits& limits);

}  // namespace halfulp
