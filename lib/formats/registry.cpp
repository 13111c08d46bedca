#include <array>

#include "family.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {

namespace {

// In the order of FormatFamily.
constexpr std::array<const Family*, 13> kFamilies = {
    &kFixedFamily, &kFloatFamily,        &kPowerFamily,  &kPositFamily,   &kTakumFamily,
    &kLnsFamily,   &kDoubleWordFamily,   &kScaledFamily, &kIntegerFamily, &kDynamicFixedFamily,
    &kBlockFamily, &kMicroscalingFamily, &kNvfp4Family};

}  // namespace

const Family& family_of(const Format& format) {
  const Family& family = *kFamilies[static_cast<std::size_t>(format.family)];
  HALFULP_ASSERT(family.id == format.family);
  return family;
}

std::span<const Family* const> families() { return kFamilies; }

}  // namespace halfulp
