#include "format_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace halfulp::cli {

std::string family_name(const Format& format) {
  if (format.family == FormatFamily::kFloat) return "float";
  return format.is_signed ? "fixed" : "ufixed";
}

std::string format_sentence(const Format& format) {
  if (format.family == FormatFamily::kFixed) {
    return fmt::format("{}, {} bits, {} integer bits{}, {} fraction bits", family_name(format), format.width_bits,
                       format.width_bits - format.fraction_bits, format.is_signed ? " (sign included)" : "", format.fraction_bits);
  }
  const std::string nan = format.nan_codes.empty() ? "no NaN" : fmt::format("{} NaN codes", format.nan_codes.size());
  return fmt::format("float, {} bits, precision {}, {} exponent bits, bias {}, emin {}, emax {}, {}, {}, {}", format.width_bits,
                     format.stored_significand_bits + 1, format.exponent_bits, format.bias, format.emin, format.emax,
                     format.has_subnormals ? "subnormals" : "no subnormals", format.has_infinity ? "infinities" : "no infinities", nan);
}

Json format_json(const Format& format) {
  Json json = Json::object();
  json.set("name", format.name).set("family", family_name(format)).set("width_bits", format.width_bits);
  if (format.family == FormatFamily::kFixed) {
    json.set("integer_bits", format.width_bits - format.fraction_bits).set("fraction_bits", format.fraction_bits);
  } else {
    json.set("precision", format.stored_significand_bits + 1).set("exponent_bits", format.exponent_bits);
    json.set("bias", format.bias).set("emin", format.emin).set("emax", format.emax);
    json.set("subnormals", format.has_subnormals).set("infinities", format.has_infinity);
    json.set("nan_codes", Json::array_of(format.nan_codes));
  }
  json.set("largest", largest(format)).set("lowest", lowest(format));
  json.set("smallest_normal", smallest_normal(format)).set("smallest_positive", smallest_positive(format));
  return json.set("unit_roundoff", unit_roundoff(format));
}

double ulp_at(const Format& format, double x) {
  if (format.family == FormatFamily::kFixed) return std::ldexp(1.0, -format.fraction_bits);
  const int exponent = x == 0 || !std::isfinite(x) ? format.emin : std::ilogb(x);
  return std::ldexp(1.0, std::clamp(exponent, format.emin, format.emax) - format.stored_significand_bits);
}

}  // namespace halfulp::cli
