#include "slope_search.hpp"

#include <algorithm>
#include <cmath>

#include "plain_linear.hpp"
#include "unary_rules.hpp"

namespace halfulp {
namespace {

constexpr double kFirstStep = 0.35, kStepDecay = 0.9;        // of choices in [0, 1]
constexpr double kMomentum = 0.8, kSquareMomentum = 0.95;    // as in Adam (Kingma and Ba, 2015)

// The free choices of one node and their moments.
struct NodeChoices {
  std::vector<LineFamily> lower, upper;        // by element
  std::vector<SlopeChoice> now, best;          // rows x size
  std::vector<float> mean, square;             // of the gradient; the one line a row uses at an element
  bool is_free = false;
};

class SlopeSearch {
 public:
  SlopeSearch(const Prepared& prepared, const States<Interval>& states, NodeId target, const std::vector<std::int64_t>& elements)
      : prepared_(prepared), graph_(*prepared.graph), states_(states), target_(target), elements_(elements),
        half_(static_cast<std::int64_t>(elements.size())), rows_(2 * half_), coefficients_(graph_.nodes.size()),
        values_(graph_.nodes.size()), choices_(graph_.nodes.size()), best_(static_cast<std::size_t>(rows_), -HUGE_VAL) {}

  RowChoices run(int steps) {
    find_upstream();
    if (!collect_choices()) return {};
    for (int step = 0; step <= steps; ++step) {
      backward();
      forward();
      keep_best();
      if (step < steps) move(step);
    }
    RowChoices result(graph_.nodes.size());
    for (std::size_t n = 0; n < result.size(); ++n) {
      if (choices_[n].is_free) result[n] = std::move(choices_[n].best);
    }
    return result;
  }

 private:
  bool is_constant(NodeId id) const {
    const auto* source = std::get_if<SourceForm>(&graph_[id].form);
    return source != nullptr && source->is_constant;
  }

  void find_upstream() {
    upstream_.assign(graph_.nodes.size(), false);
    upstream_[static_cast<std::size_t>(target_)] = true;
    for (NodeId id = target_; id >= 0; --id) {
      if (!upstream_[static_cast<std::size_t>(id)]) continue;
      for (const NodeId operand : graph_[id].operands) upstream_[static_cast<std::size_t>(operand)] = true;
    }
  }

  bool collect_choices() {
    bool any = false;
    for (NodeId id = 0; id <= target_; ++id) {
      const auto* form = std::get_if<UnaryForm>(&graph_[id].form);
      if (form == nullptr || !upstream_[static_cast<std::size_t>(id)]) continue;
      NodeChoices& own = choices_[static_cast<std::size_t>(id)];
      const auto& x = at(states_, graph_[id].operands[0]).real;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double leaky = form->slope.empty() ? 0.0 : slope_of(*form, i);
        own.lower.push_back(line_family(*form, leaky, x[i], true));
        own.upper.push_back(line_family(*form, leaky, x[i], false));
        own.is_free = own.is_free || own.lower.back().is_free || own.upper.back().is_free;
      }
      if (own.is_free) start(own);
      any = any || own.is_free;
    }
    return any;
  }

  void start(NodeChoices& own) {
    const std::size_t size = own.lower.size(), count = size * static_cast<std::size_t>(rows_);
    for (std::size_t e = 0; e < count; ++e) {
      const LineFamily& lower = own.lower[e % size];
      const LineFamily& upper = own.upper[e % size];
      own.now.push_back({lower.is_free ? lower.standard : -1.0F, upper.is_free ? upper.standard : -1.0F});
    }
    own.best = own.now;
    own.mean.assign(count, 0);
    own.square.assign(count, 0);
  }

  bool is_lower_row(std::int64_t row) const { return row < half_; }
  std::size_t index(NodeId id, std::int64_t row, std::int64_t i) const { return static_cast<std::size_t>(row * graph_[id].size + i); }

  // A bound from below takes the lower line where its coefficient is positive.
  bool takes_lower(NodeId id, std::int64_t row, std::int64_t i) const {
    return (coefficients_[static_cast<std::size_t>(id)][index(id, row, i)] >= 0) == is_lower_row(row);
  }

  FreeLine line(NodeId id, std::int64_t row, std::int64_t i) const {
    const NodeChoices& own = choices_[static_cast<std::size_t>(id)];
    const bool lower = takes_lower(id, row, i);
    const LineFamily& family = lower ? own.lower[static_cast<std::size_t>(i)] : own.upper[static_cast<std::size_t>(i)];
    if (!family.is_free) return family.fixed;
    const SlopeChoice& choice = own.now[index(id, row, i)];
    return line_at(std::get<UnaryForm>(graph_[id].form), family, static_cast<double>(lower ? choice.lower : choice.upper));
  }

  // ---- coefficients, from the target to the inputs ---------------------------------------------------------------------

  std::vector<double>& into(NodeId id) {
    auto& rows = coefficients_[static_cast<std::size_t>(id)];
    if (rows.empty()) rows.assign(static_cast<std::size_t>(rows_ * graph_[id].size), 0.0);
    return rows;
  }

  void backward() {
    for (auto& rows : coefficients_) std::fill(rows.begin(), rows.end(), 0.0);
    auto& start = into(target_);
    for (std::int64_t row = 0; row < rows_; ++row) start[index(target_, row, elements_[static_cast<std::size_t>(row % half_)])] = 1;
    for (id_ = target_; id_ >= 0; --id_) {
      if (!upstream_[static_cast<std::size_t>(id_)] || is_constant(id_)) continue;
      std::visit([&](const auto& form) { pull(form); }, graph_[id_].form);
    }
  }

  void pull(const SourceForm&) { into(id_); }

  void pull(const GatherForm& form) {
    const auto& from = into(id_);
    std::int64_t start = 0;
    for (const NodeId operand : graph_[id_].operands) {
      auto& to = into(operand);
      const std::int64_t size = graph_[operand].size;
      for (std::int64_t row = 0; row < rows_; ++row) {
        for (std::size_t i = 0; i < form.source.size(); ++i) {
          const std::int64_t source = form.source[i] - start;
          if (form.source[i] < 0 || source < 0 || source >= size) continue;
          to[index(operand, row, source)] += from[index(id_, row, static_cast<std::int64_t>(i))];
        }
      }
      start += size;
    }
  }

  void pull(const LinearForm& form) {
    apply_plain_transposed(form.map, into(id_).data(), into(graph_[id_].operands[0]).data(), rows_);
  }

  void pull(const UnaryForm&) {
    const auto& from = into(id_);
    auto& to = into(graph_[id_].operands[0]);
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::int64_t i = 0; i < graph_[id_].size; ++i) {
        const std::size_t e = index(id_, row, i);
        if (from[e] != 0) to[e] += from[e] * line(id_, row, i).slope;
      }
    }
  }

  // The planes of backward_ranges: x y >= a y + c x - a c from below, <= b y + c x - b c from above.
  double edge(std::int64_t row, std::int64_t i, std::size_t left) const {
    const Interval& x = at(states_, graph_[id_].operands[0]).real[left];
    return takes_lower(id_, row, i) ? x.lo : x.hi;
  }

  void pull(const BinaryForm& form) {
    const auto& from = into(id_);
    auto& left = into(graph_[id_].operands[0]);
    auto& right = into(graph_[id_].operands[1]);
    if (form.kind == BinaryKind::kDivide) return;
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::int64_t i = 0; i < graph_[id_].size; ++i) {
        const auto l = form.left[static_cast<std::size_t>(i)], r = form.right[static_cast<std::size_t>(i)];
        const double c = from[index(id_, row, i)];
        if (c == 0) continue;
        const bool product = form.kind == BinaryKind::kMultiply;
        const double to_left = product ? at(states_, graph_[id_].operands[1]).real[static_cast<std::size_t>(r)].lo : 1.0;
        const double to_right = product ? edge(row, i, static_cast<std::size_t>(l)) : form.kind == BinaryKind::kAdd ? 1.0 : -1.0;
        left[index(graph_[id_].operands[0], row, l)] += c * to_left;
        right[index(graph_[id_].operands[1], row, r)] += c * to_right;
      }
    }
  }

  std::int32_t best_member(const MaxForm& form, std::int64_t i) const {
    const auto& x = at(states_, graph_[id_].operands[0]).real;
    return *std::max_element(form.members.begin() + form.first[static_cast<std::size_t>(i)],
                             form.members.begin() + form.first[static_cast<std::size_t>(i + 1)],
                             [&](std::int32_t a, std::int32_t b) { return x[static_cast<std::size_t>(a)].lo < x[static_cast<std::size_t>(b)].lo; });
  }

  // Undecided maxima are bounded from above by a constant.
  bool passes(const MaxForm& form, std::int64_t row, std::int64_t i, std::int32_t best) const {
    if (takes_lower(id_, row, i)) return true;
    const auto& x = at(states_, graph_[id_].operands[0]).real;
    return std::all_of(form.members.begin() + form.first[static_cast<std::size_t>(i)],
                       form.members.begin() + form.first[static_cast<std::size_t>(i + 1)], [&](std::int32_t a) {
                         return a == best || x[static_cast<std::size_t>(a)].hi <= x[static_cast<std::size_t>(best)].lo;
                       });
  }

  void pull(const MaxForm& form) {
    const auto& from = into(id_);
    const NodeId operand = graph_[id_].operands[0];
    auto& to = into(operand);
    for (std::int64_t i = 0; i < graph_[id_].size; ++i) {
      const std::int32_t best = best_member(form, i);
      for (std::int64_t row = 0; row < rows_; ++row) {
        if (passes(form, row, i, best)) to[index(operand, row, best)] += from[index(id_, row, i)];
      }
    }
  }

  void pull(const SoftmaxForm&) { into(graph_[id_].operands[0]); }
  void pull(const DotForm&) {
    for (const NodeId operand : graph_[id_].operands) into(operand);
  }

  // ---- values of the network of lines, from the inputs to the target ---------------------------------------------------

  void forward() {
    for (id_ = 0; id_ <= target_; ++id_) {
      if (!upstream_[static_cast<std::size_t>(id_)]) continue;
      out_ = &values_[static_cast<std::size_t>(id_)];
      out_->assign(static_cast<std::size_t>(rows_ * graph_[id_].size), 0.0);
      std::visit([&](const auto& form) { push(form); }, graph_[id_].form);
    }
  }

  double value(NodeId id, std::int64_t row, std::int64_t i) const { return values_[static_cast<std::size_t>(id)][index(id, row, i)]; }
  double& out(std::int64_t row, std::int64_t i) { return (*out_)[index(id_, row, i)]; }

  // The end of its range that is worst for the row; the middle where nothing depends on it.
  double corner(std::int64_t row, std::int64_t i) const {
    const Interval& x = at(states_, id_).real[static_cast<std::size_t>(i)];
    const auto& rows = coefficients_[static_cast<std::size_t>(id_)];
    if (rows.empty() || rows[index(id_, row, i)] == 0) return midpoint(x);
    return takes_lower(id_, row, i) ? x.lo : x.hi;
  }

  void push(const SourceForm&) { push_corners(); }
  void push(const SoftmaxForm&) { push_corners(); }
  void push(const DotForm&) { push_corners(); }

  void push_corners() {
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::int64_t i = 0; i < graph_[id_].size; ++i) out(row, i) = corner(row, i);
    }
  }

  void push(const GatherForm& form) {
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::size_t i = 0; i < form.source.size(); ++i) {
        std::int64_t source = form.source[i];
        std::size_t operand = 0;
        while (source >= 0 && source >= graph_[graph_[id_].operands[operand]].size) source -= graph_[graph_[id_].operands[operand++]].size;
        out(row, static_cast<std::int64_t>(i)) = source < 0 ? form.fill : value(graph_[id_].operands[operand], row, source);
      }
    }
  }

  void push(const LinearForm& form) { apply_plain(form.map, values_[static_cast<std::size_t>(graph_[id_].operands[0])].data(), out_->data(), rows_); }

  void push(const UnaryForm&) {
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::int64_t i = 0; i < graph_[id_].size; ++i) {
        const FreeLine l = line(id_, row, i);
        out(row, i) = l.slope * value(graph_[id_].operands[0], row, i) + l.intercept;
      }
    }
  }

  void push(const BinaryForm& form) {
    const NodeId a = graph_[id_].operands[0], b = graph_[id_].operands[1];
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::int64_t i = 0; i < graph_[id_].size; ++i) {
        const auto l = form.left[static_cast<std::size_t>(i)], r = form.right[static_cast<std::size_t>(i)];
        const double x = value(a, row, l), y = value(b, row, r);
        switch (form.kind) {
          case BinaryKind::kAdd: out(row, i) = x + y; break;
          case BinaryKind::kSubtract: out(row, i) = x - y; break;
          case BinaryKind::kDivide: out(row, i) = corner(row, i); break;
          case BinaryKind::kMultiply: {
            const double e = edge(row, i, static_cast<std::size_t>(l)), c = at(states_, b).real[static_cast<std::size_t>(r)].lo;
            out(row, i) = e * y + c * x - e * c;
            break;
          }
        }
      }
    }
  }

  void push(const MaxForm& form) {
    for (std::int64_t i = 0; i < graph_[id_].size; ++i) {
      const std::int32_t best = best_member(form, i);
      const double ceiling = at(states_, id_).real[static_cast<std::size_t>(i)].hi;
      for (std::int64_t row = 0; row < rows_; ++row) {
        out(row, i) = passes(form, row, i, best) ? value(graph_[id_].operands[0], row, best) : ceiling;
      }
    }
  }

  // ---- gradient steps ---------------------------------------------------------------------------------------------------

  void keep_best() {
    for (std::int64_t row = 0; row < rows_; ++row) {
      const double bound = value(target_, row, elements_[static_cast<std::size_t>(row % half_)]);
      const double gain = is_lower_row(row) ? bound : -bound;
      double& best = best_[static_cast<std::size_t>(row)];
      if (!(gain > best)) continue;
      best = gain;
      for (std::size_t n = 0; n < choices_.size(); ++n) {
        NodeChoices& own = choices_[n];
        if (!own.is_free) continue;
        const auto first = static_cast<std::ptrdiff_t>(index(static_cast<NodeId>(n), row, 0));
        std::copy_n(own.now.begin() + first, own.lower.size(), own.best.begin() + first);
      }
    }
  }

  void move(int step) {
    const double length = kFirstStep * std::pow(kStepDecay, step);
    const double mean_scale = 1 / (1 - std::pow(kMomentum, step + 1)), square_scale = 1 / (1 - std::pow(kSquareMomentum, step + 1));
    for (std::size_t n = 0; n < choices_.size(); ++n) {
      NodeChoices& own = choices_[n];
      if (!own.is_free) continue;
      const auto id = static_cast<NodeId>(n);
      for (std::int64_t row = 0; row < rows_; ++row) {
        for (std::int64_t i = 0; i < graph_[id].size; ++i) move_one(own, id, row, i, length, mean_scale, square_scale);
      }
    }
  }

  void move_one(NodeChoices& own, NodeId id, std::int64_t row, std::int64_t i, double length, double mean_scale, double square_scale) {
    const bool lower = takes_lower(id, row, i);
    if (!(lower ? own.lower : own.upper)[static_cast<std::size_t>(i)].is_free) return;
    const std::size_t e = index(id, row, i);
    const double c = coefficients_[n_of(id)][e];
    if (c == 0) return;
    const FreeLine l = line(id, row, i);
    const double rate = c * (l.slope_rate * value(graph_[id].operands[0], row, i) + l.intercept_rate);
    const double uphill = is_lower_row(row) ? rate : -rate;
    own.mean[e] = static_cast<float>(kMomentum * own.mean[e] + (1 - kMomentum) * uphill);
    own.square[e] = static_cast<float>(kSquareMomentum * own.square[e] + (1 - kSquareMomentum) * uphill * uphill);
    const double scale = std::sqrt(own.square[e] * square_scale);
    if (!(scale > 0)) return;
    float& choice = lower ? own.now[e].lower : own.now[e].upper;
    choice = static_cast<float>(std::clamp(choice + length * own.mean[e] * mean_scale / scale, 0.0, 1.0));
  }

  static std::size_t n_of(NodeId id) { return static_cast<std::size_t>(id); }

  const Prepared& prepared_;
  const LoweredGraph& graph_;
  const States<Interval>& states_;
  NodeId target_;
  const std::vector<std::int64_t>& elements_;
  std::int64_t half_, rows_;
  std::vector<std::vector<double>> coefficients_, values_;  // by node: rows x size
  std::vector<NodeChoices> choices_;
  std::vector<double> best_;
  std::vector<bool> upstream_;
  std::vector<double>* out_ = nullptr;
  NodeId id_ = 0;
};

}  // namespace

RowChoices search_slopes(const Prepared& prepared, const States<Interval>& states, NodeId target,
                         const std::vector<std::int64_t>& elements, int steps) {
  return SlopeSearch(prepared, states, target, elements).run(steps);
}

}  // namespace halfulp
