// Forward enclosures of each form's values; for the deployed network with its rounded constants and before output rounding.
#include "forward.hpp"
#include "unary_rules.hpp"

namespace halfulp {
namespace {

template <typename I>
class Values {
 public:
  Values(const Prepared& prepared, const States<I>& states, NodeId id, bool deployed)
      : prepared_(prepared), states_(states), id_(id), node_((*prepared.graph)[id]), deployed_(deployed) {}

  std::vector<I> operator()(const SourceForm&) const {
    std::vector<I> values;
    for (const double c : (*prepared_.graph->graph)[id_].constant) values.push_back(I(c));
    return values;
  }

  std::vector<I> operator()(const GatherForm& form) const {
    std::vector<const I*> flat;
    for (std::size_t o = 0; o < node_.operands.size(); ++o) {
      for (const I& value : operand(o)) flat.push_back(&value);
    }
    std::vector<I> values;
    values.reserve(form.source.size());
    for (const std::int32_t source : form.source) values.push_back(source < 0 ? I(form.fill) : *flat[static_cast<std::size_t>(source)]);
    return values;
  }

  std::vector<I> operator()(const LinearForm& form) const {
    std::vector<I> values(static_cast<std::size_t>(node_.size), I(0.0));
    const PreparedNode& own = prepared_.nodes[static_cast<std::size_t>(id_)];
    const Parameters real{&form.map.weight, &form.map.weight_radius, &form.map.bias, &form.map.bias_radius};
    const Parameters rounded{&own.weight.value, &own.weight.value_radius, &own.bias.value, &own.bias.value_radius};
    apply<I>(form.map, deployed_ ? rounded : real, operand(0).data(), values.data());
    return values;
  }

  std::vector<I> operator()(const UnaryForm& form) const {
    const auto& x = operand(0);
    const DeployedConstants& rounded = prepared_.nodes[static_cast<std::size_t>(id_)].weight;
    std::vector<I> values;
    values.reserve(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      Interval slope(form.slope.empty() ? 0.0 : slope_of(form, i));
      if (deployed_ && !rounded.empty()) slope = rounded.deployed(rounded.value.size() == 1 ? 0 : i);
      I value = unary_value(form, slope.lo, x[i]);
      if (slope.lo != slope.hi) value = hull(value, unary_value(form, slope.hi, x[i]));
      values.push_back(value);
    }
    return values;
  }

  std::vector<I> operator()(const BinaryForm& form) const {
    const auto left = binary_operand(0, form.left_is_constant), right = binary_operand(1, form.right_is_constant);
    const bool same = node_.operands[0] == node_.operands[1] && form.left == form.right;
    std::vector<I> values;
    values.reserve(form.left.size());
    for (std::size_t i = 0; i < form.left.size(); ++i) {
      const I& a = left[static_cast<std::size_t>(form.left[i])];
      const I& b = right[static_cast<std::size_t>(form.right[i])];
      switch (form.kind) {
        case BinaryKind::kAdd: values.push_back(a + b); break;
        case BinaryKind::kSubtract: values.push_back(same ? I(0.0) : a - b); break;
        case BinaryKind::kMultiply: values.push_back(same ? square(a) : a * b); break;
        case BinaryKind::kDivide: values.push_back(a / b); break;
      }
    }
    return values;
  }

  std::vector<I> operator()(const MaxForm& form) const {
    const auto& x = operand(0);
    std::vector<I> values;
    for (std::size_t i = 0; i + 1 < form.first.size(); ++i) {
      I best = x[static_cast<std::size_t>(form.members[static_cast<std::size_t>(form.first[i])])];
      for (std::int32_t j = form.first[i] + 1; j < form.first[i + 1]; ++j) {
        best = max(best, x[static_cast<std::size_t>(form.members[static_cast<std::size_t>(j)])]);
      }
      values.push_back(best);
    }
    return values;
  }

  std::vector<I> operator()(const SoftmaxForm& form) const { return softmax_values(form, operand(0)); }

  std::vector<I> operator()(const DotForm& form) const {
    const auto& left = operand(0);
    const auto& right = operand(1);
    std::vector<I> values;
    for (std::int64_t i = 0; i < node_.size; ++i) {
      const std::int64_t batch = i / (form.rows * form.columns);
      const std::int64_t a = (batch * form.rows + i / form.columns % form.rows) * form.depth;
      const std::int64_t b = (batch * form.columns + i % form.columns) * form.depth;
      I sum(0.0);
      for (std::int64_t k = 0; k < form.depth; ++k) {
        add_product(sum, left[static_cast<std::size_t>(form.left[static_cast<std::size_t>(a + k)])],
                    right[static_cast<std::size_t>(form.right[static_cast<std::size_t>(b + k)])]);
      }
      values.push_back(sum);
    }
    return values;
  }

  // y_i = 1 / sum_j exp(x_j - x_i): increasing in x_i, decreasing in the others.
  static std::vector<I> softmax_values(const SoftmaxForm& form, const std::vector<I>& x) {
    std::vector<I> values(x.size(), I(0.0));
    const std::size_t length = static_cast<std::size_t>(form.length);
    for (std::size_t start = 0; start < form.members.size(); start += length) {
      for (std::size_t i = 0; i < length; ++i) {
        const auto own = static_cast<std::size_t>(form.members[start + i]);
        I sum(1.0);
        for (std::size_t j = 0; j < length; ++j) {
          if (j != i) sum += exp(x[static_cast<std::size_t>(form.members[start + j])] - x[own]);
        }
        values[own] = min(I(1.0) / sum, I(1.0));
      }
    }
    return values;
  }

 private:
  const std::vector<I>& operand(std::size_t index) const {
    const NodeState<I>& state = at(states_, node_.operands[index]);
    return deployed_ ? state.deployed : state.real;
  }

  std::vector<I> binary_operand(std::size_t index, bool constant) const {
    const DeployedConstants* rounded = constant && deployed_ ? constant_operand(prepared_, id_) : nullptr;
    if (rounded == nullptr) return operand(index);
    std::vector<I> values;
    for (std::size_t i = 0; i < rounded->value.size(); ++i) {
      const Interval c = rounded->deployed(i);
      values.push_back(I(c.lo, c.hi));
    }
    return values;
  }

  const Prepared& prepared_;
  const States<I>& states_;
  NodeId id_;
  const LoweredNode& node_;
  bool deployed_;
};

}  // namespace

template <typename I>
std::vector<I> forward_values(const Prepared& prepared, const States<I>& states, NodeId id, bool deployed) {
  return std::visit(Values<I>(prepared, states, id, deployed), (*prepared.graph)[id].form);
}

template std::vector<Interval> forward_values(const Prepared&, const States<Interval>&, NodeId, bool);
template std::vector<MpInterval> forward_values(const Prepared&, const States<MpInterval>&, NodeId, bool);

}  // namespace halfulp
