#include "plain_linear.hpp"

#include <cblas.h>

#include <vector>

namespace halfulp {
namespace {

// One group over all positions, outputs and inputs in order: a matrix product over the rows.
bool is_dense(const LinearMap& map) {
  if (map.groups != 1 || map.positions != 1 || !map.divisor.empty() || map.output_channel_stride != 1 || map.output_pattern[0] != 0) return false;
  if (map.depth != map.inputs) return false;
  for (std::int64_t k = 0; k < map.depth; ++k) {
    if (map.input_pattern[static_cast<std::size_t>(k)] != k) return false;
  }
  return true;
}

int to_int(std::int64_t n) { return static_cast<int>(n); }

// Columns of one group for one row: depth x positions, zero where padded.
void gather_columns(const LinearMap& map, std::int64_t g, const double* x, std::vector<double>& columns) {
  columns.resize(static_cast<std::size_t>(map.depth * map.positions));
  const std::int64_t shift = g * map.input_group_stride;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::int32_t pattern = map.input_pattern[i];
    columns[i] = pattern < 0 ? 0.0 : x[pattern + shift];
  }
}

void scatter_columns(const LinearMap& map, std::int64_t g, const std::vector<double>& columns, double* x) {
  const std::int64_t shift = g * map.input_group_stride;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (map.input_pattern[i] >= 0) x[map.input_pattern[i] + shift] += columns[i];
  }
}

}  // namespace

void apply_plain(const LinearMap& map, const double* x, double* y, std::int64_t rows) {
  std::vector<double> columns, product(static_cast<std::size_t>(map.channels * map.positions));
  const bool dense = is_dense(map);
  if (dense) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, to_int(rows), to_int(map.channels), to_int(map.depth), 1, x, to_int(map.inputs),
                map.weight.data(), to_int(map.depth), 0, y, to_int(map.outputs));
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t g = 0; g < map.groups; ++g) {
      if (!dense) {
        gather_columns(map, g, x + row * map.inputs, columns);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, to_int(map.channels), to_int(map.positions), to_int(map.depth), 1,
                    map.weight.data() + g * map.channels * map.depth, to_int(map.depth), columns.data(), to_int(map.positions), 0,
                    product.data(), to_int(map.positions));
      }
      for (std::int64_t m = 0; m < map.channels; ++m) {
        const double bias = map.bias.empty() ? 0.0 : map.bias[static_cast<std::size_t>(g * map.channels + m)];
        for (std::int64_t p = 0; p < map.positions; ++p) {
          double& out = y[row * map.outputs + map.output_of(g, m, p)];
          out = ((dense ? out : product[static_cast<std::size_t>(m * map.positions + p)]) + bias) / map.divisor_of(p);
        }
      }
    }
  }
}

void apply_plain_transposed(const LinearMap& map, const double* g, double* result, std::int64_t rows) {
  if (is_dense(map)) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, to_int(rows), to_int(map.depth), to_int(map.channels), 1, g, to_int(map.outputs),
                map.weight.data(), to_int(map.depth), 1, result, to_int(map.inputs));
    return;
  }
  std::vector<double> columns(static_cast<std::size_t>(map.depth * map.positions)), from(static_cast<std::size_t>(map.channels * map.positions));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t group = 0; group < map.groups; ++group) {
      for (std::int64_t m = 0; m < map.channels; ++m) {
        for (std::int64_t p = 0; p < map.positions; ++p) {
          from[static_cast<std::size_t>(m * map.positions + p)] = g[row * map.outputs + map.output_of(group, m, p)] / map.divisor_of(p);
        }
      }
      cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, to_int(map.depth), to_int(map.positions), to_int(map.channels), 1,
                  map.weight.data() + group * map.channels * map.depth, to_int(map.depth), from.data(), to_int(map.positions), 0,
                  columns.data(), to_int(map.positions));
      scatter_columns(map, group, columns, result + row * map.inputs);
    }
  }
}

}  // namespace halfulp
