// softmax_i = e_i / sum_j e_j with e_j = exp(x_j - max x), all enclosed at one precision; outputs
// that this does not decide are tried again at twice the precision. By the Lindemann-Weierstrass
// theorem a softmax of rational arguments is irrational unless all arguments are equal, so the loop
// ends.
#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <vector>

#include "halfulp/enclosure/correct_rounding.hpp"
#include "halfulp/support/assert.hpp"
#include "special_values.hpp"
#include "ziv.hpp"

namespace halfulp {
namespace {

using detail::ExactNumber;
using detail::Number;

struct Bounds {
  Number lo, hi;
  explicit Bounds(mpfr_prec_t precision) : lo(precision), hi(precision) {}
};

class Softmax {
 public:
  Softmax(const std::deque<ExactNumber>& x, const ExactNumber& largest, mpfr_prec_t precision)
      : precision_(precision), sum_(precision) {
    for (const ExactNumber& element : x) add_exponential(element, largest);
  }

  std::optional<Expansion> round(const Format& format, std::size_t i) const {
    Bounds quotient(precision_);
    mpfr_div(quotient.lo, exponential_[i].lo, sum_.hi, MPFR_RNDD);
    mpfr_div(quotient.hi, exponential_[i].hi, sum_.lo, MPFR_RNDU);
    return detail::round_enclosure(format, quotient.lo, quotient.hi, 0);
  }

 private:
  void add_exponential(const ExactNumber& element, const ExactNumber& largest) {
    Bounds& e = exponential_.emplace_back(precision_);
    mpfr_sub(e.lo, element, largest, MPFR_RNDD);
    mpfr_sub(e.hi, element, largest, MPFR_RNDU);
    mpfr_exp(e.lo, e.lo, MPFR_RNDD);
    mpfr_exp(e.hi, e.hi, MPFR_RNDU);
    mpfr_add(sum_.lo, sum_.lo, e.lo, MPFR_RNDD);
    mpfr_add(sum_.hi, sum_.hi, e.hi, MPFR_RNDU);
  }

  mpfr_prec_t precision_;
  Bounds sum_;
  std::deque<Bounds> exponential_;
};

void round_uniform(const Format& format, std::span<Expansion> out) {
  LongAccumulator one;
  one.clear();
  one.add(1.0);
  std::fill(out.begin(), out.end(), round_quotient(format, one, out.size()));
}

void round_distinct(const Format& format, const std::deque<ExactNumber>& x,
                    const ExactNumber& largest, std::span<Expansion> out) {
  std::vector<std::size_t> undecided(x.size());
  std::iota(undecided.begin(), undecided.end(), std::size_t{0});
  for (mpfr_prec_t precision = detail::kFirstPrecision; !undecided.empty(); precision *= 2) {
    const Softmax softmax(x, largest, precision);
    std::erase_if(undecided, [&](std::size_t i) {
      const auto rounded = softmax.round(format, i);
      if (rounded) out[i] = *rounded;
      return rounded.has_value();
    });
  }
}

}  // namespace

void round_softmax(const Format& format, std::span<const Expansion> x, std::span<Expansion> out) {
  HALFULP_ASSERT(x.size() == out.size());
  if (x.empty()) return;
  if (!std::all_of(x.begin(), x.end(),
                   [](const Expansion& e) { return std::isfinite(e.part[0]); })) {
    std::fill(out.begin(), out.end(), detail::not_a_number());
    return;
  }
  std::deque<ExactNumber> arguments;
  for (const Expansion& element : x) arguments.emplace_back(element);
  const auto [smallest, largest] =
      std::minmax_element(arguments.begin(), arguments.end(),
                          [](mpfr_srcptr a, mpfr_srcptr b) { return mpfr_less_p(a, b) != 0; });
  if (mpfr_equal_p(*smallest, *largest)) {
    round_uniform(format, out);
  } else {
    round_distinct(format, arguments, *largest, out);
  }
}

}  // namespace halfulp
