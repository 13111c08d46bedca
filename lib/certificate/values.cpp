#include "linear.hpp"
#include "proof.hpp"

namespace halfulp::certificate {
namespace {

class Values {
 public:
  Values(const Network& network, const Proof& proof, NodeId id, bool deployed)
      : network_(network), proof_(proof), id_(id), node_(network[id]), deployed_(deployed) {}

  std::vector<M> operator()(const SourceForm&) const {
    const auto& constant = (*network_.graph->graph)[id_].constant;
    return {constant.begin(), constant.end()};
  }

  std::vector<M> operator()(const GatherForm& form) const {
    std::vector<M> flat, values;
    for (std::size_t o = 0; o < node_.operands.size(); ++o) flat.insert(flat.end(), operand(o).begin(), operand(o).end());
    for (const std::int32_t source : form.source) values.push_back(source < 0 ? M(form.fill) : flat[static_cast<std::size_t>(source)]);
    return values;
  }

  std::vector<M> operator()(const LinearForm& form) const {
    const Constants& w = network_.weights(id_);
    const Constants& b = network_.biases(id_);
    return apply(form.map, deployed_ ? w.deployed : w.real, deployed_ ? b.deployed : b.real, operand(0));
  }

  std::vector<M> operator()(const UnaryForm& form) const {
    std::vector<M> values;
    const Constants& leaks = network_.weights(id_);
    const auto& list = deployed_ ? leaks.deployed : leaks.real;
    for (std::size_t i = 0; i < operand(0).size(); ++i) {
      values.push_back(value(form, list.empty() ? M(0.0) : list[list.size() == 1 ? 0 : i], operand(0)[i]));
    }
    return values;
  }

  std::vector<M> operator()(const BinaryForm& form) const {
    const auto& a = binary_operand(0, form.left_is_constant);
    const auto& b = binary_operand(1, form.right_is_constant);
    const bool same = node_.operands[0] == node_.operands[1] && form.left == form.right;
    std::vector<M> values;
    for (std::size_t i = 0; i < form.left.size(); ++i) {
      const M& x = a[static_cast<std::size_t>(form.left[i])];
      const M& y = b[static_cast<std::size_t>(form.right[i])];
      switch (form.kind) {
        case BinaryKind::kAdd: values.push_back(x + y); break;
        case BinaryKind::kSubtract: values.push_back(same ? M(0.0) : x - y); break;
        case BinaryKind::kMultiply: values.push_back(same ? square(x) : x * y); break;
        case BinaryKind::kDivide: values.push_back(x / y); break;
      }
    }
    return values;
  }

  std::vector<M> operator()(const MaxForm& form) const {
    std::vector<M> values;
    for (std::size_t i = 0; i + 1 < form.first.size(); ++i) {
      M best = operand(0)[member(form, form.first[i])];
      for (std::int32_t j = form.first[i] + 1; j < form.first[i + 1]; ++j) best = max(best, operand(0)[member(form, j)]);
      values.push_back(best);
    }
    return values;
  }

  // 1 / sum_j exp(x_j - x_i) is increasing in x_i and decreasing in the others.
  std::vector<M> operator()(const SoftmaxForm& form) const {
    const auto& x = operand(0);
    std::vector<M> values(x.size());
    const auto length = static_cast<std::size_t>(form.length);
    for (std::size_t start = 0; start < form.members.size(); start += length) {
      for (std::size_t i = start; i < start + length; ++i) {
        const auto own = static_cast<std::size_t>(form.members[i]);
        M sum(1.0);
        for (std::size_t j = start; j < start + length; ++j) {
          if (j != i) sum += exp(x[static_cast<std::size_t>(form.members[j])] - x[own]);
        }
        values[own] = min(M(1.0) / sum, M(1.0));
      }
    }
    return values;
  }

  std::vector<M> operator()(const DotForm& form) const {
    std::vector<M> values;
    for (std::int64_t i = 0; i < node_.size; ++i) {
      const std::int64_t batch = i / (form.rows * form.columns);
      const auto a = static_cast<std::size_t>((batch * form.rows + i / form.columns % form.rows) * form.depth);
      const auto b = static_cast<std::size_t>((batch * form.columns + i % form.columns) * form.depth);
      M sum(0.0);
      for (std::size_t k = 0; k < static_cast<std::size_t>(form.depth); ++k) {
        add_product(sum, operand(0)[static_cast<std::size_t>(form.left[a + k])], operand(1)[static_cast<std::size_t>(form.right[b + k])]);
      }
      values.push_back(sum);
    }
    return values;
  }

 private:
  static std::size_t member(const MaxForm& form, std::int32_t j) { return static_cast<std::size_t>(form.members[static_cast<std::size_t>(j)]); }

  const std::vector<M>& operand(std::size_t index) const {
    const NodeProof& x = at(proof_, node_.operands[index]);
    return deployed_ ? x.deployed : x.real;
  }

  const std::vector<M>& binary_operand(std::size_t index, bool constant) const {
    return constant && deployed_ ? network_.operand(id_).deployed : operand(index);
  }

  const Network& network_;
  const Proof& proof_;
  NodeId id_;
  const LoweredNode& node_;
  bool deployed_;
};

}  // namespace

std::vector<M> node_values(const Network& network, const Proof& proof, NodeId id, bool deployed) {
  return std::visit(Values(network, proof, id, deployed), network[id].form);
}

}  // namespace halfulp::certificate
