#include "dot_error.hpp"

#include <algorithm>

namespace halfulp {
namespace {

class Summation {
 public:
  Summation(const Format* accumulator, ValueGrid grid, DotEffect& effect) : accumulator_(accumulator), grid_(grid), effect_(effect) {}

  Interval add(const Interval& a, const Interval& b) {
    const Interval sum = a + b;
    effect_.partial_range = hull(effect_.partial_range, sum);
    if (accumulator_ == nullptr) return sum;
    const RoundingEffect rounding = rounding_effect(*accumulator_, sum, grid_);
    effect_.accumulator_error += rounding.error;
    effect_.accumulator_overflow = effect_.accumulator_overflow || rounding.overflow;
    return rounding.after;
  }

  Interval in_sequence(Interval start, const Interval* first, const Interval* last) {
    for (; first != last; ++first) start = add(start, *first);
    return start;
  }

  Interval as_tree(std::vector<Interval> terms) {
    if (terms.empty()) return {0};
    while (terms.size() > 1) {
      std::vector<Interval> level;
      for (std::size_t i = 0; i + 1 < terms.size(); i += 2) level.push_back(add(terms[i], terms[i + 1]));
      if (terms.size() % 2 == 1) level.push_back(terms.back());
      terms = std::move(level);
    }
    return terms[0];
  }

 private:
  const Format* accumulator_;
  ValueGrid grid_;
  DotEffect& effect_;
};

void round_products(const Format& format, DotTerms& terms, DotEffect& effect) {
  const ValueGrid grid{.lsb = terms.product_lsb, .held = std::nullopt};
  for (Interval& product : terms.products) {
    effect.product_range = hull(effect.product_range, product);
    const RoundingEffect rounding = rounding_effect(format, product, grid);
    effect.product_error += rounding.error;
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
  Summation summation(formats.accumulator ? &*formats.accumulator : nullptr, grid, effect);
  const Interval* first = terms.products.data();
  const Interval* last = first + terms.products.size();
  switch (formats.order.kind) {
    case SummationOrder::Kind::kSequential:
      effect.sum = summation.in_sequence(terms.bias, first, last);
      break;
    case SummationOrder::Kind::kBlocked: {
      std::vector<Interval> blocks;
      const auto block = std::max<std::int64_t>(formats.order.block, 1);
      while (first != last) {
        const Interval* end = first + std::min<std::int64_t>(block, last - first);
        blocks.push_back(summation.in_sequence(0.0, first, end));
        first = end;
      }
      effect.sum = summation.in_sequence(terms.bias, blocks.data(), blocks.data() + blocks.size());
      break;
    }
    case SummationOrder::Kind::kTree:
      effect.sum = summation.add(terms.bias, summation.as_tree(terms.products));
      break;
  }
  return effect;
}

}  // namespace halfulp
