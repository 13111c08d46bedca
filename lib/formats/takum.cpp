// takum<N>, linear (Hunhold, "Beating Posits at Their Own Game", 2024): sign S, direction D, three
// regime bits R, r characteristic bits C, fraction M. With r = R for D = 1 and 7 - R for D = 0, a
// positive number is (1 + M) 2^c, c = 2^r - 1 + C for D = 1 and c = -2^(r+1) + 1 + C for D = 0.
// Bits beyond N are zero. A place is the code of the positive number; negative ones are two's
// complements.
#include <algorithm>
#include <bit>
#include <cmath>

#include "binary64.hpp"
#include "ordered.hpp"

namespace halfulp {

namespace {

constexpr int kMinWidth = 8;
constexpr int kMaxWidth = 56;  // 52 stored significand bits at most, and one for a boundary
constexpr int kLowestExponent = -255;
constexpr int kHighestExponent = 254;

std::uint64_t last_place(const Format& format) {
  return (std::uint64_t{1} << (format.width_bits - 1)) - 1;
}

double value_of(int bits, std::uint64_t body) {
  const std::uint64_t aligned = body << (64 - bits);
  const bool direction = aligned >> 63 != 0;
  const auto regime = static_cast<int>(aligned >> 60 & 7);
  const int r = direction ? regime : 7 - regime;
  const std::uint64_t tail = aligned << 4;
  const int characteristic = r == 0 ? 0 : static_cast<int>(tail >> (64 - r));
  const int exponent = direction ? (1 << r) - 1 + characteristic : 1 - (2 << r) + characteristic;
  const std::uint64_t fraction = tail << r >> 12;  // at most N - 5 <= 52 bits
  return std::ldexp(1.0 + static_cast<double>(fraction) * 0x1p-52, exponent);
}

double value(const Format& format, std::uint64_t place) {
  return value_of(format.width_bits - 1, place);
}

// The takum with one more bit between two neighbours.
double boundary(const Format& format, std::uint64_t place) {
  return value_of(format.width_bits, 2 * place + 1);
}

// The bit string of |x| with 63 fraction bits, cut after N-1 bits.
Position locate(const Format& format, const Leading& x) {
  const int c = x.exponent;
  if (c < kLowestExponent) return {.place = 0, .half = false, .sticky = true};
  if (c > kHighestExponent) return {.place = last_place(format), .half = false, .sticky = true};
  const bool direction = c >= 0;
  const int r = std::bit_width(static_cast<unsigned>(direction ? c + 1 : -c)) - 1;
  const int characteristic = direction ? c + 1 - (1 << r) : c + (2 << r) - 1;
  const std::uint64_t head = direction ? 8 + r : 7 - r;
  const auto fraction = static_cast<std::uint64_t>(x.significand >> 64) << 1 >> 1;
  const bool tail = x.sticky || static_cast<std::uint64_t>(x.significand) != 0;
  const auto text =
      (static_cast<unsigned __int128>(head << r | static_cast<unsigned>(characteristic)) << 63) |
      fraction;
  const int drop = 4 + r + 63 - (format.width_bits - 1);
  const unsigned __int128 half = static_cast<unsigned __int128>(1) << (drop - 1);
  const auto place = static_cast<std::uint64_t>(text >> drop);
  // 2^-255 itself has the code of zero.
  return {.place = place,
          .half = (text & half) != 0,
          .sticky = (text & (half - 1)) != 0 || tail || place == 0};
}

Result<Format> parse(const Spelling& text) {
  const auto numbers = integer_parameters(text, kTakumFamily, 1);
  if (!numbers) return fail(numbers.error());
  const int width = (*numbers)[0];
  if (width < kMinWidth || width > kMaxWidth) {
    return fail("E0202", "'" + text.text + "' must have 8..56 bits");
  }
  Format format;
  format.name = "takum<" + std::to_string(width) + ">";
  format.family = FormatFamily::kTakum;
  format.width_bits = width;
  format.has_subnormals = false;
  format.has_infinity = false;
  format.has_negative_zero = false;
  format.nan_codes = {std::uint64_t{1} << (width - 1)};
  return format;
}

std::vector<FieldWidth> fields(const Format& format, std::uint64_t code) {
  const std::uint64_t aligned = code << (64 - format.width_bits);
  const auto regime = static_cast<int>(aligned >> 59 & 7);
  const int r = std::min((aligned >> 62 & 1) != 0 ? regime : 7 - regime, format.width_bits - 5);
  return {{"sign", 1},
          {"direction", 1},
          {"regime", 3},
          {"characteristic", r},
          {"fraction", format.width_bits - 5 - r}};
}

std::string describe_takum(const Format& format) {
  return "takum, " + counted(format.width_bits, "bit") + ", linear, NaR, no infinities";
}

constexpr OrderedRules kRules = {.locate = locate,
                                 .value = value,
                                 .boundary = boundary,
                                 .last = last_place,
                                 .place_of_code = place_of_complement,
                                 .code_of_place = complement_of_place,
                                 .goes_on = false,
                                 .never_zero = true,
                                 .is_dyadic = true};

}  // namespace

constexpr Family kTakumFamily = {
    .id = FormatFamily::kTakum,
    .values = "linear takum (Hunhold 2024), 8 to 56 bits, 2^-255 to 2^255; rounded as posit",
    .heads = {"takum", nullptr},
    .spelling = "takum<N>",
    .parameters = {"<N>", nullptr},
    .parse = parse,
    .elements = &kOrderedElements,
    .groups = nullptr,
    .ordered = &kRules,
    .modifiers = {.overflow = true},
    .fields = fields,
    .describe = describe_takum};

}  // namespace halfulp
