// dw<FLOAT>: unevaluated sums hi + lo of two numbers of an IEEE-like float format, hi the sum
// rounded to nearest even (Dekker 1971; Joldes, Muller, Popescu 2017). A number is rounded as hi =
// RN(x), lo = the remainder rounded in the mode of the format, which is correct: the numbers with
// the same hi are hi plus the words up to half an ulp of hi. A code is hi's above lo's.
#include <algorithm>
#include <cmath>
#include <limits>

#include "binary64.hpp"
#include "families.hpp"
#include "grid.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"
#include "overflow.hpp"

namespace halfulp {

namespace {

Format word_of(const Format& format, RoundingMode mode) {
  Format word = *format.element;
  word.rounding = mode;
  word.stochastic_bits = format.stochastic_bits;
  word.overflow = OverflowMode::kError;
  return word;
}

struct Words {
  double high, low;  // not a number beyond the range
};

// The largest lo beside the largest hi: the word below half an ulp.
double last_low(const Format& format) {
  const Format word = word_of(format, RoundingMode::kDown);
  const int half_ulp = word.emax - word.stored_significand_bits - 1;
  if (half_ulp < finest_exponent(word)) return 0;
  return round_to(word, std::nextafter(power_of_two(half_ulp), 0.0));
}

// x - high, exactly; x = numerator / divisor.
LongAccumulator remainder(const ExactNumber& x, double high) {
  constexpr std::uint64_t kLowBits = 0xFFFFFFFF;
  LongAccumulator rest = x.numerator();
  rest.add_product(-high, static_cast<double>(x.divisor() & kLowBits));
  rest.add_product(-high, static_cast<double>(x.divisor() & ~kLowBits));
  return rest;
}

bool exceeds(const Format& format, const Words& words) {
  if (std::isnan(words.high)) return true;
  return std::fabs(words.high) == largest(*format.element) &&
         std::copysign(1.0, words.high) * words.low > last_low(format);
}

// The mode that rounds the remainder as `mode` rounds the number: its sign may be the other one.
RoundingMode mode_of_remainder(RoundingMode mode, bool negative, bool same_sign) {
  if (mode == RoundingMode::kTowardZero) return negative ? RoundingMode::kUp : RoundingMode::kDown;
  if (same_sign) return mode;
  if (mode == RoundingMode::kNearestAway) return RoundingMode::kNearestZero;
  if (mode == RoundingMode::kNearestZero) return RoundingMode::kNearestAway;
  return mode;
}

Words split(const Format& format, const ExactNumber& x, std::uint32_t random) {
  HALFULP_ASSERT(x.shift() == 0);
  const Format nearest = word_of(format, RoundingMode::kNearestEven);
  const double high = round_number_on_grid(nearest, x, 0).part[0];
  if (std::isnan(high)) return {high, 0};
  const LongAccumulator rest = remainder(x, high);
  if (rest.is_zero()) return {high, 0};
  const bool same_sign = (rest.sign() < 0) == x.negative();
  const Format last = word_of(format, mode_of_remainder(format.rounding, x.negative(), same_sign));
  return {high, round_number_on_grid(last, ExactNumber(rest, x.divisor()), random).part[0]};
}

Expansion beyond(const Format& format, const ExactNumber& x) {
  if (format.overflow == OverflowMode::kInfinity && !stays_finite(format.rounding, x.negative())) {
    return {{x.negative() ? -HUGE_VAL : HUGE_VAL}};
  }
  if (format.overflow == OverflowMode::kError) return {{std::numeric_limits<double>::quiet_NaN()}};
  const double sign = x.negative() ? -1.0 : 1.0;
  return {{sign * largest(*format.element), sign * last_low(format)}};
}

Expansion round_number(const Format& format, const ExactNumber& x, std::uint32_t random) {
  const Words words = split(format, x, random);
  if (exceeds(format, words)) return beyond(format, x);
  if (words.high == 0) return {{words.low}};
  return {{words.high, words.low}};
}

double sum(const Expansion& x) { return x.part[1] == 0 ? x.part[0] : x.part[0] + x.part[1]; }

// Of formats that fit a double, whose sums are exact.
double round_double(const Format& format, double x, std::uint32_t random) {
  if (x == 0) return x;
  if (std::isnan(x)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(x)) {
    if (format.overflow == OverflowMode::kInfinity) return x;
    return format.overflow == OverflowMode::kError ? std::numeric_limits<double>::quiet_NaN()
                                                   : std::copysign(largest(format), x);
  }
  LongAccumulator exact;
  exact.add(x);
  return sum(round_number(format, ExactNumber(exact), random));
}

bool overflows_words(const Format& format, const ExactNumber& x) {
  const std::uint32_t draw = x.negative() ? ~std::uint32_t{0} : 0;
  return exceeds(format, split(format, x, draw));
}

double decode_words(const Format& format, std::uint64_t code) {
  const Format& word = *format.element;
  const double high = decode(word, code >> word.width_bits);
  const double low = decode(word, code & ((std::uint64_t{1} << word.width_bits) - 1));
  return std::isfinite(high) && low != 0 ? high + low : high;
}

std::optional<std::uint64_t> encode_words(const Format& format, double x) {
  const Format word = word_of(format, RoundingMode::kNearestEven);
  double high = x;
  double low = 0;
  if (std::isfinite(x)) {
    high = round_to(word, x);
    if (std::isnan(high)) return std::nullopt;
    low = x - high;
  }
  const auto high_code = encode(word, high);
  const auto low_code = encode(word, low);
  if (!high_code || !low_code) return std::nullopt;
  return *high_code << word.width_bits | *low_code;
}

// Rounded down where the sum outgrows a double.
double largest_words(const Format& format) {
  const double high = largest(*format.element);
  const double low = last_low(format);
  const double total = high + low;
  return total - high > low ? std::nextafter(total, 0.0) : total;
}

double lowest_words(const Format& format) { return -largest_words(format); }
double smallest_words(const Format& format) { return smallest_positive(*format.element); }
double smallest_normal_words(const Format& format) { return smallest_normal(*format.element); }

double unit_roundoff_words(const Format& format) {
  const int precision = format.element->stored_significand_bits + 1;
  return power_of_two(-2 * precision - (is_nearest(format.rounding) ? 1 : 0));
}

double max_error_words(const Format& format, double magnitude) {
  const Format nearest = word_of(format, RoundingMode::kNearestEven);
  const double low = max_rounding_error(nearest, std::fmin(magnitude, largest_words(format)));
  const bool is_truncating = format.rounding == RoundingMode::kTowardZero;
  const RoundingMode mode = is_truncating ? RoundingMode::kDown : format.rounding;
  return max_rounding_error(word_of(format, mode), low);
}

bool words_fit_double(const Format& format) {
  const Format& word = *format.element;
  return word.emax - finest_exponent(word) < kDoublePrecision;
}

bool is_word(const Format& format) {
  const std::uint64_t last_field = (std::uint64_t{1} << format.exponent_bits) - 1;
  return format.family == FormatFamily::kFloat && format.has_subnormals && format.has_infinity &&
         format.has_negative_zero &&
         format.max_finite_code == (last_field << format.stored_significand_bits) - 1;
}

Result<Format> parse(const Spelling& text) {
  if (text.parameters.size() != 1) {
    return fail("E0202", "'" + text.text + "' must have one parameter, dw<FLOAT>");
  }
  auto word = parse_format(text.parameters[0]);
  if (!word) return word;
  const bool modified = text.parameters[0].find(':') != std::string::npos;
  if (modified || !is_word(*word)) {
    return fail("E0202", "the word of '" + text.text + "' must be an IEEE-like float format", "",
                {"such as fp16, bf16, fp32, fp64 and float<E,P>"});
  }
  Format format;
  format.name = "dw<" + word->name + ">";
  format.family = FormatFamily::kDoubleWord;
  format.width_bits = 2 * word->width_bits;
  format.nan_codes = {word->nan_codes.front() << (word->width_bits % 64)};
  format.element = std::make_shared<const Format>(*std::move(word));
  return format;
}

std::vector<FieldWidth> fields(const Format& format, std::uint64_t) {
  const Format& word = *format.element;
  return {{"high sign", 1},
          {"high exponent", word.exponent_bits},
          {"high significand", word.stored_significand_bits},
          {"low sign", 1},
          {"low exponent", word.exponent_bits},
          {"low significand", word.stored_significand_bits}};
}

std::string describe_words(const Format& format) {
  return "double-word, " + counted(format.width_bits, "bit") + ", two words " +
         format.element->name;
}

constexpr ElementRules kElements = {.round = round_double,
                                    .round_all = round_each,
                                    .round_number = round_number,
                                    .overflows = overflows_words,
                                    .decode = decode_words,
                                    .encode = encode_words,
                                    .largest = largest_words,
                                    .lowest = lowest_words,
                                    .smallest_positive = smallest_words,
                                    .smallest_normal = smallest_normal_words,
                                    .unit_roundoff = unit_roundoff_words,
                                    .max_rounding_error = max_error_words,
                                    .fits_double = words_fit_double};

}  // namespace

constexpr Family kDoubleWordFamily = {
    .id = FormatFamily::kDoubleWord,
    .values = "unevaluated sums of two numbers of an IEEE-like float format, normalised",
    .heads = {"dw", nullptr},
    .spelling = "dw<FLOAT>",
    .parameters = {"<FLOAT>", nullptr},
    .parse = parse,
    .elements = &kElements,
    .groups = nullptr,
    .ordered = nullptr,
    .modifiers = {.overflow = true},
    .fields = fields,
    .describe = describe_words};

}  // namespace halfulp
