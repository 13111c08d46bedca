#include <algorithm>
#include <cstdlib>
#include <limits>

#include "halfulp/enclosure/correct_rounding.hpp"
#include "finish.hpp"
#include "halfulp/support/assert.hpp"
#include "plan.hpp"
#include "power.hpp"

namespace halfulp::sim {
namespace {

// The value that passes where no format rounds it.
std::optional<Expansion> settle(const ExactSum& value, const Rounder& output, std::uint64_t index) {
  if (output) return output.round(value, index);
  return value.as_expansion();
}

std::optional<Expansion> settle(const Expansion& value, const Rounder& output, std::uint64_t index) {
  return output ? output.round(value, index) : value;
}

Expansion negated(const Expansion& x) {
  return {{0 - x.part[0], 0 - x.part[1], 0 - x.part[2]}};
}

Expansion clamped(const Expansion& x, double low, double high) {
  if (compare(x, expansion_of(low)) < 0) return expansion_of(low);
  if (compare(x, expansion_of(high)) > 0) return expansion_of(high);
  return x;
}

// Values of the functions at infinities, where the C library's are exact.
double at_infinity(ElementaryFunction f, double x) {
  switch (f) {
    case ElementaryFunction::kTanh: return std::tanh(x);
    case ElementaryFunction::kSigmoid: return x > 0 ? 1 : 0;
    case ElementaryFunction::kExp: return std::exp(x);
    case ElementaryFunction::kLog: return std::log(x);
    case ElementaryFunction::kSqrt: return std::sqrt(x);
    case ElementaryFunction::kSin:
    case ElementaryFunction::kCos: return std::numeric_limits<double>::quiet_NaN();
    case ElementaryFunction::kErf: return x > 0 ? 1 : -1;
    case ElementaryFunction::kAtan: break;  // pi / 2, no double
  }
  return x;
}

Expansion function_value(ElementaryFunction f, const Expansion& x, const Rounder& output, std::uint64_t index) {
  if (!is_finite(x) && f != ElementaryFunction::kAtan) return output.round(expansion_of(at_infinity(f, x.part[0])), index);
  return round_function(output.format(), f, x, output.random(index));
}

class Unary {
 public:
  Unary(const UnaryForm& form, const NodeRun& run)
      : form_(form), run_(run), output_(run.rounder(RoleIndex::kOutput)) {}

  std::optional<Expansion> operator()(const Expansion& x, std::size_t i) const {
    const bool negative = x.part[0] < 0;
    switch (form_.kind) {
      case UnaryKind::kNeg: return settle(negated(x), output_, i);
      case UnaryKind::kAbs: return settle(negative ? negated(x) : x, output_, i);
      case UnaryKind::kRelu: return settle(negative ? Expansion{} : x, output_, i);
      case UnaryKind::kLeakyRelu: return negative ? scaled(x, i) : settle(x, output_, i);
      case UnaryKind::kHardtanh: return settle(clamped(x, form_.low, form_.high), output_, i);
      case UnaryKind::kPower: return power(x, i);
      case UnaryKind::kTanh: return function_value(ElementaryFunction::kTanh, x, output_, i);
      case UnaryKind::kSigmoid: return function_value(ElementaryFunction::kSigmoid, x, output_, i);
      case UnaryKind::kExp: return function_value(ElementaryFunction::kExp, x, output_, i);
      case UnaryKind::kLog: return function_value(ElementaryFunction::kLog, x, output_, i);
      case UnaryKind::kSqrt: return function_value(ElementaryFunction::kSqrt, x, output_, i);
      case UnaryKind::kSin: return function_value(ElementaryFunction::kSin, x, output_, i);
      case UnaryKind::kCos: return function_value(ElementaryFunction::kCos, x, output_, i);
      case UnaryKind::kAtan: return function_value(ElementaryFunction::kAtan, x, output_, i);
      case UnaryKind::kErf: return function_value(ElementaryFunction::kErf, x, output_, i);
    }
    return x;
  }

 private:
  std::optional<Expansion> scaled(const Expansion& x, std::size_t i) const {
    ExactSum product;
    product.add_product(x, run_.plan.slope[run_.plan.slope.size() == 1 ? 0 : i]);
    return settle(product, output_, i);
  }
  std::optional<Expansion> power(const Expansion& x, std::size_t i) const {
    if (output_) return rounded_power(x, form_.exponent, output_, i);
    HALFULP_ASSERT(form_.exponent == 0 || form_.exponent == 1);
    return form_.exponent == 1 ? x : expansion_of(1);
  }

  const UnaryForm& form_;
  const NodeRun& run_;
  Rounder output_;
};

// Functions of doubles that are doubles: whole arrays, whose rounding is left to the vector kernels.
bool passes_doubles(UnaryKind kind) {
  return kind == UnaryKind::kRelu || kind == UnaryKind::kHardtanh || kind == UnaryKind::kNeg || kind == UnaryKind::kAbs;
}

Values pass_doubles(const UnaryForm& form, std::span<const double> x) {
  std::vector<double> y(x.size());
  const auto each = [&](const auto& function) { std::transform(x.begin(), x.end(), y.begin(), function); };
  switch (form.kind) {
    case UnaryKind::kNeg: each([](double v) { return 0 - v; }); break;
    case UnaryKind::kAbs: each([](double v) { return v < 0 ? 0 - v : v; }); break;
    case UnaryKind::kHardtanh:
      each([low = form.low, high = form.high](double v) {
        const double raised = v < low ? low : v;
        return raised > high ? high : raised;
      });
      break;
    default: each([](double v) { return v < 0 ? 0.0 : v; });
  }
  return Values(std::move(y));
}

Expansion quotient(const Expansion& x, const Expansion& y, const Rounder& output, std::uint64_t index) {
  if (!is_finite(x) || !is_finite(y) || y.part[0] == 0) return output.round(expansion_of(x.part[0] / y.part[0]), index);
  return round_division(output.format(), x, y, output.random(index));
}

// a op b as a double, if it is one.
std::optional<double> exact_double(BinaryKind kind, double a, double b) {
  if (kind == BinaryKind::kMultiply) {
    const double product = a * b;
    if (a == 0 || b == 0) return std::isfinite(product) ? std::optional(0.0) : std::nullopt;
    const bool exact = std::fabs(product) >= 0x1p-900 && std::fabs(product) < 0x1p1000 && std::fma(a, b, -product) == 0;
    return exact ? std::optional(product) : std::nullopt;
  }
  if (kind == BinaryKind::kSubtract) b = -b;
  const double sum = a + b, b_part = sum - a;
  const double error = (a - (sum - b_part)) + (b - b_part);
  return error == 0 && std::isfinite(sum) ? std::optional(sum + 0.0) : std::nullopt;
}

std::optional<Expansion> combine(BinaryKind kind, const Expansion& x, const Expansion& y, const Rounder& output, std::uint64_t index) {
  if (kind == BinaryKind::kDivide) return quotient(x, y, output, index);
  if (is_double(x) && is_double(y)) {
    const auto value = exact_double(kind, x.part[0], y.part[0]);
    if (value) return settle(expansion_of(*value), output, index);
  }
  ExactSum value;
  if (kind == BinaryKind::kMultiply) {
    value.add_product(x, y);
  } else {
    value.add(x);
    value.add(kind == BinaryKind::kSubtract ? negated(y) : y);
  }
  return settle(value, output, index);
}

// Sums of doubles that are doubles; nullopt if one is not.
std::optional<std::vector<double>> exact_sums(const BinaryForm& form, std::span<const double> left, std::span<const double> right) {
  std::vector<double> sums(form.left.size());
  const double sign = form.kind == BinaryKind::kSubtract ? -1 : 1;
  bool exact = true;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const double a = left[static_cast<std::size_t>(form.left[i])], b = sign * right[static_cast<std::size_t>(form.right[i])];
    const double sum = a + b, b_part = sum - a;
    exact = exact && (a - (sum - b_part)) + (b - b_part) == 0;  // NaN where something is not finite
    sums[i] = sum + 0.0;
  }
  return exact ? std::optional(std::move(sums)) : std::nullopt;
}

}  // namespace

Outcome run_unary(const UnaryForm& form, const NodeRun& run) {
  const Values& x = run.operand();
  if (passes_doubles(form.kind) && !x.wide()) {
    Values y = pass_doubles(form, x.doubles());
    if (const Rounder output = run.rounder(RoleIndex::kOutput)) output.round_all(y);
    return y;
  }
  const Unary function(form, run);
  Values result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto value = function(x[i], i);
    if (!value) return std::nullopt;
    result.set(i, *value);
  }
  return result;
}

Outcome run_binary(const BinaryForm& form, const NodeRun& run) {
  const Values& left = form.left_is_constant ? run.plan.left : run.operand(0);
  const Values& right = form.right_is_constant ? run.plan.right : run.operand(1);
  const Rounder output = run.rounder(RoleIndex::kOutput);
  if ((form.kind == BinaryKind::kAdd || form.kind == BinaryKind::kSubtract) && !left.wide() && !right.wide()) {
    if (auto sums = exact_sums(form, left.doubles(), right.doubles())) return finish(*std::move(sums), output);
  }
  Values result(form.left.size());
  for (std::size_t i = 0; i < form.left.size(); ++i) {
    const Expansion x = left[static_cast<std::size_t>(form.left[i])], y = right[static_cast<std::size_t>(form.right[i])];
    const auto value = combine(form.kind, x, y, output, i);
    if (!value) return std::nullopt;
    result.set(i, *value);
  }
  return result;
}

}  // namespace halfulp::sim
