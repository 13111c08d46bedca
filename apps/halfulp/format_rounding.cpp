#include "format_rounding.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "format_facts.hpp"
#include "halfulp/enclosure/interval.hpp"
#include "halfulp/formats/dissect.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

std::string fields_text(const Format& format, std::uint64_t code) {
  std::string text;
  for (const BitField& field : bit_fields(format, code)) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", field.name, field.bits);
  }
  return text;
}

void add_code(RoundedNumber& number, const Format& format) {
  const auto code = encode(format, number.value);
  if (!code) return;
  number.code = fmt::format("{:#x}", *code);
  number.fields = fields_text(format.family == FormatFamily::kScaled ? *format.element : format, *code);
}

void add_error(RoundedNumber& number, const Format& format, double argument) {
  number.error = number.value - argument;
  number.error_ulp = number.error == 0 ? 0 : std::abs(number.error) / ulp_at(format, number.value);
}

double nearest_double(const std::string& decimal, const Interval& enclosure) {
  double value = 0;
  const auto [stop, error] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  return error == std::errc{} ? value : midpoint(enclosure);
}

// Both ends of the decimal's enclosure must round to the same value.
Result<RoundedNumber> round_decimal(const Format& format, const std::string& decimal, std::uint64_t seed) {
  if (!fits_double(format)) {
    return fail("E0205", fmt::format("values of {} outgrow a double, so `--round` cannot show them", format.name));
  }
  const auto enclosure = enclose_decimal(decimal);
  if (!enclosure) return fail(enclosure.error());
  const std::uint32_t random = random_bits(seed, 0, 0);
  RoundedNumber number{.argument = decimal, .value = round_to(format, enclosure->lo, random), .code = "", .fields = ""};
  const double other = round_to(format, enclosure->hi, random);
  if (other != number.value && !(std::isnan(other) && std::isnan(number.value))) {
    return fail("E0105", fmt::format("'{}' is within an ulp of a double from a rounding boundary of {}; write fewer digits", decimal, format.name));
  }
  add_code(number, format);
  add_error(number, format, nearest_double(decimal, *enclosure));
  return number;
}

}  // namespace

Result<std::vector<RoundedNumber>> round_decimals(const Format& format, const std::vector<std::string>& decimals, std::uint64_t seed) {
  std::vector<RoundedNumber> numbers;
  for (const std::string& decimal : decimals) {
    auto number = round_decimal(format, decimal, seed);
    if (!number) return fail(number.error());
    numbers.push_back(*std::move(number));
  }
  return numbers;
}

Result<RoundedGroup> round_group_of_decimals(const Format& format, const std::vector<std::string>& decimals, std::uint64_t seed) {
  std::vector<double> values;
  for (const std::string& decimal : decimals) {
    const auto enclosure = enclose_decimal(decimal);
    if (!enclosure) return fail(enclosure.error());
    values.push_back(nearest_double(decimal, *enclosure));
  }
  const GroupScale scale = choose_scale(format, values, choose_tensor_scale(format, extent_of(values)));
  const Format element = element_of(format, scale);
  RoundedGroup group{.scale = fmt::format("scale {} ({:a})", shortest(scale.scale), scale.scale), .numbers = {}};
  if (!format.is_symmetric) group.scale += fmt::format("   zero point {}", shortest(scale.zero));
  for (std::size_t i = 0; i < values.size(); ++i) {
    RoundedNumber number{.argument = decimals[i], .value = round_to(element, values[i], random_bits(seed, 0, i)), .code = "", .fields = ""};
    add_code(number, element);
    add_error(number, element, values[i]);
    group.numbers.push_back(std::move(number));
  }
  return group;
}

std::string rounded_text(const RoundedNumber& number) {
  std::string text = fmt::format("{} -> {} ({:a})  code {}  error {}{:.4g} ({:.3g} ulp)\n", number.argument, shortest(number.value), number.value,
                                 number.code.empty() ? "none" : number.code, number.error >= 0 ? "+" : "", number.error, number.error_ulp);
  return number.fields.empty() ? text : text + fmt::format("    {}\n", number.fields);
}

Json rounded_json(const RoundedNumber& number) {
  return Json::object().set("argument", number.argument).set("value", number.value).set("hex", fmt::format("{:a}", number.value))
      .set("code", number.code).set("fields", number.fields).set("error", number.error).set("error_ulp", number.error_ulp);
}

}  // namespace halfulp::cli
