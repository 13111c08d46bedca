#include <algorithm>
#include <cmath>

#include "linear.hpp"
#include "proof.hpp"

namespace halfulp::certificate {
namespace {

// Carries `constant + sum of coefficients . values`, a lower bound of the functional, back to the inputs.
class LowerBound {
 public:
  LowerBound(const Network& network, const Proof& proof, const ProofSteps& steps)
      : network_(network), proof_(proof), steps_(steps), rows_(network.graph->nodes.size()) {}

  double run(NodeId target, std::vector<M> functional) {
    rows_[static_cast<std::size_t>(target)] = std::move(functional);
    for (id_ = target; id_ >= 0; --id_) {
      if (rows_[static_cast<std::size_t>(id_)].empty()) continue;
      row_ = std::move(rows_[static_cast<std::size_t>(id_)]);
      node_ = &network_[id_];
      std::visit(*this, node_->form);
    }
    const double bound = lower(constant_);
    return bound >= -HUGE_VAL ? bound : -HUGE_VAL;
  }

  void operator()(const SourceForm&) { take_ranges(); }
  void operator()(const SoftmaxForm&) { take_ranges(); }
  void operator()(const DotForm&) { take_ranges(); }

  void operator()(const GatherForm& form) {
    for (std::size_t i = 0; i < form.source.size(); ++i) {
      if (is_zero(row_[i])) continue;
      if (form.source[i] < 0) {
        add_product(constant_, row_[i], form.fill);
        continue;
      }
      std::size_t operand = 0;
      auto source = static_cast<std::int64_t>(form.source[i]);
      while (source >= network_[node_->operands[operand]].size) source -= network_[node_->operands[operand++]].size;
      to(operand)[static_cast<std::size_t>(source)] += row_[i];
    }
  }

  void operator()(const LinearForm& form) {
    constant_ += dot_bias(form.map, network_.biases(id_).real, row_);
    apply_transposed(form.map, network_.weights(id_).real, row_, to(0));
  }

  void operator()(const UnaryForm& form) {
    const auto& x = at(proof_, node_->operands[0]).real;
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (is_zero(row_[i])) continue;
      if (!not_negative(row_[i]) && !not_positive(row_[i])) {
        take_range(i);
        continue;
      }
      const bool below = not_negative(row_[i]);
      const double leak = form.slope.empty() ? 0.0 : form.slope[form.slope.size() == 1 ? 0 : i];
      const double slope = slope_of(form, leak, x[i], i, below);
      const M offsets = offset(form, leak, slope, x[i]);
      if (!is_bounded(offsets)) {
        take_range(i);
        continue;
      }
      to(0)[i] += row_[i] * M(slope);
      add_product(constant_, row_[i], below ? low_end(offsets) : high_end(offsets));
    }
  }

  void operator()(const BinaryForm& form) {
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (is_zero(row_[i])) continue;
      const auto l = static_cast<std::size_t>(form.left[i]), r = static_cast<std::size_t>(form.right[i]);
      if (form.kind == BinaryKind::kAdd || form.kind == BinaryKind::kSubtract) {
        to(0)[l] += row_[i];
        to(1)[r] += form.kind == BinaryKind::kAdd ? row_[i] : -row_[i];
      } else if (form.kind == BinaryKind::kMultiply && form.left_is_constant) {
        to(1)[r] += row_[i] * at(proof_, node_->operands[0]).real[l];
      } else if (form.right_is_constant) {
        const M& factor = at(proof_, node_->operands[1]).real[r];
        to(0)[l] += form.kind == BinaryKind::kMultiply ? row_[i] * factor : row_[i] / factor;
      } else {
        take_range(i);
      }
    }
  }

  // The maximum is at least the candidate with the largest lower end, and equals it where no other can exceed it.
  void operator()(const MaxForm& form) {
    const auto& x = at(proof_, node_->operands[0]).real;
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (is_zero(row_[i])) continue;
      const std::int32_t* first = form.members.data() + form.first[i];
      const std::int32_t* last = form.members.data() + form.first[i + 1];
      const std::int32_t best = *std::max_element(first, last, [&](std::int32_t a, std::int32_t b) {
        return lower(x[static_cast<std::size_t>(a)]) < lower(x[static_cast<std::size_t>(b)]);
      });
      const bool decided = std::all_of(first, last, [&](std::int32_t a) {
        return a == best || upper(x[static_cast<std::size_t>(a)]) <= lower(x[static_cast<std::size_t>(best)]);
      });
      if (decided || not_negative(row_[i])) to(0)[static_cast<std::size_t>(best)] += row_[i];
      else take_range(i);
    }
  }

 private:
  std::vector<M>& to(std::size_t operand) {
    const NodeId id = node_->operands[operand];
    auto& row = rows_[static_cast<std::size_t>(id)];
    if (row.empty()) row.assign(static_cast<std::size_t>(network_[id].size), M(0.0));
    return row;
  }

  void take_range(std::size_t i) { add_product(constant_, row_[i], at(proof_, id_).real[i]); }

  void take_ranges() {
    for (std::size_t i = 0; i < row_.size(); ++i) take_range(i);
  }

  double slope_of(const UnaryForm& form, double leak, const M& range, std::size_t i, bool below) const {
    double slope = 0;
    if (is_line(form, leak, range, slope)) return slope;
    const auto node = steps_.slopes.find(id_);
    if (node == steps_.slopes.end()) return 0;
    const auto pair = node->second.find(static_cast<std::int64_t>(i));
    if (pair == node->second.end()) return 0;
    return below ? pair->second.lower : pair->second.upper;
  }

  const Network& network_;
  const Proof& proof_;
  const ProofSteps& steps_;
  std::vector<std::vector<M>> rows_;
  std::vector<M> row_;
  M constant_ = M(0.0);
  NodeId id_ = 0;
  const LoweredNode* node_ = nullptr;
};

}  // namespace

double lower_bound(const Network& network, const Proof& proof, const ProofSteps& steps, NodeId target, std::vector<M> functional) {
  return LowerBound(network, proof, steps).run(target, std::move(functional));
}

}  // namespace halfulp::certificate
