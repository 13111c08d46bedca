// The rounded accumulation of a linear map through the tiles of gemm.
#pragma once

#include "../plan.hpp"

namespace halfulp::sim {

// nullopt where the tiles do not apply.
std::optional<Values> run_linear_in_tiles(const LinearMap& map, const NodeRun& run);

}  // namespace halfulp::sim
