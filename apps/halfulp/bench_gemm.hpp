// The products that `halfulp bench` measures.
#pragma once

#include <cstdint>
#include <vector>

#include "bench_measure.hpp"

namespace halfulp::cli {

std::vector<GemmCase> bench_products(std::uint64_t seed);

}  // namespace halfulp::cli
