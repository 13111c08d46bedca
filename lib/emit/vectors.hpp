// Test vectors: input codes and the codes of the simulator's outputs.
#pragma once

#include "halfulp/emit/emit.hpp"
#include "network.hpp"

namespace halfulp::emit_detail {

struct TestVectors {
  std::size_t samples = 0;
  // [port][sample][element]
  std::vector<std::vector<std::vector<std::uint64_t>>> inputs, outputs;
};

// The samples of the options; without any, a few samples of random codes.
Result<TestVectors> make_vectors(const Network& network, const EmitOptions& options);

}  // namespace halfulp::emit_detail
