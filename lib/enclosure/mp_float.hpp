// MPFR's view of the inline numbers of MpInterval: an mpfr_t whose significand is the MpFloat's own
// limbs, by MPFR's custom interface, so that no operation allocates a result.
#pragma once

#include <mpfr.h>

#include <bit>
#include <cmath>

#include "halfulp/enclosure/mp_interval.hpp"

namespace halfulp::detail {

static_assert(sizeof(mp_limb_t) == sizeof(std::uint64_t) && GMP_NAIL_BITS == 0);

extern int precision_bits;

// A number to read.
class Operand {
 public:
  explicit Operand(const MpFloat& x) {
    auto* limbs = const_cast<std::uint64_t*>(x.limb);
    mpfr_custom_init_set(number_, x.kind, x.exponent, precision_bits, limbs);
  }
  // An exact double; its significand is the top limb.
  explicit Operand(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const int biased = static_cast<int>((bits >> 52) & 0x7ff);
    const int sign = bits >> 63 ? -1 : 1;
    if (biased == 0 || biased == 0x7ff) {
      mpfr_custom_init_set(number_, MPFR_ZERO_KIND, 0, precision_bits, limb_);
      mpfr_set_d(number_, x, MPFR_RNDN);
      return;
    }
    limb_[(precision_bits - 1) / 64] = (bits << 11) | (std::uint64_t{1} << 63);
    mpfr_custom_init_set(number_, sign * MPFR_REGULAR_KIND, biased - 1022, precision_bits, limb_);
  }
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;
  operator mpfr_srcptr() const { return number_; }

 private:
  std::uint64_t limb_[kMaxWorkingPrecision / 64] = {};
  mpfr_t number_;
};

// A number to write: starts as the value of x and stores back when it goes.
class Target {
 public:
  explicit Target(MpFloat& x) : x_(x) {
    mpfr_custom_init_set(number_, x.kind, x.exponent, precision_bits, x.limb);
  }
  ~Target() {
    x_.kind = mpfr_custom_get_kind(number_);
    x_.exponent = x_.kind == MPFR_REGULAR_KIND || x_.kind == -MPFR_REGULAR_KIND
                      ? mpfr_custom_get_exp(number_)
                      : 0;
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  operator mpfr_ptr() { return number_; }

 private:
  MpFloat& x_;
  mpfr_t number_;
};

inline int sign(const MpFloat& x) {
  if (x.kind == MPFR_ZERO_KIND || x.kind == -MPFR_ZERO_KIND) return 0;
  return x.kind > 0 ? 1 : -1;
}
inline int sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

inline bool less(const MpFloat& a, const MpFloat& b) {
  return mpfr_less_p(Operand(a), Operand(b)) != 0;
}

inline MpFloat negated(MpFloat x) {
  x.kind = -x.kind;
  return x;
}

// Operations without a value (inf - inf, inf / inf) become the unbounded endpoint of the rounding
// direction.
inline void bound_nan(MpFloat& x, mpfr_rnd_t rounding) {
  if (x.kind == MPFR_NAN_KIND) x.kind = rounding == MPFR_RNDU ? MPFR_INF_KIND : -MPFR_INF_KIND;
}

// x = f(a, ...) rounded.
template <typename Function, typename... Args>
void assign(MpFloat& x, mpfr_rnd_t rounding, Function f, const Args&... args) {
  {
    Target target(x);
    f(target, Operand(args)..., rounding);
  }
  bound_nan(x, rounding);
}

}  // namespace halfulp::detail
