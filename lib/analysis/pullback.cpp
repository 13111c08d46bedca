#include "pullback.hpp"

#include <cmath>

namespace halfulp {
namespace {

template <typename I>
bool is_zero(const I& a) {
  return lower(a) == 0 && upper(a) == 0;
}

template <typename I>
class Step {
 public:
  Step(const Prepared& prepared, const States<I>& states, NodeId id, std::int64_t rows, Coefficients<I>& coefficients)
      : prepared_(prepared), states_(states), id_(id), node_((*prepared.graph)[id]), rows_(rows), coefficients_(coefficients),
        from_(coefficients[static_cast<std::size_t>(id)]) {}

  void operator()(const SourceForm&) {}

  void operator()(const GatherForm& form) {
    std::int64_t start = 0;
    for (std::size_t o = 0; o < node_.operands.size(); ++o) {
      const std::int64_t size = (*prepared_.graph)[node_.operands[o]].size;
      if (!is_constant(o)) {
        auto& to = target(o);
        each_row([&](const I* from, std::int64_t row) {
          for (std::size_t i = 0; i < form.source.size(); ++i) {
            const std::int64_t source = form.source[i] - start;
            if (form.source[i] < 0 || source < 0 || source >= size || is_zero(from[i])) continue;
            to[static_cast<std::size_t>(row * size + source)] += from[i];
          }
        });
      }
      start += size;
    }
  }

  void operator()(const LinearForm& form) {
    const Parameters real{.weight = &form.map.weight, .weight_radius = &form.map.weight_radius};
    apply_transposed<I>(form.map, real, from_.data(), target(0).data(), rows_);
  }

  void operator()(const UnaryForm&) {
    auto& to = target(0);
    const auto& slope = at(states_, id_).slope;
    each_row([&](const I* from, std::int64_t row) {
      for (std::int64_t i = 0; i < node_.size; ++i) {
        if (is_zero(from[i])) continue;
        to[static_cast<std::size_t>(row * node_.size + i)] += from[i] * slope[static_cast<std::size_t>(i)];
      }
    });
  }

  void operator()(const BinaryForm& form) {
    const NodeState<I>& own = at(states_, id_);
    for (std::int64_t i = 0; i < node_.size; ++i) {
      const auto e = static_cast<std::size_t>(i);
      if (!is_constant(0)) add_to(0, i, static_cast<std::size_t>(form.left[e]), own.slope[e]);
      if (!is_constant(1)) add_to(1, i, static_cast<std::size_t>(form.right[e]), own.slope_right[e]);
    }
  }

  void operator()(const MaxForm&) {
    const auto& chosen = at(states_, id_).chosen;
    for (std::int64_t i = 0; i < node_.size; ++i) {
      const std::int32_t winner = chosen[static_cast<std::size_t>(i)];
      if (winner >= 0) add_to(0, i, static_cast<std::size_t>(winner), I(1.0));
    }
  }

  // d y_i / d x_j = y_i (delta_ij - y_j), hence row g becomes y_j sum_i y_i (g_j - g_i) (sum of y is one).
  void operator()(const SoftmaxForm& form) {
    const auto& y = at(states_, id_).slope;
    auto& to = target(0);
    const std::int64_t groups = static_cast<std::int64_t>(form.members.size()) / form.length;
    each_row([&](const I* from, std::int64_t row) {
      for (std::int64_t g = 0; g < groups; ++g) {
        const std::int32_t* members = form.members.data() + g * form.length;
        for (std::int64_t j = 0; j < form.length; ++j) {
          I sum(0.0);
          for (std::int64_t i = 0; i < form.length; ++i) {
            if (i != j) sum += y[static_cast<std::size_t>(members[i])] * (from[members[j]] - from[members[i]]);
          }
          to[static_cast<std::size_t>(row * node_.size + members[j])] += y[static_cast<std::size_t>(members[j])] * sum;
        }
      }
    });
  }

  // sum_k (a^ b^ - a b) = sum_k b^ da + a db
  void operator()(const DotForm& form) {
    const auto& left = at(states_, node_.operands[0]).real;
    const auto& right = at(states_, node_.operands[1]).deployed;
    for (std::int64_t i = 0; i < node_.size; ++i) {
      const std::int64_t batch = i / (form.rows * form.columns);
      const std::int64_t a = (batch * form.rows + i / form.columns % form.rows) * form.depth;
      const std::int64_t b = (batch * form.columns + i % form.columns) * form.depth;
      for (std::int64_t k = 0; k < form.depth; ++k) {
        const auto l = static_cast<std::size_t>(form.left[static_cast<std::size_t>(a + k)]);
        const auto r = static_cast<std::size_t>(form.right[static_cast<std::size_t>(b + k)]);
        if (!is_constant(0)) add_to(0, i, l, right[r]);
        if (!is_constant(1)) add_to(1, i, r, left[l]);
      }
    }
  }

 private:
  bool is_constant(std::size_t operand) const {
    const auto* source = std::get_if<SourceForm>(&(*prepared_.graph)[node_.operands[operand]].form);
    return source != nullptr && source->is_constant;
  }

  std::vector<I>& target(std::size_t operand) {
    const NodeId id = node_.operands[operand];
    auto& rows = coefficients_[static_cast<std::size_t>(id)];
    if (rows.empty()) rows.assign(static_cast<std::size_t>(rows_ * (*prepared_.graph)[id].size), I(0.0));
    return rows;
  }

  template <typename Visit>
  void each_row(Visit&& visit) {
    for (std::int64_t row = 0; row < rows_; ++row) visit(from_.data() + row * node_.size, row);
  }

  void add_to(std::size_t operand, std::int64_t element, std::size_t index, const I& slope) {
    auto& to = target(operand);
    const auto size = static_cast<std::size_t>((*prepared_.graph)[node_.operands[operand]].size);
    for (std::int64_t row = 0; row < rows_; ++row) {
      const I& from = from_[static_cast<std::size_t>(row * node_.size + element)];
      if (!is_zero(from)) add_product(to[static_cast<std::size_t>(row) * size + index], from, slope);
    }
  }

  const Prepared& prepared_;
  const States<I>& states_;
  NodeId id_;
  const LoweredNode& node_;
  std::int64_t rows_;
  Coefficients<I>& coefficients_;
  const std::vector<I>& from_;
};

}  // namespace

template <typename I>
void pull_back(const Prepared& prepared, const States<I>& states, NodeId id, std::int64_t rows, Coefficients<I>& coefficients) {
  std::visit(Step<I>(prepared, states, id, rows, coefficients), (*prepared.graph)[id].form);
}

template void pull_back(const Prepared&, const States<Interval>&, NodeId, std::int64_t, Coefficients<Interval>&);
template void pull_back(const Prepared&, const States<MpInterval>&, NodeId, std::int64_t, Coefficients<MpInterval>&);

}  // namespace halfulp
