// The modifiers after the colons, each of its kind at most once, in any order.
#include <charconv>
#include <cstdio>
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

struct ScaleRuleName {
  const char* name;
  ScaleRule rule;
};
constexpr ScaleRuleName kScaleRules[] = {{"scale-floor", ScaleRule::kFloor},
                                         {"scale-ceil", ScaleRule::kCeil},
                                         {"scale-nearest", ScaleRule::kNearest},
                                         {"scale-even", ScaleRule::kEven},
                                         {"scale-saturation-free", ScaleRule::kSaturationFree}};

constexpr int kDefaultStochasticBits = 32;

std::vector<std::string> modifier_names() {
  std::vector<std::string> names = {"flush", "gradual", "symmetric", "asymmetric", "axis<K>"};
  for (const auto& rounding : kRoundings) names.emplace_back(rounding.name);
  for (const auto& overflow : kOverflows) names.emplace_back(overflow.name);
  for (const auto& rule : kScaleRules) names.emplace_back(rule.name);
  return names;
}

// K of "head<K>".
std::optional<int> argument_of(const std::string& modifier, const std::string& head) {
  if (!modifier.starts_with(head + "<") || !modifier.ends_with('>')) return std::nullopt;
  const char* begin = modifier.data() + head.size() + 1;
  const char* end = modifier.data() + modifier.size() - 1;
  int value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

class ModifierReader {
 public:
  explicit ModifierReader(Format& format)
      : format_(format), rules_(family_of(format).modifiers), defaults_(format) {}

  Result<void> read(const std::string& modifier) {
    for (const auto& rounding : kRoundings) {
      if (modifier == rounding.name) return set_rounding(rounding.mode, kDefaultStochasticBits);
    }
    for (const auto& overflow : kOverflows) {
      if (modifier == overflow.name) return set_overflow(overflow.mode);
    }
    if (modifier == "flush" || modifier == "gradual") return set_flush(modifier == "flush");
    for (const auto& rule : kScaleRules) {
      if (modifier == rule.name) return set_scale_rule(rule.rule);
    }
    if (modifier == "symmetric" || modifier == "asymmetric") {
      return set_symmetry(modifier == "symmetric");
    }
    if (const auto axis = argument_of(modifier, "axis")) return set_axis(*axis);
    if (const auto bits = argument_of(modifier, "stochastic")) {
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
    std::string text = rounding_suffix(format_);
    if (format_.overflow != defaults_.overflow) {
      for (const auto& overflow : kOverflows) {
        if (overflow.mode == format_.overflow) text += std::string(":") + overflow.name;
      }
    }
    if (format_.flush_subnormals) text += ":flush";
    if (format_.scale_rule != defaults_.scale_rule) {
      for (const auto& rule : kScaleRules) {
        if (rule.rule == format_.scale_rule) text += std::string(":") + rule.name;
      }
    }
    if (format_.is_symmetric != defaults_.is_symmetric) {
      text += format_.is_symmetric ? ":symmetric" : ":asymmetric";
    }
    if (format_.axis) text += ":axis<" + std::to_string(*format_.axis) + ">";
    return text;
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
    if (!rules_.overflow && mode != OverflowMode::kSaturate) {
      return fail("E0202", "'" + format_.name + "' always saturates");
    }
    if (mode == OverflowMode::kWrap && !rules_.wrap) {
      return fail("E0202", "'wrap' needs a fixed-point format, '" + format_.name + "' is not one",
                  "", {"allowed are saturate, infinity, saturate-symmetric and error"});
    }
    if (mode == OverflowMode::kInfinity && !format_.has_infinity && format_.nan_codes.empty()) {
      return fail("E0202", "'" + format_.name + "' has neither infinities nor NaN for 'infinity'",
                  "",
                  {"allowed are saturate, saturate-symmetric, error" +
                   std::string(rules_.wrap ? " and wrap" : "")});
    }
    format_.overflow = mode;
    return {};
  }

  Result<void> set_flush(bool flush) {
    if (flush_given_) return twice("the handling of subnormals");
    flush_given_ = true;
    if (flush && !rules_.flush) {
      return fail("E0202", "'" + format_.name + "' has no subnormal numbers to flush");
    }
    if (!flush && rules_.flush && !format_.has_subnormals) {
      return fail("E0202", "'" + format_.name + "' has no subnormal numbers for 'gradual'");
    }
    format_.flush_subnormals = flush && format_.has_subnormals;
    return {};
  }

  Result<void> set_scale_rule(ScaleRule rule) {
    if (scale_rule_given_) return twice("the scale rule");
    scale_rule_given_ = true;
    if (!rules_.scale_rule) {
      return fail("E0202",
                  "'" + format_.name + "' has no power-of-two block scale for a scale rule");
    }
    format_.scale_rule = rule;
    return {};
  }

  Result<void> set_symmetry(bool symmetric) {
    if (symmetry_given_) return twice("the symmetry");
    symmetry_given_ = true;
    if (!rules_.symmetry) {
      return fail("E0202", "'" + format_.name +
                               "' has no zero point: symmetric and asymmetric are for int<W>");
    }
    if (symmetric && !format_.is_signed) {
      return fail("E0202",
                  "'" + format_.name + "' cannot be symmetric, its codes are not negative");
    }
    format_.is_symmetric = symmetric;
    return {};
  }

  Result<void> set_axis(int axis) {
    if (format_.axis) return twice("the axis");
    const bool per_tensor = rules_.symmetry && !format_.per_channel;
    if (!rules_.axis || per_tensor) {
      return fail("E0202",
                  "'" + format_.name + "' has one scale a tensor, so an axis means nothing");
    }
    if (axis < -kMaxAxis || axis >= kMaxAxis) {
      return fail("E0202", "the axis of '" + format_.name + "' must lie in -16..15");
    }
    format_.axis = axis;
    return {};
  }

  static constexpr int kMaxAxis = 16;
  Format& format_;
  const ModifierRules& rules_;
  const Format defaults_;
  bool rounding_given_ = false;
  bool overflow_given_ = false;
  bool flush_given_ = false;
  bool scale_rule_given_ = false;
  bool symmetry_given_ = false;
};

}  // namespace

std::string rounding_suffix(const Format& format) {
  if (format.rounding == RoundingMode::kNearestEven) return "";
  std::string text;
  for (const auto& rounding : kRoundings) {
    if (rounding.mode == format.rounding) text += std::string(":") + rounding.name;
  }
  const bool draws = format.rounding == RoundingMode::kStochastic;
  if (!draws || format.stochastic_bits == kDefaultStochasticBits) return text;
  return text + "<" + std::to_string(format.stochastic_bits) + ">";
}

std::string hexadecimal(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%a", x);
  return text;
}

Result<void> apply_modifiers(Format& format, const std::vector<std::string>& modifiers) {
  ModifierReader reader(format);
  for (const std::string& modifier : modifiers) {
    if (auto read = reader.read(modifier); !read) return read;
  }
  format.name += reader.suffix();
  return {};
}

}  // namespace halfulp
