// dynamic-fixed<W>: W-bit integers times 2^-s, one s a tensor (group.hpp has the rule).
#include <algorithm>
#include <cmath>

#include "binary64.hpp"
#include "block_scale.hpp"
#include "families.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp {

namespace {

constexpr int kMaxWidth = 32;
constexpr int kScaleBits = 16;
// Keeps every comparison below, and the fixed-point format, in the range of doubles.
constexpr int kMaxShift = 900;

double limit_of(const Format& format) { return std::ldexp(1.0, format.width_bits - 1) - 0.5; }

// The largest s with x 2^s <= limit, for x >= 0.
int shift_within(double x, double limit) {
  if (x == 0) return kMaxShift;
  int shift = std::ilogb(limit) - std::ilogb(x);
  if (shift >= kMaxShift) return kMaxShift;
  if (shift <= -kMaxShift) return -kMaxShift;
  if (std::ldexp(x, shift) > limit) --shift;
  return shift;
}

int shift_of(const Format& format, const GroupExtent& group) {
  const double limit = limit_of(format);
  if (group.lowest == 0 && group.largest == 0) return 0;
  return std::min(shift_within(std::fabs(group.largest), limit),
                  shift_within(std::fabs(group.lowest), limit + 1));
}

GroupScale choose(const Format& format, const GroupExtent& group, double) {
  return {.scale = std::ldexp(1.0, -shift_of(format, group)), .zero = 0};
}

Format element(const Format& format, const GroupScale& scale) {
  return scaled_by_power(format, std::ilogb(scale.scale));
}

// s never grows with the extent of the tensor.
double max_error(const Format& format, double max_abs) {
  if (std::isinf(max_abs)) return HUGE_VAL;
  const int shift = shift_of(format, {-max_abs, max_abs});
  const double unit = std::ldexp(1.0, -shift);
  if (shift == -kMaxShift) return std::fmax(unit, max_abs);
  return is_nearest(format.rounding) ? unit / 2 : unit;
}

double max_value(const Format& format, double max_abs) {
  return std::nextafter(max_abs + max_error(format, max_abs), HUGE_VAL);
}

double smallest(const Format&) { return std::ldexp(1.0, -kMaxShift); }

Result<Format> parse(const Spelling& text) {
  const auto numbers = integer_parameters(text, kDynamicFixedFamily, 1);
  if (!numbers) return fail(numbers.error());
  const int width = numbers->front();
  if (width < 2 || width > kMaxWidth) {
    return fail("E0202", "'" + text.text + "' must have 2..32 bits");
  }
  Format format;
  format.name = "dynamic-fixed<" + std::to_string(width) + ">";
  format.family = FormatFamily::kDynamicFixed;
  format.width_bits = width;
  format.has_subnormals = false;
  format.has_infinity = false;
  format.has_negative_zero = false;
  format.scale_bits = kScaleBits;
  format.element = std::make_shared<const Format>(make_fixed(width, width));
  return format;
}

std::string describe_dynamic(const Format& format) {
  return "dynamic fixed point, " + counted(format.width_bits, "bit") +
         ", power-of-two scale a tensor";
}

constexpr GroupRules kGroups = {.tensor_scale = no_tensor_scale,
                                .choose_scale = choose,
                                .element = element,
                                .max_error = max_error,
                                .max_value = max_value,
                                .smallest_positive = smallest};

}  // namespace

constexpr Family kDynamicFixedFamily = {
    .id = FormatFamily::kDynamicFixed,
    .values = "W-bit integers, one power-of-two scale a tensor (Rajagopal et al. 2020)",
    .heads = {"dynamic-fixed", nullptr},
    .spelling = "dynamic-fixed<W>",
    .parameters = {"<W>", nullptr},
    .parse = parse,
    .elements = nullptr,
    .groups = &kGroups,
    .ordered = nullptr,
    .modifiers = {},
    .fields = nullptr,
    .describe = describe_dynamic};

}  // namespace halfulp
