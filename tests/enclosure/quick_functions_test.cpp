// The stated error of the plain double evaluation, observed far inside its bound.
#include "lib/enclosure/quick_functions.hpp"

#include <gtest/gtest.h>

#include "enclosure/mpfr_number.hpp"
#include "enclosure/random_values.hpp"

namespace halfulp {
namespace {

using test::MpfrNumber;

void reference(mpfr_ptr y, ElementaryFunction f, mpfr_srcptr x) {
  switch (f) {
    case ElementaryFunction::kTanh:
      mpfr_tanh(y, x, MPFR_RNDN);
      return;
    case ElementaryFunction::kExp:
      mpfr_exp(y, x, MPFR_RNDN);
      return;
    case ElementaryFunction::kLog:
      mpfr_log(y, x, MPFR_RNDN);
      return;
    case ElementaryFunction::kSqrt:
      mpfr_sqrt(y, x, MPFR_RNDN);
      return;
    default:
      break;
  }
  mpfr_neg(y, x, MPFR_RNDN);
  mpfr_exp(y, y, MPFR_RNDN);
  mpfr_add_ui(y, y, 1, MPFR_RNDN);
  mpfr_ui_div(y, 1, y, MPFR_RNDN);
}

TEST(QuickFunctions, RelativeErrorIsBounded) {
  test::RandomValues random(51);
  for (const auto f :
       {ElementaryFunction::kTanh, ElementaryFunction::kSigmoid, ElementaryFunction::kExp,
        ElementaryFunction::kLog, ElementaryFunction::kSqrt}) {
    double worst = 0;
    for (int i = 0; i < 60000; ++i) {
      double x = random.below(3) == 0 ? random.special() : random.moderate();
      if (random.below(4) == 0) x = 1 + random.moderate() * 0x1p-8;
      if (f == ElementaryFunction::kLog || f == ElementaryFunction::kSqrt) x = std::fabs(x);
      const auto value = detail::quick_value(f, x);
      if (!value) continue;
      MpfrNumber exact(200);
      MpfrNumber error(200);
      reference(exact, f, MpfrNumber(53, x));
      mpfr_d_sub(error, *value, exact, MPFR_RNDN);
      mpfr_div(error, error, exact, MPFR_RNDN);
      worst = std::max(worst, std::fabs(mpfr_get_d(error, MPFR_RNDN)));
    }
    EXPECT_LT(worst, detail::kQuickError / 8) << static_cast<int>(f);
    EXPECT_GT(worst, 0);
  }
}

}  // namespace
}  // namespace halfulp
