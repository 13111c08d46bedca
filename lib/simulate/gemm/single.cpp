#include <cblas.h>

#include "halfulp/simulate/gemm.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {

void single_product(const GemmShape& shape, std::span<const float> a, std::span<const float> b, std::span<float> c) {
  HALFULP_ASSERT(a.size() == shape.rows * shape.depth && b.size() == shape.depth * shape.columns && c.size() == shape.rows * shape.columns);
  const int rows = static_cast<int>(shape.rows), columns = static_cast<int>(shape.columns), depth = static_cast<int>(shape.depth);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, depth, 1.0f, a.data(), depth, b.data(), columns, 0.0f, c.data(), columns);
}

}  // namespace halfulp
