// nvfp4: e2m1 elements, an e4m3 scale for 16 of them and a float32 scale for the tensor (group.hpp
// has the rule).
#include <bit>
#include <cmath>

#include "binary64.hpp"
#include "families.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"
#include "scaled.hpp"

namespace halfulp {
namespace {

constexpr int kBlock = 16;
constexpr std::uint64_t kLargestElement = 6;
constexpr std::uint64_t kLargestScale = 448;
constexpr double kSmallestTensorScale = 0x1p-149;
constexpr double kSmallestBlockScale = 0x1p-9;

double magnitude_of(const GroupExtent& group) { return std::fmax(-group.lowest, group.largest); }

double tensor_scale(const Format&, const GroupExtent& tensor) {
  LongAccumulator sum;
  sum.add(magnitude_of(tensor));
  const double scale =
      round_quotient(make_float(8, 23), sum, kLargestElement * kLargestScale).part[0];
  return std::fmax(scale, kSmallestTensorScale);
}

Format block_scale_format() {
  Format format = make_float(4, 3);  // e4m3: one binade more, its last code a NaN
  format.emax = 8;
  format.has_infinity = false;
  format.max_finite_code = 0x7E;
  return format;
}

GroupScale choose(const Format&, const GroupExtent& group, double tensor) {
  const double magnitude = magnitude_of(group);
  if (magnitude == 0) return {.scale = tensor * kSmallestBlockScale, .zero = 0};
  const Binary64 parts = take_apart(tensor);
  const int zeros = std::countr_zero(parts.significand);
  LongAccumulator sum;
  sum.add(magnitude);
  const ExactNumber quotient(sum, kLargestElement * (parts.significand >> zeros),
                             parts.exponent + zeros);
  const Format format = block_scale_format();
  const double scale = family_of(format).elements->round_number(format, quotient, 0).part[0];
  return {.scale = tensor * std::fmax(scale, kSmallestBlockScale), .zero = 0};
}

// With t the tensor scale and b the block scale, the scale s = t b exceeds a / 6 (a the block's
// largest magnitude) by at most a part in 16 or 2^-9 t, and falls short of it by at most a part in
// 16 or, where t is subnormal, by 448 2^-150. 2^-10 more covers the roundings of t and of this
// bound.
double max_error(const Format& format, double max_abs) {
  constexpr double kSlack = 1 + 0x1p-10;
  const double tensor = std::fmax(max_abs / 2688 * kSlack, 0x1p-149);
  const double scale = (max_abs / 6 * (1 + 0x1p-4) + tensor * kSmallestBlockScale) * kSlack;
  const double widest_gap = 2;  // of e2m1: between 4 and 6
  const double rounding = scale * (is_nearest(format.rounding) ? widest_gap / 2 : widest_gap);
  const double saturation = (max_abs * 0x1p-4 + 6 * 448 * 0x1p-150) * kSlack;
  if (tensor > 0x1p127) return HUGE_VAL;
  return std::fmax(rounding, saturation);
}

double max_value(const Format& format, double max_abs) {
  return std::nextafter(max_abs + max_error(format, max_abs), HUGE_VAL);
}

double smallest(const Format&) { return kSmallestTensorScale * kSmallestBlockScale / 2; }

Result<Format> parse(const Spelling&) {
  auto element = parse_format("e2m1");
  if (!element) return element;
  Format format;
  format.name = "nvfp4";
  format.family = FormatFamily::kNvfp4;
  format.width_bits = element->width_bits;
  format.has_infinity = false;
  format.block_size = kBlock;
  format.scale_bits = 8;
  format.element = std::make_shared<const Format>(*std::move(element));
  return format;
}

std::string describe_nvfp4(const Format& format) {
  return "blocks of " + std::to_string(format.block_size) +
         " elements e2m1, e4m3 scale a block, float32 scale a tensor";
}

constexpr GroupRules kGroups = {.tensor_scale = tensor_scale,
                                .choose_scale = choose,
                                .element = scaled_format,
                                .max_error = max_error,
                                .max_value = max_value,
                                .smallest_positive = smallest};

}  // namespace

constexpr Family kNvfp4Family = {
    .id = FormatFamily::kNvfp4,
    .values = "e2m1 elements, an e4m3 scale for 16 of them, a float32 scale a tensor",
    .heads = {"nvfp4", nullptr},
    .spelling = "nvfp4",
    .parameters = {"", nullptr},
    .parse = parse,
    .elements = nullptr,
    .groups = &kGroups,
    .ordered = nullptr,
    .modifiers = {.axis = true},
    .fields = nullptr,
    .describe = describe_nvfp4};

}  // namespace halfulp
