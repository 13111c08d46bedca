#include "row_products.hpp"

namespace halfulp {
namespace {

constexpr int kParts = 8;

namespace rows_plain {
#include "row_products_kernel.inc"
}  // namespace rows_plain

#if defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2")
namespace rows_avx2 {
#include "row_products_kernel.inc"
}  // namespace rows_avx2
#pragma GCC pop_options
#endif

}  // namespace

// Eight sums side by side with either: the same bits.
void multiply_rows(const double* w, const double* radius, std::int64_t rows, std::int64_t n, const MidRadVector& x, double* mid, double* rad) {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx2");
  if (wide) return rows_avx2::all_rows(w, radius, rows, n, x, mid, rad);
#endif
  rows_plain::all_rows(w, radius, rows, n, x, mid, rad);
}

}  // namespace halfulp
