#include "format_facts.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/formats/dissect.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp::cli {

Json format_json(const Format& format) {
  Json json = Json::object();
  json.set("name", format.name).set("family", family_name(format)).set("width_bits", format.width_bits);
  if (is_grouped(format)) {
    json.set("element", format.element->name).set("block_size", format.block_size).set("per_channel", format.per_channel);
    return json.set("scale_bits", format.scale_bits).set("bits_per_value", bits_per_value(format));
  }
  if (format.family == FormatFamily::kFixed) {
    json.set("integer_bits", format.width_bits - format.fraction_bits).set("fraction_bits", format.fraction_bits);
  } else if (format.family == FormatFamily::kFloat || format.family == FormatFamily::kPower) {
    json.set("precision", format.stored_significand_bits + 1).set("exponent_bits", format.exponent_bits);
    json.set("bias", format.bias).set("emin", format.emin).set("emax", format.emax);
    json.set("subnormals", format.has_subnormals).set("infinities", format.has_infinity);
    json.set("nan_codes", Json::array_of(format.nan_codes));
  } else {
    json.set("description", describe(format));
  }
  json.set("largest", largest(format)).set("lowest", lowest(format));
  json.set("smallest_normal", smallest_normal(format)).set("smallest_positive", smallest_positive(format));
  return json.set("unit_roundoff", unit_roundoff(format));
}

double ulp_at(const Format& format, double x) {
  if (format.family == FormatFamily::kFixed) return std::ldexp(1.0, -format.fraction_bits);
  if (format.family == FormatFamily::kFloat) {
    const int exponent = x == 0 || !std::isfinite(x) ? format.emin : std::ilogb(x);
    return std::ldexp(1.0, std::clamp(exponent, format.emin, format.emax) - format.stored_significand_bits);
  }
  const double last = largest(format);
  const double magnitude = std::isfinite(x) ? std::abs(x) : last;
  Format neighbour = format;
  neighbour.rounding = magnitude < last ? RoundingMode::kUp : RoundingMode::kDown;
  const double beside = magnitude < last ? round_to(neighbour, std::nextafter(magnitude, last))
                                         : round_to(neighbour, std::nextafter(magnitude, 0.0));
  return std::abs(beside - magnitude);
}

}  // namespace halfulp::cli
