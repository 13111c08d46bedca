#include "matrix_product.hpp"

#include <cblas.h>

#include <vector>

namespace halfulp::sim {
namespace {

constexpr std::int64_t kFewProducts = 64;  // a group of so few is cheaper than a call

// Input k of group g of a one-position map sits at first + k: the operand itself is the vector.
bool is_contiguous(const LinearMap& map) {
  if (map.positions != 1) return false;
  for (std::int64_t k = 0; k < map.depth; ++k) {
    if (map.input_pattern[static_cast<std::size_t>(k)] != map.input_pattern[0] + k) return false;
  }
  return map.input_pattern[0] >= 0;
}

class Product {
 public:
  Product(const LinearMap& map, std::span<const double> weight, std::span<const double> bias, std::span<const double> x,
          std::span<double> y)
      : map_(map), weight_(weight), bias_(bias), x_(x), y_(y) {}

  void run() {
    const std::int64_t products = map_.channels * map_.depth * map_.positions;
    const bool contiguous = products > kFewProducts && is_contiguous(map_);
    for (std::int64_t g = 0; g < map_.groups; ++g) {
      if (products <= kFewProducts) {
        group_directly(g);
      } else if (contiguous) {
        group_vector(g);
      } else {
        group_matrix(g);
      }
    }
  }

 private:
  const double* weights(std::int64_t g) const { return weight_.data() + g * map_.channels * map_.depth; }

  void store(std::int64_t g, std::int64_t m, std::int64_t p, double sum) {
    const double bias = bias_.empty() ? 0.0 : bias_[static_cast<std::size_t>(g * map_.channels + m)];
    y_[static_cast<std::size_t>(map_.output_of(g, m, p))] = bias + sum;
  }

  void group_directly(std::int64_t g) {
    for (std::int64_t m = 0; m < map_.channels; ++m) {
      const double* w = weights(g) + m * map_.depth;
      for (std::int64_t p = 0; p < map_.positions; ++p) {
        double sum = 0;
        for (std::int64_t k = 0; k < map_.depth; ++k) {
          const std::int64_t i = map_.input_of(g, k, p);
          if (i >= 0) sum += w[k] * x_[static_cast<std::size_t>(i)];
        }
        store(g, m, p, sum);
      }
    }
  }

  void group_vector(std::int64_t g) {
    sums_.resize(static_cast<std::size_t>(map_.channels));
    cblas_dgemv(CblasRowMajor, CblasNoTrans, static_cast<int>(map_.channels), static_cast<int>(map_.depth), 1.0, weights(g),
                static_cast<int>(map_.depth), x_.data() + map_.input_of(g, 0, 0), 1, 0.0, sums_.data(), 1);
    for (std::int64_t m = 0; m < map_.channels; ++m) store(g, m, 0, sums_[static_cast<std::size_t>(m)]);
  }

  void group_matrix(std::int64_t g) {
    columns_.resize(static_cast<std::size_t>(map_.depth * map_.positions));
    sums_.resize(static_cast<std::size_t>(map_.channels * map_.positions));
    const std::int64_t offset = g * map_.input_group_stride;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::int32_t from = map_.input_pattern[i];
      columns_[i] = from < 0 ? 0.0 : x_[static_cast<std::size_t>(from + offset)];
    }
    const int rows = static_cast<int>(map_.channels), depth = static_cast<int>(map_.depth), columns = static_cast<int>(map_.positions);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, depth, 1.0, weights(g), depth, columns_.data(), columns,
                0.0, sums_.data(), columns);
    for (std::int64_t m = 0; m < map_.channels; ++m) {
      for (std::int64_t p = 0; p < map_.positions; ++p) store(g, m, p, sums_[static_cast<std::size_t>(m * map_.positions + p)]);
    }
  }

  const LinearMap& map_;
  std::span<const double> weight_, bias_, x_;
  std::span<double> y_;
  std::vector<double> columns_, sums_;
};

}  // namespace

void multiply(const LinearMap& map, std::span<const double> weight, std::span<const double> bias, std::span<const double> x,
              std::span<double> y) {
  Product(map, weight, bias, x, y).run();
}

void multiply_transposed(std::int64_t rows, std::int64_t columns, std::int64_t depth, const double* a, const double* b, double* c) {
  const int k = static_cast<int>(depth), n = static_cast<int>(columns);
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(rows), n, k, 1.0, a, k, b, k, 0.0, c, n);
}

}  // namespace halfulp::sim
