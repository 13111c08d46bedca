#include "dot_error.hpp"

#include <algorithm>

namespace halfulp {
namespace {

// A partial sum, and whether it is a value of the accumulator's format.
struct Partial {
  Interval value;
  bool held = false;
};

double add_square_up(double sum, const Interval& error) { return add_up(sum, mul_up(magnitude(error), magnitude(error))); }

class Summation {
 public:
  Summation(const Format* accumulator, const ValueGrid& grid, DotEffect& effect) : accumulator_(accumulator), effect_(effect) {
    if (accumulator != nullptr) rule_.emplace(*accumulator, grid);
  }

  Partial add(const Partial& a, const Partial& b) {
    const Interval sum = a.value + b.value;
    effect_.partial_range = hull(effect_.partial_range, sum);
    if (accumulator_ == nullptr) return {sum};
    RoundingEffect rounding = rule_->effect(sum);
    if (!rounding.overflow) {
      if (a.held) rounding.error = near_candidate(*accumulator_, rounding.error, magnitude(b.value));
      if (b.held) rounding.error = near_candidate(*accumulator_, rounding.error, magnitude(a.value));
      rounding.after = intersect(rounding.after, sum + rounding.error);
    }
    effect_.accumulator_error += rounding.error;
    effect_.accumulator_square = add_square_up(effect_.accumulator_square, rounding.error);
    effect_.accumulator_overflow = effect_.accumulator_overflow || rounding.overflow;
    return {rounding.after, true};
  }

  Partial in_sequence(Partial start, const Partial* first, const Partial* last) {
    for (; first != last; ++first) start = add(start, *first);
    return start;
  }

  Partial as_tree(std::vector<Partial> terms) {
    if (terms.empty()) return {0, true};
    while (terms.size() > 1) {
      std::vector<Partial> level;
      for (std::size_t i = 0; i + 1 < terms.size(); i += 2) level.push_back(add(terms[i], terms[i + 1]));
      if (terms.size() % 2 == 1) level.push_back(terms.back());
      terms = std::move(level);
    }
    return terms[0];
  }

 private:
  const Format* accumulator_;
  std::optional<RoundingRule> rule_;
  DotEffect& effect_;
};

void round_products(const Format& format, DotTerms& terms, DotEffect& effect) {
  const ValueGrid grid{.lsb = terms.product_lsb, .held = std::nullopt};
  RoundingRule rule(format, grid);
  for (Interval& product : terms.products) {
    effect.product_range = hull(effect.product_range, product);
    const RoundingEffect rounding = rule.effect(product);
    effect.product_error += rounding.error;
    effect.product_square = add_square_up(effect.product_square, rounding.error);
    effect.product_overflow = effect.product_overflow || rounding.overflow;
    product = rounding.after;
  }
  terms.product_lsb = grid_after(format, grid, effect.product_overflow).lsb;
}

}  // namespace

DotEffect dot_effect(const NodeFormats& formats, DotTerms terms) {
  DotEffect effect;
  effect.partial_range = terms.bias;
  if (formats.product) round_products(*formats.product, terms, effect);
  ValueGrid grid;
  if (terms.product_lsb != ValueGrid::kUnknown) grid.lsb = std::min(terms.product_lsb, terms.bias_lsb);
  const Format* accumulator = formats.accumulator ? &*formats.accumulator : nullptr;
  const bool products_held = accumulator != nullptr && formats.product && is_exact_on(*accumulator, {.held = formats.product});
  const bool no_bias = terms.bias.lo == 0 && terms.bias.hi == 0;
  const Partial start{terms.bias, no_bias || (accumulator != nullptr && terms.bias_held && is_exact_on(*accumulator, {.held = terms.bias_held}))};
  std::vector<Partial> products;
  products.reserve(terms.products.size());
  for (const Interval& product : terms.products) products.push_back({product, products_held});
  Summation summation(accumulator, grid, effect);
  const Partial* first = products.data();
  const Partial* last = first + products.size();
  switch (formats.order.kind) {
    case SummationOrder::Kind::kSequential:
      effect.sum = summation.in_sequence(start, first, last).value;
      break;
    case SummationOrder::Kind::kBlocked: {
      std::vector<Partial> blocks;
      const auto block = std::max<std::int64_t>(formats.order.block, 1);
      while (first != last) {
        const Partial* end = first + std::min<std::int64_t>(block, last - first);
        blocks.push_back(summation.in_sequence({0, true}, first, end));
        first = end;
      }
      effect.sum = summation.in_sequence(start, blocks.data(), blocks.data() + blocks.size()).value;
      break;
    }
    case SummationOrder::Kind::kTree:
      effect.sum = summation.add(start, summation.as_tree(std::move(products))).value;
      break;
  }
  return effect;
}

}  // namespace halfulp
