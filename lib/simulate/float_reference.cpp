// run_float: the network in float64, or with every value rounded to float32.
#include <algorithm>
#include <cmath>

#include "halfulp/simulate/simulate.hpp"
#include "halfulp/support/assert.hpp"
#include "matrix_product.hpp"

namespace halfulp {
namespace {

using Doubles = std::vector<double>;

double unary(const UnaryForm& form, double x, std::size_t i) {
  switch (form.kind) {
    case UnaryKind::kNeg: return -x;
    case UnaryKind::kAbs: return std::fabs(x);
    case UnaryKind::kRelu: return x < 0 ? 0 : x;
    case UnaryKind::kLeakyRelu: return x < 0 ? x * form.slope[form.slope.size() == 1 ? 0 : i] : x;
    case UnaryKind::kHardtanh: return std::clamp(x, form.low, form.high);
    case UnaryKind::kTanh: return std::tanh(x);
    case UnaryKind::kSigmoid: return 1 / (1 + std::exp(-x));
    case UnaryKind::kExp: return std::exp(x);
    case UnaryKind::kLog: return std::log(x);
    case UnaryKind::kSqrt: return std::sqrt(x);
    case UnaryKind::kPower: return std::pow(x, form.exponent);
    case UnaryKind::kSin: return std::sin(x);
    case UnaryKind::kCos: return std::cos(x);
    case UnaryKind::kAtan: return std::atan(x);
    case UnaryKind::kErf: return std::erf(x);
  }
  return x;
}

double binary(BinaryKind kind, double x, double y) {
  switch (kind) {
    case BinaryKind::kAdd: return x + y;
    case BinaryKind::kSubtract: return x - y;
    case BinaryKind::kMultiply: return x * y;
    case BinaryKind::kDivide: return x / y;
  }
  return x;
}

struct Evaluate {
  std::vector<const Doubles*> operand;
  Doubles y;

  void operator()(const SourceForm&) {}
  void operator()(const GatherForm& form) {
    Doubles all;
    for (const Doubles* x : operand) all.insert(all.end(), x->begin(), x->end());
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = form.source[i] < 0 ? form.fill : all[static_cast<std::size_t>(form.source[i])];
  }
  void operator()(const LinearForm& form) {
    const LinearMap& map = form.map;
    sim::multiply(map, map.weight, map.bias, *operand[0], y);
    if (map.divisor.empty()) return;
    for (std::int64_t channel = 0; channel < map.groups * map.channels; ++channel) {
      for (std::int64_t p = 0; p < map.positions; ++p) {
        y[static_cast<std::size_t>(map.output_of(0, channel, p))] /= map.divisor_of(p);
      }
    }
  }
  void operator()(const UnaryForm& form) {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = unary(form, (*operand[0])[i], i);
  }
  void operator()(const BinaryForm& form) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] = binary(form.kind, (*operand[0])[static_cast<std::size_t>(form.left[i])],
                    (*operand[1])[static_cast<std::size_t>(form.right[i])]);
    }
  }
  void operator()(const MaxForm& form) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      double largest = -INFINITY;
      for (std::int32_t m = form.first[i]; m < form.first[i + 1]; ++m) {
        largest = std::max(largest, (*operand[0])[static_cast<std::size_t>(form.members[static_cast<std::size_t>(m)])]);
      }
      y[i] = largest;
    }
  }
  void operator()(const SoftmaxForm& form) {
    const auto length = static_cast<std::size_t>(form.length);
    const Doubles& x = *operand[0];
    for (std::size_t first = 0; first < form.members.size(); first += length) {
      double largest = -INFINITY, sum = 0;
      const auto element = [&](std::size_t i) { return static_cast<std::size_t>(form.members[first + i]); };
      for (std::size_t i = 0; i < length; ++i) largest = std::max(largest, x[element(i)]);
      for (std::size_t i = 0; i < length; ++i) sum += y[element(i)] = std::exp(x[element(i)] - largest);
      for (std::size_t i = 0; i < length; ++i) y[element(i)] /= sum;
    }
  }
  void operator()(const DotForm& form) {
    const auto rows = static_cast<std::size_t>(form.rows), columns = static_cast<std::size_t>(form.columns);
    const auto depth = static_cast<std::size_t>(form.depth);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t row = i / columns, column = row / rows * columns + i % columns;
      for (std::size_t k = 0; k < depth; ++k) {
        y[i] += (*operand[0])[static_cast<std::size_t>(form.left[row * depth + k])] *
                (*operand[1])[static_cast<std::size_t>(form.right[column * depth + k])];
      }
    }
  }
};

void to_single(Doubles& values) {
  for (double& x : values) x = static_cast<float>(x);
}

}  // namespace

std::vector<std::vector<double>> run_float(const LoweredGraph& graph, const std::vector<std::vector<double>>& inputs, bool single) {
  HALFULP_ASSERT(inputs.size() == graph.graph->inputs.size());
  std::vector<Doubles> values(graph.nodes.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) values[static_cast<std::size_t>(graph.graph->inputs[i])] = inputs[i];
  for (std::size_t id = 0; id < values.size(); ++id) {
    const LoweredNode& node = graph.nodes[id];
    const auto* source = std::get_if<SourceForm>(&node.form);
    if (source != nullptr && source->is_constant) {
      values[id] = graph.graph->nodes[id].constant;
    } else if (source == nullptr) {
      Evaluate evaluate{{}, Doubles(static_cast<std::size_t>(node.size))};
      for (const NodeId operand : node.operands) evaluate.operand.push_back(&values[static_cast<std::size_t>(operand)]);
      std::visit(evaluate, node.form);
      values[id] = std::move(evaluate.y);
    }
    if (single) to_single(values[id]);
  }
  std::vector<Doubles> result;
  for (const NodeId id : graph.graph->outputs) result.push_back(values[static_cast<std::size_t>(id)]);
  return result;
}

}  // namespace halfulp
