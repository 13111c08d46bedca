#include "logarithm_table.hpp"

#include <bit>
#include <cmath>

#include "halfulp/formats/round.hpp"

namespace halfulp::kernels {
namespace {

constexpr int kStoredBits = 23;
constexpr int kMaxFractionBits = 12;
constexpr std::size_t kNumbersPerSegment = 32;
constexpr std::uint32_t kSignificand = (1u << kStoredBits) - 1, kOne = 127u << kStoredBits, kSign = 1u << 31;

}  // namespace

std::optional<LogarithmTable> LogarithmTable::make(const Format& format, std::size_t count) {
  if (format.family != FormatFamily::kLns || format.rounding == RoundingMode::kOdd || format.rounding == RoundingMode::kStochastic) return std::nullopt;
  const int bits = format.fraction_bits;
  if (bits < 1 || bits > kMaxFractionBits || count < kNumbersPerSegment << (bits + 1)) return std::nullopt;
  LogarithmTable table(format, kStoredBits - bits - 1);
  if (table.least_ >= table.most_) return std::nullopt;
  return table;
}

LogarithmTable::LogarithmTable(const Format& format, int shift) : format_(&format), shift_(shift) {
  // A binade away from both ends of the format and of float32.
  const double low = std::fmax(4 * smallest_positive(format), 0x1p-124), high = std::fmin(largest(format) / 4, 0x1p124);
  least_ = std::bit_cast<std::uint32_t>(static_cast<float>(low));
  most_ = std::bit_cast<std::uint32_t>(static_cast<float>(high));
  if (!(low > 0.5 || high < 4)) positive_ = segments(false);
  if (positive_.empty()) most_ = least_;
  if (format.rounding == RoundingMode::kUp || format.rounding == RoundingMode::kDown) negative_ = segments(true);
}

float LogarithmTable::value(std::uint32_t significand, bool negative) const {
  const float x = std::bit_cast<float>(kOne | significand);
  return static_cast<float>(std::fabs(round_to(*format_, static_cast<double>(negative ? -x : x))));
}

LogarithmTable::Segments LogarithmTable::segments(bool negative) const {
  Segments all;
  for (std::uint32_t first = 0; first <= kSignificand; first += 1u << shift_) {
    const std::uint32_t last = first + (1u << shift_) - 1;
    Segment segment{last + 1, value(first, negative), value(last, negative)};
    if (segment.below != segment.above) {
      std::uint32_t low = first, high = last;  // the values of `below` and of `above`
      while (high - low > 1) {
        const std::uint32_t middle = low + (high - low) / 2;
        (value(middle, negative) == segment.below ? low : high) = middle;
      }
      segment.step = high;
    }
    all.push_back(segment);
  }
  return all;
}

void LogarithmTable::round(const float* in, float* out, std::size_t count) const {
  const Segment* positive = positive_.data();
  const Segment* negative = negative_.empty() ? positive : negative_.data();
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(in[i]);
    const std::uint32_t magnitude = bits & ~kSign, significand = bits & kSignificand;
    if (magnitude - least_ > most_ - least_) [[unlikely]] {
      out[i] = magnitude == 0 ? 0.0f : static_cast<float>(round_to(*format_, static_cast<double>(in[i])));
      continue;
    }
    const Segment& segment = (bits & kSign ? negative : positive)[significand >> shift_];
    const float value = significand < segment.step ? segment.below : segment.above;
    // `value` lies in [1, 2]: the exponents add.
    out[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) + (bits & ~kSignificand) - kOne);
  }
}

}  // namespace halfulp::kernels
