// A floating-point sum v = s + p of an accumulator s with p_F bits and a term p with t bits, rounded to the b bits of T and then to
// p_F bits, is v rounded once if
//  - the first rounding is exact, or
//  - t <= p_F and b >= 2 p_F + 2 (Figueroa 1995), or
//  - p_F + t + 2 < b, and magnitudes stay below 2^(f + b - 2), where 2^f divides every value of the format.
// The last: the roundings can differ only if v is not, but rounds to, a point M midway between two neighbours of the format. M is
// none of its values, so D = M - s is not zero, and |p - D| <= 2^-b |M|, so p and D differ by a multiple of the lesser of their last
// places. That of p is at least 2^-t |p|. Where |s| >= |M|/2, the last place of s, and so that of D, is at least 2^-(p_F + 1) |M|;
// |D| is no less, and the least difference of p and D exceeds 2^-(p_F + t + 2) |M|. Where |s| < |M|/2, |p| is about |M|/2 or more, and
// the last place of D is at least that or 2^(f - 1) > 2^-b |M|. Both contradict.
#include "tile_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace halfulp::sim {
namespace {

using kernels::TileRounding;
using kernels::TileStep;

template <typename T>
constexpr int kBits = std::numeric_limits<T>::digits;
template <typename T>
constexpr int kLeastNormal = std::numeric_limits<T>::min_exponent - 1;
template <typename T>
constexpr int kReach = std::numeric_limits<T>::max_exponent - kBits<T> - 4;  // magnitudes below 2 to this leave room for M
template <typename T>
constexpr int kLeastPlace = kLeastNormal<T> - kBits<T> + 1;

template <typename T>
bool is_gradual_float(const Format& format) {
  return format.family == FormatFamily::kFloat && format.rounding == RoundingMode::kNearestEven && format.has_subnormals &&
         !format.flush_subnormals && format.emin >= kLeastNormal<T> && format.emin - format.stored_significand_bits >= kLeastPlace<T>;
}

// The accumulator, its carrier M and a unit more fit T.
template <typename T>
bool is_saturating_fixed(const Format& format) {
  return format.family == FormatFamily::kFixed && format.rounding == RoundingMode::kNearestEven && format.width_bits <= kBits<T> - 3 &&
         std::abs(format.fraction_bits) <= 90 &&
         (format.overflow == OverflowMode::kSaturate || format.overflow == OverflowMode::kSaturateSymmetric);
}

int precision(const Format& format) { return format.stored_significand_bits + 1; }
int finest(const Format& format) {
  return format.family == FormatFamily::kFixed ? -format.fraction_bits : format.emin - format.stored_significand_bits;
}

template <typename T>
TileStep<T> step_of(const Format& format) {
  constexpr int stored = kBits<T> - 1;
  if (format.family == FormatFamily::kFixed) {
    return {.rounding = TileRounding::kFixed,
            .magic = static_cast<T>(std::ldexp(1.5, stored - format.fraction_bits)),
            .low = static_cast<T>(lowest(format)),
            .high = static_cast<T>(largest(format))};
  }
  return {.rounding = TileRounding::kFloat,
          .factor = static_cast<T>(std::ldexp(1.5, stored - format.stored_significand_bits)),
          .floor = static_cast<T>(std::ldexp(1.0, format.emin))};
}

struct Term {
  int bits, lsb;
};

// Magnitudes below which one rounding of the sum is what two are; 0: none.
template <typename T>
double bound_of_one_rounding(const Format& sum, const Term& term) {
  const double reach = std::ldexp(1.0, kReach<T>);
  if (term.bits <= precision(sum) && 2 * precision(sum) + 2 <= kBits<T> && term.lsb >= finest(sum)) return reach;
  double bound = std::ldexp(1.0, std::min(term.lsb, finest(sum)) + kBits<T> - 1);
  if (precision(sum) + term.bits + 2 < kBits<T>) bound = std::max(bound, std::ldexp(1.0, finest(sum) + kBits<T> - 2));
  return std::min(reach, bound);
}

template <typename T>
bool holds(const Operand& x) {
  if constexpr (sizeof(T) == 4) return x.is_single;
  return true;
}

}  // namespace

template <typename T>
std::optional<TileSteps<T>> tile_steps(const GemmOptions& options, const Operand& a, const Operand& b) {
  if (!options.accumulator || options.compensated || options.order.kind == SummationOrder::Kind::kTree) return std::nullopt;
  if (!holds<T>(a) || !holds<T>(b)) return std::nullopt;
  const Format& sum = *options.accumulator;
  const bool all_zero = a.lsb == INT_MAX || b.lsb == INT_MAX;
  Term term{a.bits + b.bits, all_zero ? 0 : a.lsb + b.lsb};
  TileSteps<T> steps{.product = {}, .sum = step_of<T>(sum), .bound = std::ldexp(1.0, kReach<T>)};
  const bool product_is_exact = term.bits <= kBits<T> && term.lsb >= kLeastPlace<T>;
  if (options.product) {
    const Format& product = *options.product;
    const bool rounds_exact = product_is_exact && precision(product) <= kBits<T> - 2;
    if (!(is_saturating_fixed<T>(product) || (is_gradual_float<T>(product) && rounds_exact))) return std::nullopt;
    steps.product = step_of<T>(product);
    term = {product.family == FormatFamily::kFixed ? product.width_bits : precision(product), finest(product)};
  }
  if (is_saturating_fixed<T>(sum)) return steps;
  if (!is_gradual_float<T>(sum) || precision(sum) > kBits<T> - 3 || term.lsb < kLeastPlace<T>) return std::nullopt;
  steps.bound = bound_of_one_rounding<T>(sum, term);
  if (options.order.kind == SummationOrder::Kind::kBlocked) {
    steps.bound = std::min(steps.bound, bound_of_one_rounding<T>(sum, {precision(sum), finest(sum)}));
  }
  if (term.lsb >= finest(sum)) steps.sum.rounding = TileRounding::kNormalFloat;
  return steps;
}

template std::optional<TileSteps<float>> tile_steps<float>(const GemmOptions&, const Operand&, const Operand&);
template std::optional<TileSteps<double>> tile_steps<double>(const GemmOptions&, const Operand&, const Operand&);

}  // namespace halfulp::sim
