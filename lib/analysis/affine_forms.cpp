#include "affine_forms.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "linear_kernels.hpp"
#include "relaxation.hpp"
#include "unary_rules.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kMostSymbols = 1024;
constexpr std::int64_t kMostCoefficients = std::int64_t{1} << 23;

// midpoint, and a bound of how far the interval reaches from it.
double split(const Interval& x, double& reach) {
  const double middle = midpoint(x);
  reach = std::max(add_up(x.hi, -middle), add_up(middle, -x.lo));
  return middle;
}

// x as a double, and what that leaves out added to `missed`.
double nearest(const Interval& x, double& missed) {
  double reach = 0;
  const double middle = split(x, reach);
  missed = add_up(missed, reach);
  return middle;
}

// How far an element may be from its center: sum |coefficient| + radius, rounded up.
double deviation(const AffineForm& form, std::size_t i) {
  double sum = form.radius[i];
  for (const auto& symbol : form.coefficient) sum = add_up(sum, std::fabs(symbol[i]));
  return sum;
}

bool is_zero(const std::vector<double>& x) {
  return std::all_of(x.begin(), x.end(), [](double v) { return v == 0; });
}

std::vector<Interval> points(const std::vector<double>& x) { return {x.begin(), x.end()}; }

}  // namespace

AffineForms::AffineForms(const Prepared& prepared) : prepared_(prepared), forms_(prepared.graph->nodes.size()) {
  std::int64_t widest = 1;
  for (const LoweredNode& node : prepared.graph->nodes) widest = std::max(widest, node.size);
  most_symbols_ = std::min(kMostSymbols, static_cast<std::size_t>(kMostCoefficients / widest));
}

const AffineForm& AffineForms::operand(NodeId id, std::size_t index) const {
  return forms_[static_cast<std::size_t>((*prepared_.graph)[id].operands[index])];
}

// Symbols for the largest offsets, as far as they go; the rest into the radius.
void AffineForms::take_symbols(AffineForm& form, std::vector<double> offset) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < offset.size(); ++i) {
    if (offset[i] > 0 && std::isfinite(offset[i])) order.push_back(i);
  }
  const std::size_t count = std::min(order.size(), most_symbols_ - symbols_);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) { return offset[a] != offset[b] ? offset[a] > offset[b] : a < b; });
  if (count > 0) form.coefficient.resize(symbols_ + count, std::vector<double>(offset.size(), 0.0));
  for (std::size_t k = 0; k < count; ++k) {
    form.coefficient[symbols_ + k][order[k]] = offset[order[k]];
    offset[order[k]] = 0;
  }
  symbols_ += count;
  for (std::size_t i = 0; i < offset.size(); ++i) form.radius[i] = add_up(form.radius[i], offset[i]);
}

AffineForm AffineForms::around(const std::vector<Interval>& values, bool with_symbols) {
  AffineForm form{std::vector<double>(values.size()), std::vector<double>(values.size(), 0.0), {}};
  std::vector<double> reach(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool bounded = std::isfinite(values[i].lo) && std::isfinite(values[i].hi);
    if (bounded) form.center[i] = split(values[i], reach[i]);
    else reach[i] = HUGE_VAL;
  }
  if (with_symbols) take_symbols(form, std::move(reach));
  else form.radius = std::move(reach);
  return form;
}

std::optional<AffineForm> AffineForms::linear(NodeId id, const LinearMap& map) const {
  const AffineForm& x = operand(id, 0);
  if (!std::all_of(x.radius.begin(), x.radius.end(), [](double r) { return std::isfinite(r); })) return std::nullopt;
  const auto size = static_cast<std::size_t>(map.outputs);
  AffineForm y{std::vector<double>(size), std::vector<double>(size, 0.0), {}};
  std::vector<Interval> image(size);
  const auto note = [&](std::vector<double>& to) {
    for (std::size_t i = 0; i < size; ++i) to[i] = nearest(image[i], y.radius[i]);
  };
  apply<Interval>(map, {&map.weight, &map.weight_radius, &map.bias, &map.bias_radius}, points(x.center).data(), image.data());
  note(y.center);
  const Parameters without_bias{&map.weight, &map.weight_radius, nullptr, nullptr};
  for (const auto& symbol : x.coefficient) {
    y.coefficient.emplace_back(size, 0.0);
    if (is_zero(symbol)) continue;
    apply<Interval>(map, without_bias, points(symbol).data(), image.data());
    note(y.coefficient.back());
  }
  if (is_zero(x.radius)) return y;
  std::vector<Interval> rest;
  for (const double r : x.radius) rest.emplace_back(-r, r);
  apply<Interval>(map, without_bias, rest.data(), image.data());
  for (std::size_t i = 0; i < size; ++i) y.radius[i] = add_up(y.radius[i], magnitude(image[i]));
  return y;
}

// f(x) = s x + offset over the range, from the two lines of the relaxation moved to one slope.
AffineForm AffineForms::unary(NodeId id, const UnaryForm& form, const std::vector<Interval>& range) {
  const AffineForm& x = operand(id, 0);
  AffineForm y{std::vector<double>(range.size()), std::vector<double>(range.size(), 0.0), {}};
  y.coefficient.assign(x.coefficient.size(), std::vector<double>(range.size(), 0.0));
  std::vector<double> offset(range.size(), 0.0);
  for (std::size_t i = 0; i < range.size(); ++i) {
    const Relaxation lines = relax(form, form.slope.empty() ? 0.0 : slope_of(form, i), range[i]);
    const bool bounded = std::isfinite(lines.lower_intercept) && std::isfinite(lines.upper_intercept) && std::isfinite(x.radius[i]);
    const double s = bounded ? lines.upper_slope : 0;
    Interval between(-HUGE_VAL, HUGE_VAL);
    if (bounded) {
      const Interval below = (Interval(lines.lower_slope) - Interval(s)) * range[i] + Interval(lines.lower_intercept);
      between = Interval(std::min(below.lo, lines.upper_intercept), lines.upper_intercept);
    } else {
      between = unary_value(form, form.slope.empty() ? 0.0 : slope_of(form, i), range[i]);
    }
    if (!std::isfinite(between.lo) || !std::isfinite(between.hi)) {
      y.radius[i] = HUGE_VAL;
      continue;
    }
    const double middle = split(between, offset[i]);
    y.center[i] = nearest(Interval(s) * Interval(x.center[i]) + Interval(middle), y.radius[i]);
    for (std::size_t k = 0; k < x.coefficient.size(); ++k) {
      if (s != 0 && x.coefficient[k][i] != 0) y.coefficient[k][i] = nearest(Interval(s) * Interval(x.coefficient[k][i]), y.radius[i]);
    }
    if (s != 0) y.radius[i] = add_up(y.radius[i], mul_up(std::fabs(s), x.radius[i]));
  }
  take_symbols(y, std::move(offset));
  return y;
}

std::optional<AffineForm> AffineForms::binary(NodeId id, const BinaryForm& form) const {
  if (form.kind == BinaryKind::kDivide) return std::nullopt;
  const AffineForm &a = operand(id, 0), &b = operand(id, 1);
  const std::size_t size = form.left.size(), symbols = std::max(a.coefficient.size(), b.coefficient.size());
  const auto part = [](const AffineForm& x, std::size_t k, std::size_t i) { return Interval(k < x.coefficient.size() ? x.coefficient[k][i] : 0.0); };
  const Interval sign(form.kind == BinaryKind::kSubtract ? -1.0 : 1.0);
  AffineForm y{std::vector<double>(size), std::vector<double>(size, 0.0), std::vector<std::vector<double>>(symbols, std::vector<double>(size, 0.0))};
  for (std::size_t i = 0; i < size; ++i) {
    const auto l = static_cast<std::size_t>(form.left[i]), r = static_cast<std::size_t>(form.right[i]);
    if (!std::isfinite(a.radius[l]) || !std::isfinite(b.radius[r])) {
      y.radius[i] = HUGE_VAL;
      continue;
    }
    const bool product = form.kind == BinaryKind::kMultiply;
    // A product's first order: a b0 + a0 b - a0 b0, and what the deviations of both make together.
    const Interval of_a = product ? Interval(b.center[r]) : Interval(1), of_b = product ? Interval(a.center[l]) : sign;
    const Interval center = product ? Interval(a.center[l]) * Interval(b.center[r]) : Interval(a.center[l]) + sign * Interval(b.center[r]);
    y.center[i] = nearest(center, y.radius[i]);
    for (std::size_t k = 0; k < symbols; ++k) y.coefficient[k][i] = nearest(of_a * part(a, k, l) + of_b * part(b, k, r), y.radius[i]);
    y.radius[i] = add_up(y.radius[i], add_up(mul_up(magnitude(of_a), a.radius[l]), mul_up(magnitude(of_b), b.radius[r])));
    if (product) y.radius[i] = add_up(y.radius[i], mul_up(deviation(a, l), deviation(b, r)));
  }
  return y;
}

AffineForm AffineForms::gather(NodeId id, const GatherForm& form) const {
  const std::size_t size = form.source.size();
  AffineForm y{std::vector<double>(size, form.fill), std::vector<double>(size, 0.0), {}};
  std::int64_t first = 0;
  for (std::size_t o = 0; o < (*prepared_.graph)[id].operands.size(); ++o) {
    const AffineForm& x = operand(id, o);
    const auto end = first + static_cast<std::int64_t>(x.center.size());
    if (y.coefficient.size() < x.coefficient.size()) y.coefficient.resize(x.coefficient.size(), std::vector<double>(size, 0.0));
    for (std::size_t i = 0; i < size; ++i) {
      if (form.source[i] < first || form.source[i] >= end) continue;
      const auto from = static_cast<std::size_t>(form.source[i] - first);
      y.center[i] = x.center[from];
      y.radius[i] = x.radius[from];
      for (std::size_t k = 0; k < x.coefficient.size(); ++k) y.coefficient[k][i] = x.coefficient[k][from];
    }
    first = end;
  }
  return y;
}

std::vector<Interval> AffineForms::enclose(NodeId id, const std::vector<Interval>& operand_range, const std::vector<Interval>& own) {
  const Form& form = (*prepared_.graph)[id].form;
  std::optional<AffineForm> y;
  if (const auto* map = std::get_if<LinearForm>(&form)) y = linear(id, map->map);
  if (const auto* moved = std::get_if<GatherForm>(&form)) y = gather(id, *moved);
  if (const auto* function = std::get_if<UnaryForm>(&form)) y = unary(id, *function, operand_range);
  if (const auto* pair = std::get_if<BinaryForm>(&form)) y = binary(id, *pair);
  if (!y) y = around(own, std::holds_alternative<SourceForm>(form));
  std::vector<Interval> result;
  for (std::size_t i = 0; i < y->center.size(); ++i) {
    const double reach = deviation(*y, i);
    result.push_back(std::isfinite(reach) ? Interval(y->center[i]) + Interval(-reach, reach) : Interval(-HUGE_VAL, HUGE_VAL));
  }
  forms_[static_cast<std::size_t>(id)] = *std::move(y);
  return result;
}

}  // namespace halfulp
