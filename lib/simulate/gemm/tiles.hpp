// The fast path of gemm: tiles of float32 or double (formats/kernels/gemm_tile.hpp), where the formats and the data prove that they give
// the exact roundings.
#pragma once

#include <optional>
#include <vector>

#include "halfulp/simulate/gemm.hpp"

namespace halfulp::sim {

struct Matrices {
  GemmShape shape;
  std::vector<double> a;        // M x K
  std::vector<double> b;        // N x K
  std::vector<double> start;    // N; or M, one for each row
  bool start_by_row = false;
  // Random words are those of element first + i * row + j * column; row 0 stands for N.
  std::uint64_t first_element = 0, element_row = 0, element_column = 1;

  std::uint64_t element_of(std::size_t i, std::size_t j) const {
    return first_element + i * (element_row != 0 ? element_row : shape.columns) + j * element_column;
  }
  double start_of(std::size_t i, std::size_t j) const { return start[start_by_row ? i : j]; }
};

// Writes the accumulated values of all elements whose tile is proved and returns, for the others, their indices i N + j.
// nullopt: the path does not apply at all. Zero terms may stand for absent ones.
std::optional<std::vector<std::size_t>> accumulate_tiles(const Matrices& matrices, const GemmOptions& options, std::span<double> c);

}  // namespace halfulp::sim
