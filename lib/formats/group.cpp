#include "halfulp/formats/group.hpp"

#include <cmath>

#include "family.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

const GroupRules& groups_of(const Format& format) {
  const GroupRules* rules = family_of(format).groups;
  HALFULP_ASSERT(rules != nullptr);
  return *rules;
}

}  // namespace

double no_tensor_scale(const Format&, const GroupExtent&) { return 1; }

bool is_grouped(const Format& format) { return family_of(format).groups != nullptr; }

GroupExtent extent_of(std::span<const double> group) {
  GroupExtent extent;
  bool empty = true;
  for (const double x : group) {
    if (!std::isfinite(x)) continue;
    extent.lowest = empty ? x : std::fmin(extent.lowest, x);
    extent.largest = empty ? x : std::fmax(extent.largest, x);
    empty = false;
  }
  return extent;
}

double choose_tensor_scale(const Format& format, const GroupExtent& tensor) {
  return groups_of(format).tensor_scale(format, tensor);
}

GroupScale choose_scale(const Format& format, const GroupExtent& group, double tensor_scale) {
  HALFULP_ASSERT(std::isfinite(group.lowest) && std::isfinite(group.largest));
  return groups_of(format).choose_scale(format, group, tensor_scale);
}

GroupScale choose_scale(const Format& format, std::span<const double> group, double tensor_scale) {
  return choose_scale(format, extent_of(group), tensor_scale);
}

Format element_of(const Format& format, const GroupScale& scale) {
  return groups_of(format).element(format, scale);
}

GroupScale round_group(const Format& format, std::span<const double> in, std::span<double> out,
                       std::span<const std::uint32_t> random, double tensor_scale) {
  HALFULP_ASSERT(in.size() == out.size());
  const bool draws = format.rounding == RoundingMode::kStochastic;
  HALFULP_ASSERT(!draws || random.size() == in.size());
  const GroupScale scale = choose_scale(format, in, tensor_scale);
  const Format element = element_of(format, scale);
  if (!draws) {
    round_to(element, in, out);
    return scale;
  }
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = round_to(element, in[i], random[i]);
  return scale;
}

double max_group_rounding_error(const Format& format, double max_abs) {
  HALFULP_ASSERT(max_abs >= 0);
  return max_abs == 0 ? 0 : groups_of(format).max_error(format, max_abs);
}

double max_group_value(const Format& format, double max_abs) {
  HALFULP_ASSERT(max_abs >= 0);
  return max_abs == 0 ? 0 : groups_of(format).max_value(format, max_abs);
}

double bits_per_value(const Format& format) {
  if (format.block_size == 0) return format.width_bits;
  return format.width_bits + static_cast<double>(format.scale_bits) / format.block_size;
}

}  // namespace halfulp
