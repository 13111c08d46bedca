#include "value_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "halfulp/support/assert.hpp"

namespace halfulp::test {
namespace {

std::string bits_of(std::uint64_t code, int width) {
  std::string text;
  for (int i = width - 1; i >= 0; --i) text += (code >> i & 1) != 0 ? '1' : '0';
  return text;
}

// Takes `count` characters off the front, zeros beyond the end.
unsigned take(std::string& text, int count) {
  unsigned value = 0;
  for (int i = 0; i < count; ++i) {
    value = 2 * value + (!text.empty() && text.front() == '1' ? 1 : 0);
    if (!text.empty()) text.erase(0, 1);
  }
  return value;
}

double fraction_of(const std::string& text) {
  double value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '1') value += std::ldexp(1.0, -static_cast<int>(i) - 1);
  }
  return value;
}

// Posit Standard 2022, section 3: p = ((1 - 3s) + f) 2^((1 - 2s)(2^es r + e + s)), on the bits as
// they are.
double decode_posit(std::string text, int es) {
  const int s = static_cast<int>(take(text, 1));
  if (text.find('1') == std::string::npos) return s == 0 ? 0 : NAN;
  const char first = text.front();
  const auto run = static_cast<int>(std::min(text.find(first == '1' ? '0' : '1'), text.size()));
  const int r = first == '0' ? -run : run - 1;
  take(text, run + 1);
  const int e = static_cast<int>(take(text, es));
  const double f = fraction_of(text);
  return std::ldexp((1 - 3 * s) + f, (1 - 2 * s) * ((1 << es) * r + e + s));
}

// Hunhold 2024, definition 2 (linear): ((1 - 3S) + f) 2^e, e = (-1)^S (c + S).
double decode_takum(std::string text) {
  const int s = static_cast<int>(take(text, 1));
  if (text.find('1') == std::string::npos) return s == 0 ? 0 : NAN;
  const unsigned d = take(text, 1);
  const unsigned regime = take(text, 3);
  const int r = static_cast<int>(d == 0 ? 7 - regime : regime);
  const int characteristic = static_cast<int>(take(text, r));
  const int c = d == 0 ? -(2 << r) + 1 + characteristic : (1 << r) - 1 + characteristic;
  return std::ldexp((1 - 3 * s) + fraction_of(text), (s == 0 ? 1 : -1) * (c + s));
}

// 2^(k / 2^bits) with 200 bits.
Mp logarithmic(long k, int bits) {
  mpfr_t exponent;
  mpfr_init2(exponent, 200);
  mpfr_set_si_2exp(exponent, k, -bits, MPFR_RNDN);
  mpfr_exp2(exponent, exponent, MPFR_RNDN);
  Mp result;
  mpfr_set(result.get(), exponent, MPFR_RNDN);
  mpfr_clear(exponent);
  return result;
}

// One format: values[0] = 0, then the positive ones ascending; boundaries[i] between i and i + 1.
// Where the sequence goes on beyond the largest value the next one is there too.
struct Table {
  std::vector<double> values;
  std::vector<Mp> boundaries;
  std::vector<std::uint64_t> codes;
  std::size_t last = 0;
  bool goes_on = false;
};

Table posit_table(const Format& format) {
  Table table;
  const bool is_posit = format.family == FormatFamily::kPosit;
  const auto decode_bits = [&](std::uint64_t code, int width) {
    const std::string text = bits_of(code, width);
    return is_posit ? decode_posit(text, format.exponent_bits) : decode_takum(text);
  };
  for (std::uint64_t code = 0; code >> (format.width_bits - 1) == 0; ++code) {
    table.values.push_back(decode_bits(code, format.width_bits));
    table.boundaries.emplace_back(decode_bits(2 * code + 1, format.width_bits + 1));
    table.codes.push_back(code);
  }
  table.boundaries[0] = 0.0;  // no non-zero number is rounded to zero
  table.last = table.values.size() - 1;
  return table;
}

Table lns_table(const Format& format) {
  Table table;
  table.goes_on = true;
  const long least = -(1L << (format.width_bits - 2));
  const int bits = format.fraction_bits;
  for (long k = least; k <= -least; ++k) {
    const bool is_zero = k == least;
    table.values.push_back(is_zero ? 0.0 : logarithmic(k, bits).to_double());
    table.boundaries.push_back(is_zero ? Mp(logarithmic(k + 1, bits).to_double() / 2)
                                       : logarithmic(2 * k + 1, bits + 1));
    table.codes.push_back(static_cast<std::uint64_t>(k) & ((1ull << (format.width_bits - 1)) - 1));
  }
  table.last = table.values.size() - 2;
  return table;
}

Table power_table(const Format& format) {
  Table table;
  table.goes_on = true;
  table.values = {0.0};
  table.codes = {0};
  for (int e = format.emin; e <= format.emax + 1; ++e) {
    table.values.push_back(std::ldexp(1.0, e));
    table.codes.push_back(static_cast<std::uint64_t>(e + format.bias));
  }
  for (std::size_t i = 0; i + 1 < table.values.size(); ++i) {
    table.boundaries.emplace_back((table.values[i] + table.values[i + 1]) / 2);
  }
  table.boundaries.emplace_back(HUGE_VAL);
  if (!format.has_zero) table.boundaries[0] = 0.0;
  table.last = table.values.size() - 2;
  return table;
}

const Table& table_of(const Format& format) {
  static std::map<std::string, Table> tables;
  const std::string base = format.name.substr(0, format.name.find(':'));
  auto [place, is_new] = tables.try_emplace(base);
  if (is_new) {
    HALFULP_ASSERT(format.width_bits <= 16);
    place->second = format.family == FormatFamily::kLns     ? lns_table(format)
                    : format.family == FormatFamily::kPower ? power_table(format)
                                                            : posit_table(format);
  }
  return place->second;
}

Mp special(double x) { return Mp(x); }

Mp beyond(const Format& format, bool negative) {
  const Table& table = table_of(format);
  const double largest = table.values[table.last];
  const double limit = !negative          ? largest
                       : format.is_signed ? -largest
                       : format.has_zero  ? 0.0
                                          : table.values[1];
  const bool below_all = negative && !format.is_signed;
  switch (format.overflow) {
    case OverflowMode::kSaturate:
    case OverflowMode::kSaturateSymmetric:
      return special(limit);
    case OverflowMode::kInfinity: {
      const RoundingMode mode = format.rounding;
      const bool inward = mode == RoundingMode::kTowardZero || mode == RoundingMode::kOdd ||
                          mode == (negative ? RoundingMode::kUp : RoundingMode::kDown);
      if (below_all) return special(NAN);
      if (inward) return special(limit);
      return special(!format.has_infinity ? NAN : negative ? -HUGE_VAL : HUGE_VAL);
    }
    default:
      return special(NAN);
  }
}

bool stochastic_up(const Format& format, const Mp& x, const Mp& lower, const Mp& upper,
                   std::uint32_t random) {
  // floor of (x - lower) 2^k / (upper - lower), in integers of the finest bit.
  mpz_t distance, gap;
  mpz_inits(distance, gap, nullptr);
  const Mp a = scaled(x - lower, 2200);
  const Mp b = scaled(upper - lower, 2200);
  HALFULP_ASSERT(mpfr_get_z(distance, a.get(), MPFR_RNDN) == 0);
  HALFULP_ASSERT(mpfr_get_z(gap, b.get(), MPFR_RNDN) == 0);
  mpz_mul_2exp(distance, distance, format.stochastic_bits);
  mpz_fdiv_q(distance, distance, gap);
  const std::uint64_t draw = random % (1ull << format.stochastic_bits);
  const bool up = mpz_cmp_ui(distance, draw) > 0;
  mpz_clears(distance, gap, nullptr);
  return up;
}

// Whether a magnitude strictly between the values i and i + 1 goes to i + 1.
bool goes_away(const Format& format, const Table& table, std::size_t i, const Mp& magnitude,
               bool negative, std::uint32_t random) {
  const bool odd = (table.codes[i] & 1) != 0;
  if (i == 0 && !format.has_zero) return true;
  const int side = mpfr_cmp(magnitude.get(), table.boundaries[i].get());
  switch (format.rounding) {
    case RoundingMode::kUp:
      return !negative;
    case RoundingMode::kDown:
      return negative;
    case RoundingMode::kTowardZero:
      return false;
    case RoundingMode::kOdd:
      return !odd;
    case RoundingMode::kStochastic: {
      const Mp zero, lower = Mp(table.values[i]), upper = Mp(table.values[i + 1]);
      if (!negative) return stochastic_up(format, magnitude, lower, upper, random);
      return !stochastic_up(format, zero - magnitude, zero - upper, zero - lower, random);
    }
    case RoundingMode::kNearestAway:
      return side >= 0;
    case RoundingMode::kNearestZero:
      return side > 0;
    default:
      return side > 0 || (side == 0 && odd);
  }
}

}  // namespace

bool is_tabled(const Format& format) {
  return format.family == FormatFamily::kPosit || format.family == FormatFamily::kTakum ||
         format.family == FormatFamily::kLns || format.family == FormatFamily::kPower;
}

Mp table_decode(const Format& format, std::uint64_t code) {
  const std::string text = bits_of(code, format.width_bits);
  if (format.family == FormatFamily::kPosit) return Mp(decode_posit(text, format.exponent_bits));
  if (format.family == FormatFamily::kTakum) return Mp(decode_takum(text));
  const bool negative = format.is_signed && text[0] == '1';
  const double sign = negative ? -1 : 1;
  const std::uint64_t rest = format.is_signed ? code % (1ull << (format.width_bits - 1)) : code;
  if (format.family == FormatFamily::kPower) {
    if (!format.is_signed)
      return Mp(rest == 0xFF ? NAN : std::ldexp(1.0, static_cast<int>(rest) - 127));
    if (rest == 0) return Mp(negative ? NAN : 0.0);
    if (rest == 0x7F) return Mp(sign * HUGE_VAL);
    return Mp(sign * std::ldexp(1.0, static_cast<int>(rest) - 64));
  }
  const long half = 1L << (format.width_bits - 2);
  const long k = static_cast<long>(rest) >= half ? static_cast<long>(rest) - 2 * half
                                                 : static_cast<long>(rest);
  if (k == -half) return Mp(negative ? NAN : 0.0);
  return Mp(sign * logarithmic(k, format.fraction_bits).to_double());
}

std::vector<double> table_boundaries(const Format& format) {
  std::vector<double> result;
  for (const Mp& boundary : table_of(format).boundaries) result.push_back(boundary.to_double());
  return result;
}

Mp table_round(const Format& format, const Mp& x, std::uint32_t random) {
  const Table& table = table_of(format);
  const bool negative = mpfr_sgn(x.get()) < 0;
  if (!format.is_signed && mpfr_sgn(x.get()) < (format.has_zero ? 0 : 1))
    return beyond(format, true);
  if (mpfr_zero_p(x.get())) return Mp(0.0);
  Mp magnitude = x;
  mpfr_abs(magnitude.get(), magnitude.get(), MPFR_RNDN);
  const auto above =
      std::upper_bound(table.values.begin(), table.values.end(), magnitude,
                       [](const Mp& a, double b) { return mpfr_cmp_d(a.get(), b) < 0; });
  auto place = static_cast<std::size_t>(above - table.values.begin()) - 1;
  const bool exact = mpfr_cmp_d(magnitude.get(), table.values[place]) == 0;
  if (!exact && place == table.last && !table.goes_on) return beyond(format, negative);
  if (!exact && place <= table.last && goes_away(format, table, place, magnitude, negative, random))
    ++place;
  if (place > table.last) return beyond(format, negative);
  return Mp(negative && place > 0 ? -table.values[place] : table.values[place]);
}

}  // namespace halfulp::test
