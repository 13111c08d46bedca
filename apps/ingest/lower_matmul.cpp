// Dense layers and matrix products. A product with a constant right matrix becomes `linear`, so that the matrix is a weight.
#include "handlers.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child::rules {
namespace {

std::vector<std::int64_t> swapped_last(std::size_t rank) {
  std::vector<std::int64_t> dims(rank);
  for (std::size_t i = 0; i < rank; ++i) dims[i] = static_cast<std::int64_t>(i);
  std::swap(dims[rank - 1], dims[rank - 2]);
  return dims;
}

// Product of two operands of rank 2 or more, batch extents broadcast.
NodeId batched_product(Call& call, NodeId a, NodeId b) {
  const Shape& left = call.shape_of(a);
  const Shape& right = call.shape_of(b);
  const auto batch = broadcast(Shape(left.begin(), left.end() - 2), Shape(right.begin(), right.end() - 2));
  if (!batch || left.back() != right[right.size() - 2]) {
    call.misfit("matrices of shapes " + to_string(left) + " and " + to_string(right) + " do not fit each other");
  }
  Shape shape = *batch;
  shape.push_back(left[left.size() - 2]);
  shape.push_back(right.back());
  return call.emit("matmul", {a, b}, {}, std::move(shape));
}

// x W^T + b over the last dimension of x.
NodeId dense(Call& call, NodeId x, NodeId weight, NodeId bias) {
  Shape shape = call.shape_of(x);
  const Shape& matrix = call.shape_of(weight);
  if (matrix.size() != 2) call.unsupported("a weight of rank " + std::to_string(matrix.size()));
  if (shape.empty() || shape.back() != matrix[1]) {
    call.misfit("an input of shape " + to_string(shape) + " for a weight of shape " + to_string(matrix));
  }
  shape.back() = matrix[0];
  std::vector<NodeId> inputs = {x, weight};
  if (bias >= 0) {
    if (call.shape_of(bias) != Shape{matrix[0]}) {
      call.misfit("a bias of shape " + to_string(call.shape_of(bias)) + " for a weight of shape " + to_string(matrix));
    }
    inputs.push_back(bias);
  }
  return call.emit_layer("linear", weight, std::move(inputs), {}, std::move(shape));
}

NodeId product(Call& call, NodeId a, NodeId b) {
  const Shape left = call.shape_of(a), right = call.shape_of(b);
  if (left.empty() || right.empty()) call.misfit("a matrix product with a scalar");
  if (right.size() == 2 && call.builder().is_constant(b) && !call.builder().is_constant(a)) {
    return dense(call, a, transposed(call, b, {1, 0}), -1);
  }
  if (left.size() == 1) a = reshaped(call, a, {1, left[0]});
  if (right.size() == 1) b = reshaped(call, b, {right[0], 1});
  const NodeId full = batched_product(call, a, b);
  Shape shape = call.shape_of(full);
  if (right.size() == 1) shape.pop_back();
  if (left.size() == 1) shape.erase(shape.end() - (right.size() == 1 ? 1 : 2));
  return reshaped(call, full, std::move(shape));
}

}  // namespace

Value linear(Call& call) {
  const NodeId x = call.tensor(0), weight = call.tensor(1);
  const NodeId bias = call.is_none(2) ? -1 : call.tensor(2);
  const bool is_layer = call.builder().is_constant(weight) && (bias < 0 || call.builder().is_constant(bias));
  if (is_layer) return call.fresh(dense(call, x, weight, bias));
  const std::size_t rank = call.shape_of(weight).size();
  if (rank != 2) call.unsupported("a weight of rank " + std::to_string(rank));
  const NodeId product_node = product(call, x, transposed(call, weight, swapped_last(rank)));
  return call.fresh(bias < 0 ? product_node : binary(call, "add", product_node, bias));
}

Value matmul(Call& call) {
  const NodeId a = call.tensor(0), b = call.tensor(1);
  return call.fresh(product(call, a, b));
}

// addmm(b, x, y, beta, alpha) = beta b + alpha x y.
Value addmm(Call& call) {
  const NodeId bias = call.tensor(0), x = call.tensor(1), y = call.tensor(2);
  const double beta = call.real(3, 1.0), alpha = call.real(4, 1.0);
  const bool is_layer = call.builder().is_constant(y) && call.builder().is_constant(bias) && alpha == 1 && beta == 1 &&
                        call.shape_of(y).size() == 2 && call.shape_of(bias) == Shape{call.shape_of(y)[1]};
  if (is_layer) return call.fresh(dense(call, x, transposed(call, y, {1, 0}), bias));
  NodeId result = product(call, x, y);
  if (alpha != 1) result = binary(call, "mul", result, call.number(alpha));
  const NodeId offset = beta == 1 ? bias : binary(call, "mul", bias, call.number(beta));
  return call.fresh(binary(call, "add", result, offset));
}

}  // namespace halfulp::ingest_child::rules
