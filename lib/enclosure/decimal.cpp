#include <mpfr.h>

#include <cmath>

#include "halfulp/enclosure/interval.hpp"

namespace halfulp {
namespace {

std::size_t skip_digits(const std::string& text, std::size_t from) {
  while (from < text.size() && text[from] >= '0' && text[from] <= '9') ++from;
  return from;
}

bool is_one_of(const std::string& text, std::size_t at, char a, char b) {
  return at < text.size() && (text[at] == a || text[at] == b);
}

// [+-] digits [. digits] [(e|E) [+-] digits], with a digit before or after the point.
bool is_decimal(const std::string& text) {
  std::size_t at = is_one_of(text, 0, '+', '-') ? 1 : 0;
  const std::size_t integer_end = skip_digits(text, at);
  std::size_t digits = integer_end - at;
  at = integer_end;
  if (is_one_of(text, at, '.', '.')) {
    const std::size_t fraction_end = skip_digits(text, at + 1);
    digits += fraction_end - at - 1;
    at = fraction_end;
  }
  if (digits == 0) return false;
  if (is_one_of(text, at, 'e', 'E')) {
    ++at;
    if (is_one_of(text, at, '+', '-')) ++at;
    const std::size_t exponent_end = skip_digits(text, at);
    if (exponent_end == at) return false;
    at = exponent_end;
  }
  return at == text.size();
}

tl::unexpected<Diagnostic> no_decimal(const std::string& text) {
  return fail("E0105", "'" + text + "' is not a finite decimal number", {}, {"write it as in 0.1, -3 or 2.5e-3"});
}

double read_directed(const std::string& text, mpfr_rnd_t rounding) {
  MPFR_DECL_INIT(value, 53);
  mpfr_strtofr(value, text.c_str(), nullptr, 10, rounding);
  return mpfr_get_d(value, rounding);
}

}  // namespace

Result<Interval> enclose_decimal(const std::string& text) {
  if (!is_decimal(text)) return no_decimal(text);
  return Interval{read_directed(text, MPFR_RNDD), read_directed(text, MPFR_RNDU)};
}

Result<DecimalPoint> read_decimal(const std::string& text) {
  if (!is_decimal(text)) return no_decimal(text);
  DecimalPoint point{.nearest = read_directed(text, MPFR_RNDN), .rest = 0};
  if (!std::isfinite(point.nearest)) return no_decimal(text);
  constexpr mpfr_prec_t kBits = 128;
  MPFR_DECL_INIT(value, kBits);
  mpfr_strtofr(value, text.c_str(), nullptr, 10, MPFR_RNDD);
  mpfr_sub_d(value, value, point.nearest, MPFR_RNDD);
  point.rest.lo = mpfr_get_d(value, MPFR_RNDD);
  mpfr_strtofr(value, text.c_str(), nullptr, 10, MPFR_RNDU);
  mpfr_sub_d(value, value, point.nearest, MPFR_RNDU);
  point.rest.hi = mpfr_get_d(value, MPFR_RNDU);
  return point;
}

}  // namespace halfulp
