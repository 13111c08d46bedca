// Correctly rounded values of elementary functions in a number format: MPFR at rising precision
// until the enclosure rounds to one value (Ziv's strategy), exact cases decided exactly. These
// define the deployed value of element-wise functions. Infinite arguments give the limit of the
// function. Under `wrap`, values of 2^65536 and more give NaN.
#pragma once

#include <span>

#include "halfulp/formats/round.hpp"

namespace halfulp {

enum class ElementaryFunction { kTanh, kSigmoid, kExp, kLog, kSqrt, kSin, kCos, kAtan, kErf };

// round_to(format, f(x)); x exact. NaN for arguments outside the domain (log of 0 is -inf, as IEEE
// 754-2019 clause 9.2).
Expansion round_function(const Format& format, ElementaryFunction f, const Expansion& x,
                         std::uint32_t random = 0);
// round_to(format, x / y) of exact operands; x / 0 as IEEE 754.
Expansion round_division(const Format& format, const Expansion& x, const Expansion& y,
                         std::uint32_t random = 0);
// out[i] = round_to(format, exp(x[i]) / sum_j exp(x[j])), each correctly rounded. Sizes of x and
// out agree.
void round_softmax(const Format& format, std::span<const Expansion> x, std::span<Expansion> out);
// The same functions as real values rounded once to double (nearest even), for the float reference
// of tests.
double nearest_double(ElementaryFunction f, double x);

}  // namespace halfulp
