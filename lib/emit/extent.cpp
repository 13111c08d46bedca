#include "extent.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "codes.hpp"

namespace halfulp::emit_detail {
namespace {

int lowest_bit(double x) {
  int exponent = 0;
  const double scaled = std::ldexp(std::frexp(std::fabs(x), &exponent), 53);
  return exponent - 53 + std::countr_zero(static_cast<std::uint64_t>(scaled));
}

}  // namespace

Extent extent_of(const Format& format) {
  if (format.family == FormatFamily::kFixed) {
    const int magnitude_bits = format.width_bits - (format.is_signed ? 1 : 0);
    return {-format.fraction_bits, magnitude_bits - format.fraction_bits, format.is_signed};
  }
  return {format.emin - format.stored_significand_bits, format.emax + 1, format.is_signed};
}

Extent extent_of(std::span<const double> values) {
  Extent r{0, 0, false};
  bool first = true;
  for (const double x : values) {
    if (x == 0) continue;
    const int lsb = lowest_bit(x);
    const int top = std::ilogb(x) + 1;
    r = {first ? lsb : std::min(r.lsb, lsb), first ? top : std::max(r.top, top), r.is_signed || x < 0};
    first = false;
  }
  return r;
}

Extent product_of(const Extent& a, const Extent& b) {
  return {a.lsb + b.lsb, a.top + b.top, a.is_signed || b.is_signed};
}

Extent hull_of(const Extent& a, const Extent& b) {
  return {std::min(a.lsb, b.lsb), std::max(a.top, b.top), a.is_signed || b.is_signed};
}

Format exact_fixed(const Extent& extent) {
  // One bit more than 2^top needs: the bound itself may be a value.
  const int integer_bits = extent.top + 1 + (extent.is_signed ? 1 : 0);
  const int width = std::max(1, integer_bits - extent.lsb);
  if (width > kMaxCodeBits) {
    Format too_wide;
    too_wide.width_bits = width;
    too_wide.is_signed = extent.is_signed;
    too_wide.fraction_bits = -extent.lsb;
    return too_wide;
  }
  return extent.is_signed ? make_fixed(width, width + extent.lsb) : make_ufixed(width, width + extent.lsb);
}

bool holds(const Format& format, std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [&](double x) { return value_of(round_value(format, x)) == x; });
}

}  // namespace halfulp::emit_detail
