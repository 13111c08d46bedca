#include "linear.hpp"
#include "proof.hpp"

namespace halfulp::certificate {
namespace {

// d_out = S d_in + rho at every node: the functional of d at the target becomes a sum of functionals of the perturbations rho.
class Adjoint {
 public:
  Adjoint(const Network& network, const Proof& proof) : network_(network), proof_(proof), rows_(network.graph->nodes.size()) {}

  M run(NodeId target, std::vector<M> functional, bool before_rounding) {
    rows_[static_cast<std::size_t>(target)] = std::move(functional);
    for (id_ = target; id_ >= 0; --id_) {
      if (rows_[static_cast<std::size_t>(id_)].empty()) continue;
      row_ = std::move(rows_[static_cast<std::size_t>(id_)]);
      node_ = &network_[id_];
      own_ = &at(proof_, id_);
      add(own_->inner);
      if (!before_rounding || id_ != target) add(own_->rounding);
      std::visit(*this, node_->form);
    }
    return total_;
  }

  void operator()(const SourceForm&) {}

  void operator()(const GatherForm& form) {
    for (std::size_t i = 0; i < form.source.size(); ++i) {
      if (form.source[i] < 0 || is_zero(row_[i])) continue;
      std::size_t operand = 0;
      auto source = static_cast<std::int64_t>(form.source[i]);
      while (source >= network_[node_->operands[operand]].size) source -= network_[node_->operands[operand++]].size;
      pass(operand, static_cast<std::size_t>(source), row_[i]);
    }
  }

  // W^ x^ + b^ - W x - b = W d + (W^ - W) x^ + (b^ - b)
  void operator()(const LinearForm& form) {
    const Constants& w = network_.weights(id_);
    const auto& x = at(proof_, node_->operands[0]);
    apply_transposed(form.map, w.real, row_, to(0));
    total_ += dot_bias(form.map, network_.biases(id_).residual, row_);
    if (w.exact) return;
    std::vector<M> folded(x.deployed.size(), M(0.0));
    apply_transposed(form.map, w.residual, row_, folded);
    for (std::size_t i = 0; i < folded.size(); ++i) add_product(total_, folded[i], x.deployed[i]);
  }

  void operator()(const UnaryForm&) {
    for (std::size_t i = 0; i < row_.size(); ++i) pass(0, i, row_[i] * own_->slope[i]);
  }

  void operator()(const BinaryForm& form) {
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (is_zero(row_[i])) continue;
      if (!form.left_is_constant) pass(0, static_cast<std::size_t>(form.left[i]), row_[i] * own_->slope[i]);
      if (!form.right_is_constant) pass(1, static_cast<std::size_t>(form.right[i]), row_[i] * own_->slope_right[i]);
    }
  }

  void operator()(const MaxForm&) {
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (own_->chosen[i] >= 0) pass(0, static_cast<std::size_t>(own_->chosen[i]), row_[i]);
    }
  }

  // d y_i / d x_j = y_i (delta_ij - y_j): row g becomes y_j sum_i y_i (g_j - g_i).
  void operator()(const SoftmaxForm& form) {
    const auto& y = own_->slope;
    const auto length = static_cast<std::size_t>(form.length);
    for (std::size_t start = 0; start < form.members.size(); start += length) {
      for (std::size_t j = start; j < start + length; ++j) {
        const auto own = static_cast<std::size_t>(form.members[j]);
        M sum(0.0);
        for (std::size_t i = start; i < start + length; ++i) {
          const auto other = static_cast<std::size_t>(form.members[i]);
          if (i != j) sum += y[other] * (row_[own] - row_[other]);
        }
        pass(0, own, y[own] * sum);
      }
    }
  }

  // a^ b^ - a b = b^ da + a db
  void operator()(const DotForm& form) {
    const auto& left = at(proof_, node_->operands[0]).real;
    const auto& right = at(proof_, node_->operands[1]).deployed;
    for (std::int64_t i = 0; i < node_->size; ++i) {
      const M& g = row_[static_cast<std::size_t>(i)];
      const std::int64_t batch = i / (form.rows * form.columns);
      const auto a = static_cast<std::size_t>((batch * form.rows + i / form.columns % form.rows) * form.depth);
      const auto b = static_cast<std::size_t>((batch * form.columns + i % form.columns) * form.depth);
      for (std::size_t k = 0; k < static_cast<std::size_t>(form.depth); ++k) {
        const auto l = static_cast<std::size_t>(form.left[a + k]), r = static_cast<std::size_t>(form.right[b + k]);
        pass(0, l, g * right[r]);
        pass(1, r, g * left[l]);
      }
    }
  }

 private:
  std::vector<M>& to(std::size_t operand) {
    const NodeId id = node_->operands[operand];
    auto& row = rows_[static_cast<std::size_t>(id)];
    if (row.empty()) row.assign(static_cast<std::size_t>(network_[id].size), M(0.0));
    return row;
  }

  // Differences of stored constants are zero: a rounded constant operand is a perturbation of its consumer.
  void pass(std::size_t operand, std::size_t element, const M& g) {
    if (is_zero(g) || network_.is_constant(node_->operands[operand])) return;
    to(operand)[element] += g;
  }

  void add(const std::vector<M>& perturbation) {
    for (std::size_t i = 0; i < perturbation.size(); ++i) {
      if (!is_zero(row_[i]) && !is_zero(perturbation[i])) add_product(total_, row_[i], perturbation[i]);
    }
  }

  const Network& network_;
  const Proof& proof_;
  std::vector<std::vector<M>> rows_;
  std::vector<M> row_;
  M total_ = M(0.0);
  NodeId id_ = 0;
  const LoweredNode* node_ = nullptr;
  const NodeProof* own_ = nullptr;
};

}  // namespace

M difference(const Network& network, const Proof& proof, NodeId target, std::vector<M> functional, bool before_rounding) {
  return Adjoint(network, proof).run(target, std::move(functional), before_rounding);
}

}  // namespace halfulp::certificate
