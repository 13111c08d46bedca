#include "codes.hpp"

#include <cmath>

#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp::emit_detail {

Expansion round_value(const Format& format, double x) {
  LongAccumulator exact;
  exact.clear();
  exact.add(x);
  return round_exact(format, exact);
}

double value_of(const Expansion& x) { return x.part[0] + (x.part[1] + x.part[2]); }

std::uint64_t code_of(const Format& format, const Expansion& x) {
  if (x.part[0] == 0) return 0;
  if (format.family == FormatFamily::kFloat) {
    const auto code = encode(format, x.part[0]);
    HALFULP_ASSERT(code.has_value());
    return *code;
  }
  __int128 sum = 0;
  for (const double part : x.part) {
    const double scaled = std::ldexp(part, format.fraction_bits);
    HALFULP_ASSERT(scaled == std::trunc(scaled) && std::fabs(scaled) <= 0x1p64);
    sum += static_cast<__int128>(scaled);
  }
  return static_cast<std::uint64_t>(sum);
}

std::string code_text(const Format& format, std::uint64_t code) {
  const bool is_signed = format.family == FormatFamily::kFixed && format.is_signed;
  return is_signed ? std::to_string(static_cast<std::int64_t>(code)) : std::to_string(code);
}

std::string code_literal(const Format& format, std::uint64_t code) {
  const bool is_signed = format.family == FormatFamily::kFixed && format.is_signed;
  if (is_signed && code == std::uint64_t{1} << 63) return "-9223372036854775807 - 1";
  return code_text(format, code) + (code >> 63 != 0 && !is_signed ? "u" : "");
}

std::string code_type(const Format& format) {
  const int width = format.width_bits;
  const std::string bits = width <= 8 ? "8" : width <= 16 ? "16" : width <= 32 ? "32" : "64";
  const bool is_signed = format.family == FormatFamily::kFixed && format.is_signed;
  return std::string("std::") + (is_signed ? "int" : "uint") + bits + "_t";
}

}  // namespace halfulp::emit_detail
