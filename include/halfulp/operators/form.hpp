// What a graph node computes, in one of eight mathematical forms. An operator (lib/operators/OP.cpp) says once which form it
// is; simulation, ranges, errors, adjoints, costs and emission are written once a form. That is why a new operator is one file.
//
// Deployed meaning of each form (docs/design.md, "The deployed arithmetic"), with the node's NodeFormats:
//  Gather   data movement: values pass unchanged, then are rounded to `output` if it is given.
//  Linear   weights and bias rounded once; each product exact or rounded to `product`; acc starts from the bias (or 0) and each
//           addition is rounded to `accumulator` in `order` (exact if absent); then acc / divisor rounded once to `output`.
//  Unary    the correctly rounded value of the function in `output`; relu-like functions without `output` pass exactly.
//  Binary   the exact a+b, a-b, a*b, or a/b rounded once to `output`; a constant operand is first rounded to `weight` (mul,
//           div) or `bias` (add, sub).
//  Max      exact selection, then `output` if given.
//  Softmax  exp(x_i) / sum_j exp(x_j), each correctly rounded to `output`.
//  Dot      y = sum_k a b of two computed operands: products, accumulation (from 0) and output as Linear.
//  Source   a network input (rounded to `input` if given) or a constant (exact here; its consumer rounds it).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "halfulp/graph/graph.hpp"
#include "halfulp/operators/linear_map.hpp"

namespace halfulp {

struct SourceForm {
  bool is_constant = false;
};

struct GatherForm {
  // source[i]: index into the operands' elements laid one after another, or -1 for `fill`.
  std::vector<std::int32_t> source;
  double fill = 0;
};

struct LinearForm {
  LinearMap map;  // of operand 0
};

enum class UnaryKind : std::uint8_t {
  kNeg, kAbs, kRelu, kLeakyRelu, kHardtanh, kTanh, kSigmoid, kExp, kLog, kSqrt, kPower, kSin, kCos, kAtan, kErf
};

struct UnaryForm {
  UnaryKind kind = UnaryKind::kRelu;
  double low = 0, high = 0;        // kHardtanh: clamp to [low, high]
  int exponent = 1;                // kPower: x^exponent, any integer (negative: 1 / x^n)
  // kLeakyRelu (and prelu): slope for x < 0, one value or one an element. The slope is a stored weight: rounded to `weight`.
  std::vector<double> slope;
};

enum class BinaryKind : std::uint8_t { kAdd, kSubtract, kMultiply, kDivide };

struct BinaryForm {
  BinaryKind kind = BinaryKind::kAdd;
  std::vector<std::int32_t> left, right;  // broadcasting: element i uses operand0[left[i]], operand1[right[i]]
  bool left_is_constant = false, right_is_constant = false;
};

// Output i is the maximum of operand0 over members[first[i] .. first[i+1]).
struct MaxForm {
  std::vector<std::int32_t> first;
  std::vector<std::int32_t> members;
};

// Elements members[g * length .. (g + 1) * length) form group g; each output sits at its own input's index.
struct SoftmaxForm {
  std::int64_t length = 0;
  std::vector<std::int32_t> members;
};

// Output (b, i, j) = sum_k operand0[left[(b R + i) K + k]] * operand1[right[(b C + j) K + k]], outputs row-major in (b, i, j).
struct DotForm {
  std::int64_t batches = 1, rows = 1, columns = 1, depth = 1;
  std::vector<std::int32_t> left, right;
};

using Form = std::variant<SourceForm, GatherForm, LinearForm, UnaryForm, BinaryForm, MaxForm, SoftmaxForm, DotForm>;

struct LoweredNode {
  Form form;
  std::vector<NodeId> operands;  // of the form: Linear has 1, constants that became weights are not operands
  std::int64_t size = 0;         // elements of the result
};

// The graph with the form of each node; constants that only serve as weights have no consumers left among `operands`.
struct LoweredGraph {
  const Graph* graph = nullptr;  // outlives this
  std::vector<LoweredNode> nodes;  // indexed by NodeId

  const LoweredNode& operator[](NodeId id) const { return nodes[static_cast<std::size_t>(id)]; }
};

// Errors: E0401 operator without a rule (exit 3), E0402 shapes or attributes that do not fit, with the node as place.
Result<LoweredGraph> lower(const Graph& graph);

// Names of all operators that have a rule, sorted, with a sentence each: for `halfulp ops`.
struct OperatorEntry {
  std::string name;
  std::string summary;
};
std::vector<OperatorEntry> operator_entries();

}  // namespace halfulp
