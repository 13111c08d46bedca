#include "panels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "../rounder.hpp"
#include "halfulp/formats/round.hpp"
#include "panel_draws.hpp"
#include "panel_plan.hpp"

namespace halfulp::sim {
namespace {

constexpr std::size_t kPanelElements = 2048;  // sums at work, in the first cache

using Panel = std::vector<double>;

std::size_t padded(std::size_t n) { return (n + kernels::kPanelGroup - 1) / kernels::kPanelGroup * kernels::kPanelGroup; }

// Rounds what a step left.
void round_panel(const PanelRounding& rounding, const std::uint32_t* draws, std::span<const double> in, std::span<double> out) {
  if (rounding.draws()) {
    for (std::size_t i = 0; i < in.size(); ++i) out[i] = round_to(*rounding.format, in[i], draws[i]);
  } else if (rounding.plan) {
    kernels::round_elements(kernels::ElementJob<double>{*rounding.plan, in.data(), {}, out.data(), in.size(), false});
  } else {
    round_to(*rounding.format, in, out);
  }
}

// The dot products of rows [i, i + rows) with columns [j, j + columns), step by step.
class PanelSums {
 public:
  PanelSums(const Matrices& m, const GemmOptions& options, const PanelPlan& plan)
      : m_(m), order_(options.order), plan_(plan), compensated_(options.compensated),
        product_draws_({options.seed, options.stream + static_cast<std::uint64_t>(RoleIndex::kProduct), m.shape.depth}),
        sum_draws_({options.seed, options.stream + static_cast<std::uint64_t>(RoleIndex::kAccumulator),
                    (options.compensated ? 4 : 2) * m.shape.depth}) {}

  // `right`: depth x count, the columns. The result: rows x count.
  const Panel& run(std::size_t i, std::size_t rows, std::size_t j, std::size_t count, const Panel& right) {
    i_ = i;
    rows_ = rows;
    count_ = count;
    right_ = &right;
    step_ = 0;
    product_draws_.move_to(m_, i, rows, j, count);
    sum_draws_.move_to(m_, i, rows, j, count);
    set_start(j);
    if (compensated_) {
      sum_compensated();
    } else if (order_.kind == SummationOrder::Kind::kTree) {
      sum_tree();
    } else if (order_.kind == SummationOrder::Kind::kBlocked) {
      sum_blocked();
    } else {
      sum_terms(0, m_.shape.depth, sum_);
    }
    return sum_;
  }

 private:
  static constexpr double kPlus = 1, kMinus = -1;

  void set_start(std::size_t j) {
    sum_.assign(rows_ * count_, 0.0);
    for (std::size_t r = 0; r < rows_; ++r) {
      for (std::size_t s = 0; s < std::min(count_, m_.shape.columns - j); ++s) sum_[r * count_ + s] = m_.start_of(i_ + r, j + s);
    }
  }

  kernels::PanelJob job(const double* x, Panel& out) const { return {.x = x, .out = out.data(), .rows = rows_, .count = count_}; }

  void set_product(kernels::PanelJob& job, std::size_t k) const {
    job.factor = m_.a.data + i_ * m_.a.across + k * m_.a.along;
    job.factor_pitch = m_.a.across;
    job.y = right_->data() + k * count_;
  }

  // Term k, rounded if products are.
  void leaf(std::size_t k, Panel& out) {
    out.resize(rows_ * count_);
    auto job = this->job(nullptr, out);
    set_product(job, k);
    if (!plan_.product) return kernels::panel_step(nullptr, true, job);
    round_step(*plan_.product, job, plan_.product->draws() ? product_draws_.at(k) : nullptr);
  }

  // out = round(x + sign * y), addition number `step`.
  void add(const Panel& x, const double& sign, const Panel& y, std::uint64_t step, Panel& out) {
    out.resize(rows_ * count_);
    auto job = this->job(x.data(), out);
    job.factor = &sign;
    job.y = y.data();
    job.y_pitch = count_;
    round_step(plan_.sum, job, plan_.sum.draws() ? sum_draws_.at(step) : nullptr);
  }

  // sum = round(sum + term k)
  void add_term(std::size_t k, Panel& sum) {
    if (plan_.product) {
      leaf(k, term_);
      return add(sum, kPlus, term_, step_++, sum);
    }
    auto job = this->job(sum.data(), sum);
    set_product(job, k);
    const std::uint64_t step = step_++;
    round_step(plan_.sum, job, plan_.sum.draws() ? sum_draws_.at(step) : nullptr);
  }

  void round_step(const PanelRounding& rounding, kernels::PanelJob& job, const std::uint32_t* draws) {
    job.draws = draws;
    if (rounding.in_step) return kernels::panel_step(&*rounding.plan, rounding.is_exact, job);
    double* const out = job.out;
    unrounded_.resize(rows_ * count_);
    job.out = unrounded_.data();
    kernels::panel_step(nullptr, rounding.is_exact, job);
    round_panel(rounding, draws, unrounded_, {out, rows_ * count_});
  }

  void sum_terms(std::size_t first, std::size_t last, Panel& sum) {
    for (std::size_t k = first; k < last; ++k) add_term(k, sum);
  }

  void sum_blocked() {
    const auto block = static_cast<std::size_t>(order_.block), depth = m_.shape.depth;
    for (std::size_t first = 0; first < depth; first += block) {
      partial_.assign(rows_ * count_, 0.0);
      sum_terms(first, std::min(depth, first + block), partial_);
      add(sum_, kPlus, partial_, step_++, sum_);
    }
  }

  // Sums of 2^level neighbouring terms wait in levels_[level] for their right neighbour, as the bits of a binary counter do.
  // Additions are numbered level by level.
  void sum_tree() {
    const std::size_t depth = m_.shape.depth;
    if (depth == 0) return;
    std::vector<std::uint64_t> offset = {0};
    for (std::size_t n = depth; n > 1; n = (n + 1) / 2) offset.push_back(offset.back() + n / 2);
    levels_.resize(offset.size());
    for (std::size_t k = 0; k < depth; ++k) {
      leaf(k, carry_);
      std::size_t level = 0;
      for (; (k >> level & 1) != 0; ++level) add(levels_[level], kPlus, carry_, offset[level] + (k >> (level + 1)), carry_);
      std::swap(levels_[level], carry_);
    }
    // What is left has no right neighbour; it rises until it is one.
    std::size_t level = static_cast<std::size_t>(std::countr_zero(depth));
    std::swap(carry_, levels_[level]);
    for (++level; level < offset.size(); ++level) {
      if ((depth >> level & 1) != 0) add(levels_[level], kPlus, carry_, offset[level] + ((depth - 1) >> (level + 1)), carry_);
    }
    add(sum_, kPlus, carry_, offset.back(), sum_);
  }

  void sum_compensated() {
    error_.assign(rows_ * count_, 0.0);
    for (std::size_t k = 0; k < m_.shape.depth; ++k) {
      leaf(k, term_);
      add(term_, kMinus, error_, step_++, term_);
      add(sum_, kPlus, term_, step_++, partial_);
      add(partial_, kMinus, sum_, step_++, error_);
      add(error_, kMinus, term_, step_++, error_);
      std::swap(sum_, partial_);
    }
  }

  const Matrices& m_;
  SummationOrder order_;
  const PanelPlan& plan_;
  bool compensated_;
  PanelDraws product_draws_, sum_draws_;
  std::size_t i_ = 0, rows_ = 0, count_ = 0;
  const Panel* right_ = nullptr;
  std::uint64_t step_ = 0;
  Panel sum_, term_, partial_, error_, carry_, unrounded_;
  std::vector<Panel> levels_;
};

// Columns [j, j + count) of the right operand, depth x padded count.
void pack(const Matrices& m, std::size_t j, std::size_t count, Panel& out) {
  const std::size_t pitch = padded(count), depth = m.shape.depth;
  out.assign(depth * pitch, 0.0);
  const double* from = m.b.data + j * m.b.across;
  if (m.b.across == 1) {
    for (std::size_t k = 0; k < depth; ++k) std::copy_n(from + k * m.b.along, count, out.data() + k * pitch);
    return;
  }
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t k = 0; k < depth; ++k) out[k * pitch + s] = from[s * m.b.across + k * m.b.along];
  }
}

// Lanes run along columns: few columns are made rows.
constexpr std::size_t kFewColumns = 8;

Matrices turned(const Matrices& m) {
  Matrices t{.shape = {m.shape.columns, m.shape.rows, m.shape.depth}, .a = m.b, .b = m.a, .start = m.start, .start_by_row = !m.start_by_row};
  t.first_element = m.first_element;
  t.element_row = m.element_column;
  t.element_column = m.element_of(1, 0) - m.element_of(0, 0);
  return t;
}

std::vector<std::size_t> run(const Matrices& m, const GemmOptions& options, const PanelPlan& plan, std::span<double> c) {
  const auto [rows, columns, depth] = m.shape;
  PanelSums sums(m, options, plan);
  std::vector<std::size_t> left;
  Panel right;
  for (std::size_t j = 0; j < columns; j += kPanelElements) {
    const std::size_t count = std::min(kPanelElements, columns - j), pitch = padded(count);
    pack(m, j, count, right);
    const std::size_t high = kPanelElements / pitch;
    for (std::size_t i = 0; i < rows; i += high) {
      const std::size_t tall = std::min(high, rows - i);
      const Panel& result = sums.run(i, tall, j, pitch, right);
      for (std::size_t r = 0; r < tall; ++r) {
        for (std::size_t s = 0; s < count; ++s) {
          const std::size_t element = (i + r) * columns + j + s;
          c[element] = result[r * pitch + s];
          if (!std::isfinite(c[element])) left.push_back(element);
        }
      }
    }
  }
  return left;
}

}  // namespace

std::optional<std::vector<std::size_t>> accumulate_panels(const Matrices& m, const GemmOptions& options, const Operand& a, const Operand& b,
                                                          std::span<double> c) {
  const auto plan = plan_panels(options, a, b, m.start);
  if (!plan) return std::nullopt;
  const auto [rows, columns, depth] = m.shape;
  if (columns > kFewColumns || rows <= columns) return run(m, options, *plan, c);
  std::vector<double> turned_c(c.size());
  auto left = run(turned(m), options, *plan, turned_c);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) c[i * columns + j] = turned_c[j * rows + i];
  }
  for (std::size_t& element : left) element = element % rows * columns + element / rows;
  return left;
}

}  // namespace halfulp::sim
