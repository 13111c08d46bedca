// Ziv's strategy: encloses a real number at rising precision until all of the enclosure rounds to
// one value.
#pragma once

#include <optional>

#include "halfulp/formats/round.hpp"
#include "number.hpp"

namespace halfulp::detail {

inline constexpr mpfr_prec_t kFirstPrecision = 80;

bool same_value(const Expansion& a, const Expansion& b);

// The rounding of the number in (lo, hi), or of lo = hi; nothing if the enclosure does not decide
// it. A number that is a rounding boundary must come as lo = hi.
std::optional<Expansion> round_enclosure(const Format& format, const Number& lo, const Number& hi,
                                         std::uint32_t random);

// enclose(precision, lo, hi) writes bounds with relative distance of about 2^-precision.
template <typename Enclose>
Expansion round_by_ziv(const Format& format, std::uint32_t random, mpfr_prec_t precision,
                       Enclose enclose) {
  for (;; precision *= 2) {
    Number lo(precision);
    Number hi(precision);
    enclose(lo, hi);
    if (const auto rounded = round_enclosure(format, lo, hi, random)) return *rounded;
  }
}

}  // namespace halfulp::detail
