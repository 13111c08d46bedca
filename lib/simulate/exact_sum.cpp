#include "exact_sum.hpp"

#include <algorithm>

namespace halfulp::sim {
namespace {

constexpr int kLeastExponent = -1074;

}  // namespace

void ExactSum::clear() {
  finite_.clear();
  special_ = 0;
}

void ExactSum::add(const Expansion& x) {
  if (!sim::is_finite(x)) {
    special_ += x.part[0];
  } else if (is_double(x)) {
    finite_.add(x.part[0]);
  } else {
    finite_.add(x);
  }
}

void ExactSum::add_product(double x, double y) {
  if (std::isfinite(x) && std::isfinite(y)) {
    if (x != 0 && y != 0) finite_.add_product(x, y);
  } else {
    special_ += x * y;
  }
}

void ExactSum::add_product(const Expansion& x, const Expansion& y) {
  if (!sim::is_finite(x) || !sim::is_finite(y)) {
    special_ += x.part[0] * y.part[0];
    return;
  }
  for (const double a : x.part) {
    for (const double b : y.part) {
      if (a != 0 && b != 0) finite_.add_product(a, b);
    }
  }
}

std::optional<Expansion> ExactSum::as_expansion() const {
  if (!is_finite()) return expansion_of(special_);
  LongAccumulator rest = finite_;
  Expansion result;
  for (double& part : result.part) {
    if (rest.is_zero()) break;
    const int exponent = rest.exponent();
    if (exponent > 1023 || exponent < kLeastExponent) return std::nullopt;
    const int lsb = std::max(exponent - 52, kLeastExponent);
    const double magnitude = std::ldexp(static_cast<double>(rest.truncate(lsb).magnitude), lsb);
    part = rest.sign() < 0 ? -magnitude : magnitude;
    rest.add(-part);
  }
  if (!rest.is_zero()) return std::nullopt;
  return result;
}

}  // namespace halfulp::sim
