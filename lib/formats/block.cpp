// bfp<M,B> and mx<ELEM,B>: B values share a power of two, an e8m0 code.
#include <algorithm>
#include <cmath>

#include "binary64.hpp"
#include "block_scale.hpp"
#include "families.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp {

namespace {

constexpr int kMaxBlock = 1 << 20;  // integer_parameters clamps there
constexpr int kScaleBits = 8;

double magnitude_of(const GroupExtent& group) { return std::fmax(-group.lowest, group.largest); }

GroupScale choose(const Format& format, const GroupExtent& group, double) {
  return {.scale = power_of_two(scale_exponent(format, magnitude_of(group))), .zero = 0};
}

Format element(const Format& format, const GroupScale& scale) {
  return scaled_by_power(format, std::ilogb(scale.scale));
}

// Of a block with this exponent and largest magnitude max_abs.
double error_at(const Format& format, int exponent, double max_abs) {
  const Format scaled = scaled_by_power(format, exponent);
  const double limit = largest(scaled);
  const double saturated = max_abs > limit ? std::nextafter(max_abs - limit, HUGE_VAL) : 0;
  return std::max(saturated, max_rounding_error(scaled, std::fmin(max_abs, limit)));
}

// Errors of one exponent are at most half of the next one's, but those of a full binade below may
// exceed those of the part of the last binade in reach.
double max_error(const Format& format, double max_abs) {
  const int exponent = scale_exponent(format, max_abs);
  const double last = error_at(format, exponent, max_abs);
  if (exponent == -kMaxScaleExponent) return last;
  const double reach = std::fmin(max_abs, largest_for_exponent(format, exponent - 1));
  return std::max(last, error_at(format, exponent - 1, reach));
}

double max_value(const Format& format, double max_abs) {
  const Format scaled = scaled_by_power(format, scale_exponent(format, max_abs));
  const double reach = std::nextafter(max_abs + max_error(format, max_abs), HUGE_VAL);
  return std::fmin(std::fmax(largest(scaled), -lowest(scaled)), reach);
}

double smallest(const Format& format) {
  return std::ldexp(smallest_positive(*format.element), -kMaxScaleExponent);
}

std::string describe_block(const Format& format) {
  return "blocks of " + std::to_string(format.block_size) + " elements " + format.element->name +
         ", power-of-two scale";
}

constexpr GroupRules kGroups = {.tensor_scale = no_tensor_scale,
                                .choose_scale = choose,
                                .element = element,
                                .max_error = max_error,
                                .max_value = max_value,
                                .smallest_positive = smallest};

constexpr ModifierRules kModifiers = {.axis = true, .scale_rule = true};

Format grouped(FormatFamily family, std::string name, Format element, int block) {
  Format format;
  format.name = std::move(name);
  format.family = family;
  format.width_bits = element.width_bits;
  format.is_signed = element.is_signed;
  format.has_subnormals = element.has_subnormals;
  format.has_infinity = false;
  format.has_negative_zero = element.has_negative_zero;
  format.block_size = block;
  format.scale_bits = kScaleBits;
  format.element = std::make_shared<const Format>(std::move(element));
  return format;
}

// Significands k 2^-(bits-2), |k| <= 2^(bits-1) - 1.
Format significands(int bits) {
  Format format = make_fixed(bits, 2);
  format.overflow = OverflowMode::kSaturateSymmetric;
  format.name += ":saturate-symmetric";
  return format;
}

Result<int> block_size(const Spelling& text, const std::string& word) {
  Spelling block = text;
  block.parameters = {word};
  const auto number = integer_parameters(block, kMicroscalingFamily, 1);
  if (!number || number->front() < 1 || number->front() >= kMaxBlock) {
    return fail("E0202", "the block size of '" + text.text + "' must lie in 1..1048575");
  }
  return number->front();
}

Result<Format> parse_bfp(const Spelling& text) {
  const auto numbers = integer_parameters(text, kBlockFamily, 2);
  if (!numbers) return fail(numbers.error());
  const int bits = numbers->front();
  if (bits < 2 || bits > 24) {
    return fail("E0202", "the significands of '" + text.text + "' must have 2..24 bits");
  }
  const auto block = block_size(text, text.parameters[1]);
  if (!block) return fail(block.error());
  const std::string name = "bfp<" + std::to_string(bits) + "," + std::to_string(*block) + ">";
  return grouped(FormatFamily::kBlock, name, significands(bits), *block);
}

Result<Format> mx_element(const Spelling& text, const std::string& word) {
  for (int bits = 2; bits <= 8; ++bits) {
    if (word == "int" + std::to_string(bits)) return significands(bits);
  }
  auto element = parse_format(word);
  if (!element) return element;
  const bool fits = element->is_signed &&
                    (element->family == FormatFamily::kFixed
                         ? element->width_bits <= 24 && std::abs(element->fraction_bits) <= 128
                         : element->family == FormatFamily::kFloat && element->width_bits <= 16 &&
                               element->emax <= 128 && element->emin >= -128);
  if (!fits || word.find(':') != std::string::npos) {
    return fail("E0202", "'" + word + "' cannot be the element of '" + text.text + "'", "",
                {"elements are e4m3 e5m2 e3m2 e2m3 e2m1 int8, other floats of up to 16 bits, and "
                 "fixed<W,I> of up to 24"});
  }
  return element;
}

Result<Format> parse_mx(const Spelling& text) {
  if (text.parameters.size() != 2) {
    return fail("E0202", "'" + text.text + "' must have two parameters, mx<ELEM,B>");
  }
  const std::string& word = text.parameters[0];
  auto element_format = mx_element(text, word);
  if (!element_format) return element_format;
  const auto block = block_size(text, text.parameters[1]);
  if (!block) return fail(block.error());
  const bool integer = word.starts_with("int");
  const std::string name =
      "mx<" + (integer ? word : element_format->name) + "," + std::to_string(*block) + ">";
  return grouped(FormatFamily::kMicroscaling, name, *std::move(element_format), *block);
}

}  // namespace

constexpr Family kBlockFamily = {.id = FormatFamily::kBlock,
                                 .values = "M-bit significands, B values share a power of two",
                                 .heads = {"bfp", nullptr},
                                 .spelling = "bfp<M,B>",
                                 .parameters = {"<M,B>", nullptr},
                                 .parse = parse_bfp,
                                 .elements = nullptr,
                                 .groups = &kGroups,
                                 .ordered = nullptr,
                                 .modifiers = kModifiers,
                                 .fields = nullptr,
                                 .describe = describe_block};

constexpr Family kMicroscalingFamily = {
    .id = FormatFamily::kMicroscaling,
    .values =
        "OCP Microscaling: B elements (e4m3 e5m2 e3m2 e2m3 e2m1 int8, any small float or fixed "
        "format) share an e8m0 scale",
    .heads = {"mx", nullptr},
    .spelling = "mx<ELEM,B>",
    .parameters = {"<ELEM,B>", nullptr},
    .parse = parse_mx,
    .elements = nullptr,
    .groups = &kGroups,
    .ordered = nullptr,
    .modifiers = kModifiers,
    .fields = nullptr,
    .describe = describe_block};

}  // namespace halfulp
