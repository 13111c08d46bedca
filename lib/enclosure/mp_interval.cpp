#include "halfulp/enclosure/mp_interval.hpp"

#include "halfulp/support/assert.hpp"
#include "mp_float.hpp"

namespace halfulp {

namespace detail {
int precision_bits = 128;
}

using detail::assign;
using detail::less;
using detail::negated;
using detail::Operand;
using detail::sign;

namespace {

MpFloat infinite(int sign_of_result) {
  MpFloat x;
  x.kind = sign_of_result * MPFR_INF_KIND;
  return x;
}

// x * y with 0 * inf = 0.
template <typename Y>
MpFloat product(const MpFloat& x, const Y& y, mpfr_rnd_t rounding) {
  MpFloat z;
  if (sign(x) != 0 && sign(y) != 0) assign(z, rounding, mpfr_mul, x, y);
  return z;
}

const MpFloat& smaller(const MpFloat& a, const MpFloat& b) { return less(b, a) ? b : a; }
const MpFloat& larger(const MpFloat& a, const MpFloat& b) { return less(a, b) ? b : a; }

void add_to(MpFloat& x, const MpFloat& y, mpfr_rnd_t rounding) {
  if (sign(y) != 0) assign(x, rounding, mpfr_add, x, y);
}

MpInterval make(const MpFloat& lo, const MpFloat& hi) {
  MpInterval r;
  r.lo = lo;
  r.hi = hi;
  return r;
}

bool has_zero(const MpInterval& a) { return sign(a.lo) <= 0 && sign(a.hi) >= 0; }

double directed_double(const MpFloat& x, mpfr_rnd_t rounding) {
  return mpfr_get_d(Operand(x), rounding);
}

}  // namespace

void set_working_precision(int bits) {
  HALFULP_ASSERT(bits >= 53 && bits <= kMaxWorkingPrecision);
  detail::precision_bits = bits;
}

int working_precision() { return detail::precision_bits; }

MpInterval::MpInterval() = default;

MpInterval::MpInterval(double point) : MpInterval(point, point) {}

MpInterval::MpInterval(double lower_bound, double upper_bound) {
  assign(lo, MPFR_RNDD, mpfr_set, lower_bound);
  assign(hi, MPFR_RNDU, mpfr_set, upper_bound);
}

MpInterval operator+(const MpInterval& a, const MpInterval& b) {
  MpInterval r;
  assign(r.lo, MPFR_RNDD, mpfr_add, a.lo, b.lo);
  assign(r.hi, MPFR_RNDU, mpfr_add, a.hi, b.hi);
  return r;
}

MpInterval operator-(const MpInterval& a, const MpInterval& b) {
  MpInterval r;
  assign(r.lo, MPFR_RNDD, mpfr_sub, a.lo, b.hi);
  assign(r.hi, MPFR_RNDU, mpfr_sub, a.hi, b.lo);
  return r;
}

MpInterval operator-(const MpInterval& a) { return make(negated(a.hi), negated(a.lo)); }

MpInterval operator*(const MpInterval& a, const MpInterval& b) {
  if (sign(a.lo) >= 0) {
    return make(product(sign(b.lo) >= 0 ? a.lo : a.hi, b.lo, MPFR_RNDD),
                product(sign(b.hi) >= 0 ? a.hi : a.lo, b.hi, MPFR_RNDU));
  }
  if (sign(a.hi) <= 0) {
    return make(product(sign(b.hi) >= 0 ? a.lo : a.hi, b.hi, MPFR_RNDD),
                product(sign(b.lo) >= 0 ? a.hi : a.lo, b.lo, MPFR_RNDU));
  }
  if (sign(b.lo) >= 0) return make(product(a.lo, b.hi, MPFR_RNDD), product(a.hi, b.hi, MPFR_RNDU));
  if (sign(b.hi) <= 0) return make(product(a.hi, b.lo, MPFR_RNDD), product(a.lo, b.lo, MPFR_RNDU));
  return make(smaller(product(a.lo, b.hi, MPFR_RNDD), product(a.hi, b.lo, MPFR_RNDD)),
              larger(product(a.lo, b.lo, MPFR_RNDU), product(a.hi, b.hi, MPFR_RNDU)));
}

MpInterval operator/(const MpInterval& a, const MpInterval& b) {
  if (has_zero(b)) return make(infinite(-1), infinite(1));
  if (sign(b.hi) < 0) return -a / -b;
  MpInterval r;
  assign(r.lo, MPFR_RNDD, mpfr_div, a.lo, sign(a.lo) >= 0 ? b.hi : b.lo);
  assign(r.hi, MPFR_RNDU, mpfr_div, a.hi, sign(a.hi) >= 0 ? b.lo : b.hi);
  return r;
}

MpInterval hull(const MpInterval& a, const MpInterval& b) {
  return make(smaller(a.lo, b.lo), larger(a.hi, b.hi));
}

MpInterval intersect(const MpInterval& a, const MpInterval& b) {
  const MpInterval both = make(larger(a.lo, b.lo), smaller(a.hi, b.hi));
  HALFULP_ASSERT(!less(both.hi, both.lo));
  return both;
}

MpInterval abs(const MpInterval& a) {
  if (sign(a.lo) >= 0) return a;
  if (sign(a.hi) <= 0) return -a;
  return make(MpFloat{}, larger(negated(a.lo), a.hi));
}

MpInterval max(const MpInterval& a, const MpInterval& b) {
  return make(larger(a.lo, b.lo), larger(a.hi, b.hi));
}

MpInterval min(const MpInterval& a, const MpInterval& b) {
  return make(smaller(a.lo, b.lo), smaller(a.hi, b.hi));
}

double lower(const MpInterval& a) { return directed_double(a.lo, MPFR_RNDD); }
double upper(const MpInterval& a) { return directed_double(a.hi, MPFR_RNDU); }
double magnitude(const MpInterval& a) { return upper(abs(a)); }
double mignitude(const MpInterval& a) { return lower(abs(a)); }

double width_up(const MpInterval& a) {
  MpFloat width;
  assign(width, MPFR_RNDU, mpfr_sub, a.hi, a.lo);
  return directed_double(width, MPFR_RNDU);
}

double midpoint(const MpInterval& a) { return midpoint(to_double(a)); }

bool contains(const MpInterval& a, double x) {
  return mpfr_cmp_d(Operand(a.lo), x) <= 0 && mpfr_cmp_d(Operand(a.hi), x) >= 0;
}

void add_product(MpInterval& acc, const MpInterval& a, const MpInterval& b) {
  const MpInterval p = a * b;
  add_to(acc.lo, p.lo, MPFR_RNDD);
  add_to(acc.hi, p.hi, MPFR_RNDU);
}

void add_product(MpInterval& acc, const MpInterval& a, double b) {
  if (b == 0) return;
  add_to(acc.lo, product(b > 0 ? a.lo : a.hi, b, MPFR_RNDD), MPFR_RNDD);
  add_to(acc.hi, product(b > 0 ? a.hi : a.lo, b, MPFR_RNDU), MPFR_RNDU);
}

}  // namespace halfulp
