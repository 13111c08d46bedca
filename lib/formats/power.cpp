// Powers of two: e8m0 (OCP Microscaling 1.0: unsigned, no zero, codes 0..254 are 2^(code-127)) and
// binary8p1 (IEEE P3109: sign, zero, infinities; 2^(code-64)). Neighbours are compared by value:
// the boundary is 3/2 of the lower one, and ties go to the even code.
#include <cmath>

#include "binary64.hpp"
#include "ordered.hpp"

namespace halfulp {

namespace {

std::uint64_t last_place(const Format& format) {
  return static_cast<std::uint64_t>(format.emax - format.emin + 1);
}

double value(const Format& format, std::uint64_t place) {
  return std::ldexp(1.0, static_cast<int>(place) - 1 + format.emin);
}

double boundary(const Format& format, std::uint64_t place) {
  return place == 0 ? value(format, 1) / 2 : 1.5 * value(format, place);
}

Position locate(const Format& format, const Leading& x) {
  const unsigned __int128 one = static_cast<unsigned __int128>(1) << 127;
  const bool power = x.significand == one && !x.sticky;
  if (x.exponent < format.emin) {
    const bool half = x.exponent == format.emin - 1;
    return {.place = 0, .half = half, .sticky = !half || !power};
  }
  if (x.exponent > format.emax) return {last_place(format) + 1, false, !power};
  const unsigned __int128 half = one >> 1;
  return {.place = static_cast<std::uint64_t>(x.exponent - format.emin + 1),
          .half = (x.significand & half) != 0,
          .sticky = (x.significand & (half - 1)) != 0 || x.sticky};
}

// The code of a magnitude is its exponent field: 0 is the number 2^emin, or zero where there is
// one.
SignedPlace place_of_code(const Format& format, std::uint64_t code) {
  if (!format.is_signed) return {false, code + (format.has_zero ? 0 : 1)};
  const std::uint64_t sign = std::uint64_t{1} << (format.width_bits - 1);
  return {(code & sign) != 0, code & (sign - 1)};
}

std::uint64_t code_of_place(const Format& format, SignedPlace at) {
  const std::uint64_t sign = at.negative ? std::uint64_t{1} << (format.width_bits - 1) : 0;
  return sign | (at.place - (format.has_zero ? 0 : 1));
}

std::vector<FieldWidth> fields(const Format& format, std::uint64_t) {
  return {{"sign", format.is_signed ? 1 : 0}, {"exponent", format.exponent_bits}};
}

std::string describe_power(const Format& format) {
  return "powers of two, " + counted(format.width_bits, "bit") + ", bias " +
         std::to_string(format.bias) + ", 2^" + std::to_string(format.emin) + " to 2^" +
         std::to_string(format.emax) + (format.is_signed ? ", signed" : ", unsigned") +
         (format.has_zero ? ", zero" : ", no zero") +
         (format.has_infinity ? ", infinities" : ", no infinities");
}

constexpr OrderedRules kRules = {.locate = locate,
                                 .value = value,
                                 .boundary = boundary,
                                 .last = last_place,
                                 .place_of_code = place_of_code,
                                 .code_of_place = code_of_place,
                                 .goes_on = true,
                                 .never_zero = false,
                                 .is_dyadic = true};

}  // namespace

constexpr Family kPowerFamily = {
    .id = FormatFamily::kPower,
    .values = "powers of two: e8m0 without sign and zero, binary8p1 with both and infinities",
    .heads = {nullptr, nullptr},
    .spelling = nullptr,
    .parameters = {nullptr, nullptr},
    .parse = nullptr,
    .elements = &kOrderedElements,
    .groups = nullptr,
    .ordered = &kRules,
    .modifiers = {.overflow = true},
    .fields = fields,
    .describe = describe_power};

}  // namespace halfulp
