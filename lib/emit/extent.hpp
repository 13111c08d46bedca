// Where the bits of a format's values lie: every value is a multiple of 2^lsb and at most 2^top in magnitude.
#pragma once

#include <span>

#include "halfulp/formats/format.hpp"

namespace halfulp::emit_detail {

inline constexpr int kMaxCodeBits = 64;  // of one stored value in the emitted code

struct Extent {
  int lsb = 0;
  int top = 0;
  bool is_signed = true;
};

Extent extent_of(const Format& format);
// Of finite doubles, exactly; all zero gives {0, 0, false}.
Extent extent_of(std::span<const double> values);
Extent product_of(const Extent& a, const Extent& b);
// Holds every value of both.
Extent hull_of(const Extent& a, const Extent& b);
// The narrowest fixed or ufixed format with every multiple of 2^lsb up to 2^top in magnitude;
// beyond kMaxCodeBits it is a nameless record that only says how wide it would be.
Format exact_fixed(const Extent& extent);
// Whether every one of the values is a value of the format.
bool holds(const Format& format, std::span<const double> values);

}  // namespace halfulp::emit_detail
