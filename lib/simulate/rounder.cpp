#include "rounder.hpp"

#include <limits>

#include "halfulp/formats/quantize.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp::sim {
namespace {

constexpr int kRoleBits = 3, kNodeBits = 21;

}  // namespace

std::uint64_t stream_of(const StreamKey& key, RoleIndex role) {
  HALFULP_ASSERT(key.node >= 0 && key.node < (NodeId{1} << kNodeBits));
  return (key.sample << (kRoleBits + kNodeBits)) + (static_cast<std::uint64_t>(key.node) << kRoleBits) +
         static_cast<std::uint64_t>(role);
}

Rounder::Rounder(const std::optional<Format>& format, const StreamKey& key, RoleIndex role)
    : format_(format ? &*format : nullptr),
      narrow_(!format || fits_double(*format)),
      seed_(key.seed),
      stream_(stream_of(key, role)) {}

std::uint32_t Rounder::random(std::uint64_t index) const { return stochastic() ? random_bits(seed_, stream_, index) : 0; }

double Rounder::round_double(double x, std::uint64_t index) const { return round_to(*format_, x, random(index)); }

// Formats that outgrow double, by the rules of round_to: saturation to the limit, an infinity only where the format has one.
Expansion Rounder::round_special(double x) const {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  if (narrow_) return expansion_of(round_to(*format_, x));
  if (std::isnan(x)) return expansion_of(kNan);
  const bool saturates =
      format_->overflow == OverflowMode::kSaturate || format_->overflow == OverflowMode::kSaturateSymmetric;
  if (saturates) {
    constexpr double kHuge = std::numeric_limits<double>::max();
    LongAccumulator beyond;
    beyond.clear();
    beyond.add_product(kHuge, std::copysign(kHuge, x));
    return round_exact(*format_, beyond);
  }
  return expansion_of(format_->overflow == OverflowMode::kInfinity && format_->has_infinity ? x : kNan);
}

Expansion Rounder::round(const ExactSum& x, std::uint64_t index) const {
  return x.is_finite() ? round_exact(*format_, x.finite(), random(index)) : round_special(x.special());
}

Expansion Rounder::round(const Expansion& x, std::uint64_t index) const {
  if (narrow_ && is_double(x)) return expansion_of(round_double(x.part[0], index));
  ExactSum sum;
  sum.add(x);
  return round(sum, index);
}

Expansion Rounder::round_quotient(const ExactSum& x, std::uint64_t divisor, std::uint64_t index) const {
  if (divisor == 1 || !x.is_finite()) return round(x, index);
  return halfulp::round_quotient(*format_, x.finite(), divisor, random(index));
}

void Rounder::round_all(Values& values) const {
  if (narrow_ && !values.wide()) {
    quantize(*format_, values.doubles(), values.doubles(), seed_, stream_);
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) values.set(i, round(values[i], i));
}

}  // namespace halfulp::sim
