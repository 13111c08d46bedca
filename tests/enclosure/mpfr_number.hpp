// An owned MPFR number for oracles.
#pragma once

#include <mpfr.h>

namespace halfulp::test {

class MpfrNumber {
 public:
  explicit MpfrNumber(mpfr_prec_t precision) { mpfr_init2(value_, precision); }
  MpfrNumber(mpfr_prec_t precision, double x) : MpfrNumber(precision) {
    mpfr_set_d(value_, x, MPFR_RNDN);
  }
  ~MpfrNumber() { mpfr_clear(value_); }
  MpfrNumber(const MpfrNumber&) = delete;
  MpfrNumber& operator=(const MpfrNumber&) = delete;
  operator mpfr_ptr() { return value_; }
  operator mpfr_srcptr() const { return value_; }

 private:
  mpfr_t value_;
};

}  // namespace halfulp::test
