// The operands of a product of matrices as they lie in memory.
#pragma once

#include <cstdint>
#include <vector>

#include "halfulp/simulate/gemm.hpp"

namespace halfulp::sim {

// Entry (i, k), i counting dot products and k their terms, at data[i * across + k * along].
struct Strided {
  const double* data = nullptr;
  std::size_t across = 0, along = 1;

  double operator()(std::size_t i, std::size_t k) const { return data[i * across + k * along]; }
};

struct Matrices {
  GemmShape shape;
  Strided a, b;               // M x K and N x K
  std::vector<double> start;  // N; or M, one for each row
  bool start_by_row = false;
  // Random words are those of element first + i * row + j * column; row 0 stands for N.
  std::uint64_t first_element = 0, element_row = 0, element_column = 1;

  std::uint64_t element_of(std::size_t i, std::size_t j) const {
    return first_element + i * (element_row != 0 ? element_row : shape.columns) + j * element_column;
  }
  double start_of(std::size_t i, std::size_t j) const { return start[start_by_row ? i : j]; }
};

}  // namespace halfulp::sim
