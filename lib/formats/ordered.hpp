// Families whose magnitudes are an increasing sequence v(0) = 0 < v(1) < .. < v(last), with -v(i)
// for every v(i) where there is a sign. Rounding is the same for all of them once a number has been
// located between two neighbours.
#pragma once

#include <cstdint>

#include "family.hpp"

namespace halfulp {

// |x| = (significand + tail) * 2^(exponent - 127), 2^127 <= significand, 0 <= tail < 1, and tail is
// zero unless `sticky`.
struct Leading {
  unsigned __int128 significand;
  int exponent;
  bool sticky;
};

Leading leading_of(double magnitude);  // positive, finite
// Sign of a - b.
int compare(const Leading& a, const Leading& b);

// |x| lies at v(place), or above it and below v(place + 1). The rounding boundary of the two is
// where `half` begins; `half` without `sticky` is the boundary itself.
struct Position {
  std::uint64_t place;
  bool half;
  bool sticky;
};

struct SignedPlace {
  bool negative;
  std::uint64_t place;
};

struct OrderedRules {
  Position (*locate)(const Format&, const Leading&);
  double (*value)(const Format&, std::uint64_t place);     // to last + 1 where the sequence goes on
  double (*boundary)(const Format&, std::uint64_t place);  // between place and place + 1
  std::uint64_t (*last)(const Format&);
  SignedPlace (*place_of_code)(const Format&, std::uint64_t code);  // no NaN and no infinity
  std::uint64_t (*code_of_place)(const Format&, SignedPlace);
  bool goes_on;     // overflow is decided after rounding to v(last + 1); else all above v(last) is
  bool never_zero;  // a nearest mode takes v(1) instead of zero
  bool is_dyadic;   // boundary(), and the differences of neighbours and boundaries, are exact
};

// Codes in two's complement, as posit and takum have them: the code of -v is the complement of that of v.
SignedPlace place_of_complement(const Format& format, std::uint64_t code);
std::uint64_t complement_of_place(const Format& format, SignedPlace at);

extern const ElementRules kOrderedElements;

}  // namespace halfulp
