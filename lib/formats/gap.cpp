#include "gap.hpp"

#include "kernel.hpp"

namespace halfulp {

Gap gap_of(const Format& format) {
  if (format.family == FormatFamily::kFixed || format.has_subnormals) return {};
  if (format.emin != -format.bias) return {.significand = 1, .exponent = format.emin};
  return {.significand = (std::uint64_t{1} << format.stored_significand_bits) + 1,
          .exponent = format.emin - format.stored_significand_bits};
}

double round_in_gap(const Format& format, double x, std::uint32_t random) {
  LongAccumulator sum;
  sum.add(x);
  return round_exact(format, sum, random).part[0];
}

}  // namespace halfulp
