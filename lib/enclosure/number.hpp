// An owned MPFR number of a given precision.
#pragma once

#include <mpfr.h>

#include "halfulp/formats/exact.hpp"

namespace halfulp::detail {

class Number {
 public:
  explicit Number(mpfr_prec_t precision) {
    mpfr_init2(number_, precision);
    mpfr_set_zero(number_, 1);
  }
  ~Number() { mpfr_clear(number_); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  operator mpfr_ptr() { return number_; }
  operator mpfr_srcptr() const { return number_; }

 private:
  mpfr_t number_;
};

// The exact value of a finite expansion, in the least precision (at least 53) that holds it.
class ExactNumber : public Number {
 public:
  explicit ExactNumber(const Expansion& x)
      : Number(x.part[1] == 0 && x.part[2] == 0 ? 53 : kWidestSum) {
    for (const double part : x.part) mpfr_add_d(*this, *this, part, MPFR_RNDN);
    const mpfr_prec_t needed = mpfr_min_prec(*this);
    if (mpfr_get_prec(*this) > 53) mpfr_prec_round(*this, needed > 53 ? needed : 53, MPFR_RNDN);
  }

 private:
  static constexpr mpfr_prec_t kWidestSum = 2200;  // 2^1024 down to 2^-1074, and carries
};

}  // namespace halfulp::detail
