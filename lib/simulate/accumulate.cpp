#include "accumulate.hpp"

#include <algorithm>
#include <vector>

#include "halfulp/support/assert.hpp"

namespace halfulp::sim {
namespace {

// The three orders, over any representation of partial sums. Ops: Value leaf(t) is term t, zero(), start(), and add(a, b), the sum
// rounded to the accumulator.
template <typename Ops>
typename Ops::Value sum_sequential(Ops& ops, std::size_t count) {
  auto sum = ops.start();
  for (std::size_t t = 0; t < count; ++t) sum = ops.add(sum, ops.leaf(t));
  return sum;
}

template <typename Ops>
typename Ops::Value sum_blocked(Ops& ops, std::size_t count, std::size_t block) {
  auto sum = ops.start();
  for (std::size_t first = 0; first < count; first += block) {
    auto partial = ops.zero();
    for (std::size_t t = first; t < std::min(count, first + block); ++t) partial = ops.add(partial, ops.leaf(t));
    sum = ops.add(sum, partial);
  }
  return sum;
}

template <typename Ops>
typename Ops::Value sum_tree(Ops& ops, std::size_t count) {
  if (count == 0) return ops.start();
  std::vector<typename Ops::Value> level;
  level.reserve(count);
  for (std::size_t t = 0; t < count; ++t) level.push_back(ops.leaf(t));
  while (level.size() > 1) {
    const std::size_t pairs = level.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) level[i] = ops.add(level[2 * i], level[2 * i + 1]);
    if (level.size() % 2 != 0) level[pairs] = level.back();
    level.resize((level.size() + 1) / 2);
  }
  return ops.add(ops.start(), level[0]);
}

template <typename Ops>
typename Ops::Value sum_in_order(Ops& ops, std::size_t count, const SummationOrder& order) {
  switch (order.kind) {
    case SummationOrder::Kind::kSequential: break;
    case SummationOrder::Kind::kBlocked:
      HALFULP_ASSERT(order.block > 0);
      return sum_blocked(ops, count, static_cast<std::size_t>(order.block));
    case SummationOrder::Kind::kTree: return sum_tree(ops, count);
  }
  return sum_sequential(ops, count);
}

struct Job {
  const Terms& terms;
  const Expansion& start;
  const DotRounding& rounding;
  std::uint64_t element;

  std::uint64_t product_index(std::size_t t) const { return element * rounding.depth + t; }
  std::uint64_t addition_index(std::uint64_t step) const { return element * 2 * rounding.depth + step; }
  Expansion rounded_product(std::size_t t) const {
    ExactSum product;
    product.add_product(terms.left[t], terms.right[t]);
    return rounding.product.round(product, product_index(t));
  }
};

// Partial sums of any width. A leaf keeps its two factors, because an exact product may outgrow an Expansion.
class WideOps {
 public:
  struct Value {
    Expansion x, y = expansion_of(1);
  };
  explicit WideOps(const Job& job) : job_(job) {}

  Value start() const { return {job_.start}; }
  Value zero() const { return {}; }
  Value leaf(std::size_t t) const {
    if (job_.rounding.product) return {job_.rounded_product(t)};
    return {job_.terms.left[t], job_.terms.right[t]};
  }
  Value add(const Value& a, const Value& b) {
    sum_.clear();
    sum_.add_product(a.x, a.y);
    sum_.add_product(b.x, b.y);
    return {job_.rounding.accumulator.round(sum_, job_.addition_index(step_++))};
  }

 private:
  const Job& job_;
  ExactSum sum_;
  std::uint64_t step_ = 0;
};

// Partial sums that are doubles, for products that are; `failed` when one is not, and the result is then void.
class NarrowOps {
 public:
  using Value = double;
  bool failed = false;

  explicit NarrowOps(const Job& job) : job_(job) {}
  double start() const { return job_.start.part[0]; }
  double zero() const { return 0; }
  double leaf(std::size_t t) {
    const double x = job_.terms.left.plane[0][t], y = job_.terms.right.plane[0][t];
    const double product = x * y;
    const bool exact = x == 0 || y == 0 ||
                       (std::fabs(product) >= 0x1p-900 && std::fabs(product) < 0x1p1000 && std::fma(x, y, -product) == 0);
    if (!exact || !std::isfinite(product)) {
      failed = true;
      return 0;
    }
    return job_.rounding.product ? job_.rounding.product.round_double(product, job_.product_index(t)) : product;
  }
  double add(double a, double b) {
    const std::uint64_t index = job_.addition_index(step_++);
    const double sum = a + b + 0.0;  // an exact zero is +0 on every path
    const double b_part = sum - a;
    const double error = (a - (sum - b_part)) + (b - b_part);  // TwoSum: exact while nothing overflows
    if (error == 0 || !std::isfinite(sum)) {
      failed = failed || !std::isfinite(sum);
      return job_.rounding.accumulator.round_double(sum, index);
    }
    sum_.clear();
    sum_.add(expansion_of(a));
    sum_.add(expansion_of(b));
    return job_.rounding.accumulator.round(sum_, index).part[0];
  }

 private:
  const Job& job_;
  ExactSum sum_;
  std::uint64_t step_ = 0;
};

bool suits_narrow(const Job& job) {
  const DotRounding& rounding = job.rounding;
  return !job.terms.left.wide() && !job.terms.right.wide() && is_double(job.start) && rounding.accumulator.narrow() &&
         (!rounding.product || rounding.product.narrow());
}

Expansion rounded_sum(const Job& job) {
  if (suits_narrow(job)) {
    NarrowOps ops(job);
    const double sum = sum_in_order(ops, job.terms.size(), job.rounding.order);
    if (!ops.failed) return expansion_of(sum);
  }
  WideOps ops(job);
  const WideOps::Value sum = sum_in_order(ops, job.terms.size(), job.rounding.order);
  return sum.x;
}

ExactSum exact_sum(const Job& job) {
  ExactSum sum;
  sum.add(job.start);
  const Terms& terms = job.terms;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    if (job.rounding.product) {
      sum.add(job.rounded_product(t));
    } else if (terms.left.wide() || terms.right.wide()) {
      sum.add_product(terms.left[t], terms.right[t]);
    } else {
      sum.add_product(terms.left.plane[0][t], terms.right.plane[0][t]);
    }
  }
  return sum;
}

}  // namespace

Expansion dot_product(const Terms& terms, const Expansion& start, std::uint64_t divisor, const DotRounding& rounding,
                      std::uint64_t element) {
  const Job job{terms, start, rounding, element};
  if (!rounding.accumulator) return rounding.output.round_quotient(exact_sum(job), divisor, element);
  return finish_accumulated(rounded_sum(job), divisor, rounding, element);
}

Expansion finish_accumulated(const Expansion& accumulated, std::uint64_t divisor, const DotRounding& rounding, std::uint64_t element) {
  if (!rounding.output) return accumulated;
  if (divisor == 1) return rounding.output.round(accumulated, element);
  ExactSum sum;
  sum.add(accumulated);
  return rounding.output.round_quotient(sum, divisor, element);
}

}  // namespace halfulp::sim
