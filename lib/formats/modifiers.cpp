// The modifiers after the colons: one of rounding, one of overflow, one of subnormals, in any
// order.
#include <charconv>
#include <optional>

#include "families.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

struct RoundingName {
  const char* name;
  RoundingMode mode;
};
constexpr RoundingName kRoundings[] = {{"nearest-even", RoundingMode::kNearestEven},
                                       {"nearest-away", RoundingMode::kNearestAway},
                                       {"nearest-zero", RoundingMode::kNearestZero},
                                       {"toward-zero", RoundingMode::kTowardZero},
                                       {"up", RoundingMode::kUp},
                                       {"down", RoundingMode::kDown},
                                       {"odd", RoundingMode::kOdd},
                                       {"stochastic", RoundingMode::kStochastic}};

struct OverflowName {
  const char* name;
  OverflowMode mode;
};
constexpr OverflowName kOverflows[] = {{"saturate", OverflowMode::kSaturate},
                                       {"infinity", OverflowMode::kInfinity},
                                       {"wrap", OverflowMode::kWrap},
                                       {"saturate-symmetric", OverflowMode::kSaturateSymmetric},
                                       {"error", OverflowMode::kError}};

constexpr int kDefaultStochasticBits = 32;

std::vector<std::string> modifier_names() {
  std::vector<std::string> names = {"flush", "gradual"};
  for (const auto& rounding : kRoundings) names.emplace_back(rounding.name);
  for (const auto& overflow : kOverflows) names.emplace_back(overflow.name);
  return names;
}

std::optional<int> stochastic_bits(const std::string& modifier) {
  constexpr std::string_view kHead = "stochastic<";
  if (!modifier.starts_with(kHead) || !modifier.ends_with('>')) return std::nullopt;
  const char* begin = modifier.data() + kHead.size();
  const char* end = modifier.data() + modifier.size() - 1;
  int bits = 0;
  const auto [stop, error] = std::from_chars(begin, end, bits);
  if (error != std::errc() || stop != end) return std::nullopt;
  return bits;
}

class ModifierReader {
 public:
  explicit ModifierReader(Format& format) : format_(format) {}

  Result<void> read(const std::string& modifier) {
    for (const auto& rounding : kRoundings) {
      if (modifier == rounding.name) return set_rounding(rounding.mode, kDefaultStochasticBits);
    }
    for (const auto& overflow : kOverflows) {
      if (modifier == overflow.name) return set_overflow(overflow.mode);
    }
    if (modifier == "flush" || modifier == "gradual") return set_flush(modifier == "flush");
    if (const auto bits = stochastic_bits(modifier)) {
      if (*bits < 1 || *bits > 32) {
        return fail("E0202", "'" + modifier + "' must have 1..32 random bits");
      }
      return set_rounding(RoundingMode::kStochastic, *bits);
    }
    return fail("E0203", "unknown modifier '" + modifier + "' of format '" + format_.name + "'", "",
                nearest_help(modifier, modifier_names()));
  }

  // The part of the canonical name after the base.
  std::string suffix() const {
    std::string text;
    if (format_.rounding != RoundingMode::kNearestEven) {
      for (const auto& rounding : kRoundings) {
        if (rounding.mode == format_.rounding) text += std::string(":") + rounding.name;
      }
      if (format_.rounding == RoundingMode::kStochastic &&
          format_.stochastic_bits != kDefaultStochasticBits) {
        text += "<" + std::to_string(format_.stochastic_bits) + ">";
      }
    }
    if (format_.overflow != OverflowMode::kSaturate) {
      for (const auto& overflow : kOverflows) {
        if (overflow.mode == format_.overflow) text += std::string(":") + overflow.name;
      }
    }
    return text + (format_.flush_subnormals ? ":flush" : "");
  }

 private:
  Result<void> twice(const char* what) const {
    return fail("E0203", std::string(what) + " of format '" + format_.name + "' is given twice");
  }

  Result<void> set_rounding(RoundingMode mode, int bits) {
    if (rounding_given_) return twice("the rounding mode");
    rounding_given_ = true;
    format_.rounding = mode;
    format_.stochastic_bits = bits;
    return {};
  }

  Result<void> set_overflow(OverflowMode mode) {
    if (overflow_given_) return twice("the overflow mode");
    overflow_given_ = true;
    const bool is_float = format_.family == FormatFamily::kFloat;
    if (mode == OverflowMode::kWrap && is_float) {
      return fail("E0202", "'wrap' needs a fixed-point format, '" + format_.name + "' is not one",
                  "", {"allowed are saturate, infinity, saturate-symmetric and error"});
    }
    if (mode == OverflowMode::kInfinity && !format_.has_infinity && format_.nan_codes.empty()) {
      return fail("E0202", "'" + format_.name + "' has neither infinities nor NaN for 'infinity'",
                  "",
                  {"allowed are saturate, saturate-symmetric, error" +
                   std::string(is_float ? "" : " and wrap")});
    }
    format_.overflow = mode;
    return {};
  }

  Result<void> set_flush(bool flush) {
    if (flush_given_) return twice("the handling of subnormals");
    flush_given_ = true;
    if (flush && format_.family == FormatFamily::kFixed) {
      return fail("E0202", "'" + format_.name + "' has no subnormal numbers to flush");
    }
    if (!flush && format_.family == FormatFamily::kFloat && !format_.has_subnormals) {
      return fail("E0202", "'" + format_.name + "' has no subnormal numbers for 'gradual'");
    }
    format_.flush_subnormals = flush && format_.has_subnormals;
    return {};
  }

  Format& format_;
  bool rounding_given_ = false;
  bool overflow_given_ = false;
  bool flush_given_ = false;
};

}  // namespace

Result<void> apply_modifiers(Format& format, const std::vector<std::string>& modifiers) {
  ModifierReader reader(format);
  for (const std::string& modifier : modifiers) {
    if (auto read = reader.read(modifier); !read) return read;
  }
  format.name += reader.suffix();
  return {};
}

}  // namespace halfulp
