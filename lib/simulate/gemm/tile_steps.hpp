// The roundings of tiles (formats/kernels/gemm_tile.hpp), where formats and data prove that they are those of the formats.
#pragma once

#include <optional>

#include "../../formats/kernels/gemm_tile.hpp"
#include "halfulp/simulate/gemm.hpp"
#include "operand.hpp"

namespace halfulp::sim {

template <typename T>
struct TileSteps {
  kernels::TileStep<T> product, sum;
  double bound = 0;  // of the sums of magnitudes for which the steps are right
};

// nullopt: the steps of T never are.
template <typename T>
std::optional<TileSteps<T>> tile_steps(const GemmOptions& options, const Operand& a, const Operand& b);

extern template std::optional<TileSteps<float>> tile_steps<float>(const GemmOptions&, const Operand&, const Operand&);
extern template std::optional<TileSteps<double>> tile_steps<double>(const GemmOptions&, const Operand&, const Operand&);

}  // namespace halfulp::sim
