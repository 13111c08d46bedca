#include "backward_ranges.hpp"

#include <algorithm>
#include <cmath>

#include "pullback.hpp"
#include "unary_rules.hpp"

namespace halfulp {
namespace {

// Rows come in pairs: rows [0, n) bound from below, rows [n, 2 n) from above.
template <typename I>
class RelaxationPass {
 public:
  RelaxationPass(const Prepared& prepared, const States<I>& states, std::int64_t rows, RelaxationCache& cache,
                 const RowChoices& choices)
      : prepared_(prepared), states_(states), half_(rows), cache_(cache), choices_(choices), constant_(static_cast<std::size_t>(2 * rows), I(0.0)),
        coefficients_(prepared.graph->nodes.size()) {
    cache_.by_node.resize(prepared.graph->nodes.size());
  }

  std::vector<I> run(NodeId target, const std::vector<I>& functional) {
    auto& start = coefficients_[static_cast<std::size_t>(target)];
    start = functional;
    start.insert(start.end(), functional.begin(), functional.end());
    for (id_ = target; id_ >= 0; --id_) {
      auto& rows = coefficients_[static_cast<std::size_t>(id_)];
      if (rows.empty()) continue;
      node_ = &(*prepared_.graph)[id_];
      std::visit(*this, node_->form);
      std::vector<I>().swap(rows);
    }
    std::vector<I> bounds;
    for (std::int64_t row = 0; row < half_; ++row) {
      const I& low = constant_[static_cast<std::size_t>(row)];
      const I& high = constant_[static_cast<std::size_t>(half_ + row)];
      bounds.push_back(hull(low, high));
    }
    return bounds;
  }

  void operator()(const SourceForm&) {
    for (std::int64_t i = 0; i < node_->size; ++i) concretize_element(i);
  }

  void operator()(const GatherForm& form) {
    for (std::size_t i = 0; i < form.source.size(); ++i) {
      if (form.source[i] < 0) add_constant(static_cast<std::int64_t>(i), I(form.fill));
    }
    concretize_constant_operands(form);
    pull_back(prepared_, states_, id_, 2 * half_, coefficients_);
  }

  void operator()(const LinearForm& form) {
    const LinearMap& map = form.map;
    for (std::int64_t g = 0; g < map.groups && !map.bias.empty(); ++g) {
      for (std::int64_t m = 0; m < map.channels; ++m) {
        const auto channel = static_cast<std::size_t>(g * map.channels + m);
        I bias(map.bias[channel]);
        if (!map.bias_radius.empty()) bias += I(-map.bias_radius[channel], map.bias_radius[channel]);
        for (std::int64_t p = 0; p < map.positions; ++p) {
          const std::uint32_t divisor = map.divisor_of(p);
          add_constant(map.output_of(g, m, p), divisor == 1 ? bias : bias / I(static_cast<double>(divisor)));
        }
      }
    }
    pull_back(prepared_, states_, id_, 2 * half_, coefficients_);
  }

  void operator()(const UnaryForm& form) {
    const auto& lines = relaxations(form);
    auto& to = target(0);
    for (std::int64_t i = 0; i < node_->size; ++i) {
      split_by_sign(i, [&](std::int64_t row, const I& c, bool from_below) {
        const Relaxation line = chosen_line(form, lines, row, i);
        const double slope = from_below ? line.lower_slope : line.upper_slope;
        const double intercept = from_below ? line.lower_intercept : line.upper_intercept;
        to[static_cast<std::size_t>(row * node_->size + i)] += c * I(slope);
        add_product(constant_[static_cast<std::size_t>(row)], c, I(intercept));
      });
    }
  }

  void operator()(const BinaryForm& form) {
    for (std::int64_t i = 0; i < node_->size; ++i) {
      const auto l = static_cast<std::size_t>(form.left[static_cast<std::size_t>(i)]);
      const auto r = static_cast<std::size_t>(form.right[static_cast<std::size_t>(i)]);
      if (form.kind == BinaryKind::kMultiply) {
        multiply(i, l, r);
      } else if (form.kind == BinaryKind::kDivide) {
        concretize_element(i);
      } else {
        const I sign(form.kind == BinaryKind::kAdd ? 1.0 : -1.0);
        for (std::int64_t row = 0; row < 2 * half_; ++row) {
          const I c = coefficient(row, i);
          if (lower(c) == 0 && upper(c) == 0) continue;
          add(0, row, l, c);
          add(1, row, r, c * sign);
        }
      }
    }
  }

  void operator()(const MaxForm& form) {
    const auto& x = at(states_, node_->operands[0]).real;
    for (std::int64_t i = 0; i < node_->size; ++i) {
      const std::int32_t* first = form.members.data() + form.first[static_cast<std::size_t>(i)];
      const std::int32_t* last = form.members.data() + form.first[static_cast<std::size_t>(i + 1)];
      const std::int32_t best = *std::max_element(first, last, [&](std::int32_t a, std::int32_t b) {
        return lower(x[static_cast<std::size_t>(a)]) < lower(x[static_cast<std::size_t>(b)]);
      });
      const bool decided = std::all_of(first, last, [&](std::int32_t a) {
        return a == best || upper(x[static_cast<std::size_t>(a)]) <= lower(x[static_cast<std::size_t>(best)]);
      });
      const double ceiling = upper(at(states_, id_).real[static_cast<std::size_t>(i)]);
      split_by_sign(i, [&](std::int64_t row, const I& c, bool from_below) {
        if (decided || from_below) add(0, row, static_cast<std::size_t>(best), c);
        else add_product(constant_[static_cast<std::size_t>(row)], c, I(ceiling));
      });
    }
  }

  void operator()(const SoftmaxForm&) { concretize_all(); }
  void operator()(const DotForm&) { concretize_all(); }

 private:
  const I& coefficient(std::int64_t row, std::int64_t i) const {
    return coefficients_[static_cast<std::size_t>(id_)][static_cast<std::size_t>(row * node_->size + i)];
  }

  std::vector<I>& target(std::size_t operand) {
    const NodeId id = node_->operands[operand];
    auto& rows = coefficients_[static_cast<std::size_t>(id)];
    if (rows.empty()) rows.assign(static_cast<std::size_t>(2 * half_ * (*prepared_.graph)[id].size), I(0.0));
    return rows;
  }

  void add(std::size_t operand, std::int64_t row, std::size_t index, const I& c) {
    target(operand)[static_cast<std::size_t>(row * (*prepared_.graph)[node_->operands[operand]].size) + index] += c;
  }

  void add_constant(std::int64_t i, const I& value) {
    for (std::int64_t row = 0; row < 2 * half_; ++row) {
      add_product(constant_[static_cast<std::size_t>(row)], coefficient(row, i), value);
    }
  }

  // Replaces the element by its range.
  void concretize_element(std::int64_t i) { add_constant(i, at(states_, id_).real[static_cast<std::size_t>(i)]); }

  void concretize_all() {
    for (std::int64_t i = 0; i < node_->size; ++i) concretize_element(i);
  }

  // pull_back does not pass anything to constants: their share of a Gather is added here.
  void concretize_constant_operands(const GatherForm& form) {
    std::int64_t start = 0;
    for (const NodeId operand : node_->operands) {
      const LoweredNode& source = (*prepared_.graph)[operand];
      const auto* leaf = std::get_if<SourceForm>(&source.form);
      if (leaf != nullptr && leaf->is_constant) {
        for (std::size_t i = 0; i < form.source.size(); ++i) {
          const std::int64_t from = form.source[i] - start;
          if (form.source[i] < 0 || from < 0 || from >= source.size) continue;
          add_constant(static_cast<std::int64_t>(i), at(states_, operand).real[static_cast<std::size_t>(from)]);
        }
      }
      start += source.size;
    }
  }

  // visit(row, coefficient, use_lower_line): a bound from below takes the lower line where its coefficient is positive.
  template <typename Visit>
  void split_by_sign(std::int64_t i, Visit&& visit) {
    for (std::int64_t row = 0; row < 2 * half_; ++row) {
      const I c = coefficient(row, i);
      if (lower(c) == 0 && upper(c) == 0) continue;
      const bool below = row < half_;
      if (lower(c) >= 0) {
        visit(row, c, below);
      } else if (upper(c) <= 0) {
        visit(row, c, !below);
      } else {
        add_product(constant_[static_cast<std::size_t>(row)], c, at(states_, id_).real[static_cast<std::size_t>(i)]);
      }
    }
  }

  // McCormick: with x in [a, b], y in [c, d]: x y >= a y + c x - a c, and <= b y + c x - b c.
  void multiply(std::int64_t i, std::size_t l, std::size_t r) {
    const I& x = at(states_, node_->operands[0]).real[l];
    const I& y = at(states_, node_->operands[1]).real[r];
    const I a(lower(x)), b(upper(x)), c(lower(y));
    if (!std::isfinite(lower(x)) || !std::isfinite(upper(x)) || !std::isfinite(lower(y))) return concretize_element(i);
    split_by_sign(i, [&](std::int64_t row, const I& k, bool from_below) {
      const I& edge = from_below ? a : b;
      add(1, row, r, k * edge);
      add(0, row, l, k * c);
      add_product(constant_[static_cast<std::size_t>(row)], k, -(edge * c));
    });
  }

  const std::vector<Relaxation>& relaxations(const UnaryForm& form) {
    auto& lines = cache_.by_node[static_cast<std::size_t>(id_)];
    if (!lines.empty()) return lines;
    const auto& x = at(states_, node_->operands[0]).real;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double slope = form.slope.empty() ? 0.0 : slope_of(form, i);
      lines.push_back(relax(form, slope, to_double(x[i])));
    }
    return lines;
  }

  Relaxation chosen_line(const UnaryForm& form, const std::vector<Relaxation>& defaults, std::int64_t row, std::int64_t i) const {
    const auto e = static_cast<std::size_t>(i);
    if (choices_.empty() || choices_[static_cast<std::size_t>(id_)].empty()) return defaults[e];
    const SlopeChoice& choice = choices_[static_cast<std::size_t>(id_)][static_cast<std::size_t>(row * node_->size + i)];
    if (choice.lower < 0 && choice.upper < 0) return defaults[e];
    const Interval range = to_double(at(states_, node_->operands[0]).real[e]);
    return relax(form, form.slope.empty() ? 0.0 : slope_of(form, e), range, choice);
  }

  const Prepared& prepared_;
  const States<I>& states_;
  std::int64_t half_;
  RelaxationCache& cache_;
  const RowChoices& choices_;
  std::vector<I> constant_;
  Coefficients<I> coefficients_;
  NodeId id_ = 0;
  const LoweredNode* node_ = nullptr;
};

}  // namespace

template <typename I>
std::vector<I> backward_ranges(const Prepared& prepared, const States<I>& states, NodeId target, const std::vector<I>& functional,
                               std::int64_t rows, RelaxationCache& cache, const RowChoices& choices) {
  RelaxationPass<I> pass(prepared, states, rows, cache, choices);
  return pass.run(target, functional);
}

template std::vector<Interval> backward_ranges(const Prepared&, const States<Interval>&, NodeId, const std::vector<Interval>&,
                                               std::int64_t, RelaxationCache&, const RowChoices&);
template std::vector<MpInterval> backward_ranges(const Prepared&, const States<MpInterval>&, NodeId,
                                                 const std::vector<MpInterval>&, std::int64_t, RelaxationCache&,
                                                 const RowChoices&);

}  // namespace halfulp
