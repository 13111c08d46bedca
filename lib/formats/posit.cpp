// posit<N,ES> (Posit Standard 2022 for ES = 2; Gustafson and Yonemoto 2017): sign, a run of equal
// regime bits ended by the other bit, ES exponent bits, fraction. A place is the code of the
// positive number; negative ones are two's complements.
#include <algorithm>
#include <bit>
#include <cmath>

#include "binary64.hpp"
#include "ordered.hpp"

namespace halfulp {

namespace {

constexpr int kMaxWidth = 32;
constexpr int kMaxExponentBits = 5;  // every value then lies in 2^-960 .. 2^960

std::uint64_t last_place(const Format& format) {
  return (std::uint64_t{1} << (format.width_bits - 1)) - 1;
}

// The value of the `bits` = N-1 bits after the sign; not all zero.
double value_of(int bits, int exponent_bits, std::uint64_t body) {
  const std::uint64_t aligned = body << (64 - bits);
  const bool ones = aligned >> 63 != 0;
  const int run = std::min(ones ? std::countl_one(aligned) : std::countl_zero(aligned), bits);
  const int regime = ones ? run - 1 : -run;
  const int left = std::max(bits - run - 1, 0);
  const std::uint64_t tail = left == 0 ? 0 : aligned << (run + 1);
  const int low_exponent = exponent_bits == 0 ? 0 : static_cast<int>(tail >> (64 - exponent_bits));
  const std::uint64_t fraction = (tail << exponent_bits) >> 11 >> 1;  // 52 bits
  const int exponent = regime * (1 << exponent_bits) + low_exponent;
  return std::ldexp(1.0 + static_cast<double>(fraction) * 0x1p-52, exponent);
}

double value(const Format& format, std::uint64_t place) {
  return value_of(format.width_bits - 1, format.exponent_bits, place);
}

// The posit with one more bit between two neighbours.
double boundary(const Format& format, std::uint64_t place) {
  return value_of(format.width_bits, format.exponent_bits, 2 * place + 1);
}

// The bit string of |x| with 63 fraction bits, cut after N-1 bits.
Position locate(const Format& format, const Leading& x) {
  const int bits = format.width_bits - 1;
  const int es = format.exponent_bits;
  const int regime = x.exponent >> es;
  if (regime < 1 - bits) return {.place = 0, .half = false, .sticky = true};
  const auto fraction = static_cast<std::uint64_t>(x.significand >> 64) << 1 >> 1;
  const bool tail = x.sticky || static_cast<std::uint64_t>(x.significand) != 0;
  const std::uint64_t low_exponent = x.exponent & ((1 << es) - 1);
  if (regime >= bits - 1) {
    const bool above = regime > bits - 1 || low_exponent != 0 || fraction != 0 || tail;
    return {.place = last_place(format), .half = false, .sticky = above};
  }
  const std::uint64_t run = regime >= 0 ? (std::uint64_t{4} << regime) - 2 : 1;
  const int run_bits = regime >= 0 ? regime + 2 : 1 - regime;
  const auto text = (static_cast<unsigned __int128>(run << es | low_exponent) << 63) | fraction;
  const int drop = run_bits + es + 63 - bits;
  const unsigned __int128 half = static_cast<unsigned __int128>(1) << (drop - 1);
  return {.place = static_cast<std::uint64_t>(text >> drop),
          .half = (text & half) != 0,
          .sticky = (text & (half - 1)) != 0 || tail};
}

Result<Format> parse(const Spelling& text) {
  const auto numbers = integer_parameters(text, kPositFamily, 2);
  if (!numbers) return fail(numbers.error());
  const int width = (*numbers)[0];
  const int exponent_bits = (*numbers)[1];
  if (width < 3 || width > kMaxWidth || exponent_bits < 0 || exponent_bits > kMaxExponentBits) {
    return fail("E0202", "'" + text.text + "' must have 3..32 bits and 0..5 exponent bits");
  }
  Format format;
  format.name = "posit<" + std::to_string(width) + "," + std::to_string(exponent_bits) + ">";
  format.family = FormatFamily::kPosit;
  format.width_bits = width;
  format.exponent_bits = exponent_bits;
  format.has_subnormals = false;
  format.has_infinity = false;
  format.has_negative_zero = false;
  format.nan_codes = {std::uint64_t{1} << (width - 1)};
  return format;
}

std::vector<FieldWidth> fields(const Format& format, std::uint64_t code) {
  const int bits = format.width_bits - 1;
  const std::uint64_t aligned = code << (64 - bits);
  const bool ones = aligned >> 63 != 0;
  const int run = std::min(ones ? std::countl_one(aligned) : std::countl_zero(aligned), bits);
  const int regime = std::min(run + 1, bits);
  const int exponent = std::min(format.exponent_bits, bits - regime);
  return {{"sign", 1},
          {"regime", regime},
          {"exponent", exponent},
          {"fraction", bits - regime - exponent}};
}

std::string describe_posit(const Format& format) {
  return "posit, " + counted(format.width_bits, "bit") + ", " +
         counted(format.exponent_bits, "exponent bit") + ", NaR, no infinities";
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

constexpr Family kPositFamily = {
    .id = FormatFamily::kPosit,
    .values =
        "tapered precision (Posit Standard 2022 for ES = 2), 3 to 32 bits, ES 0 to 5; rounded on "
        "the encoding, never to zero by a nearest mode, saturating",
    .heads = {"posit", nullptr},
    .spelling = "posit<N,ES>",
    .parameters = {"<N,ES>", nullptr},
    .parse = parse,
    .elements = &kOrderedElements,
    .groups = nullptr,
    .ordered = &kRules,
    .modifiers = {.overflow = true},
    .fields = fields,
    .describe = describe_posit};

}  // namespace halfulp
