// Normalisation by statistics of the input itself, written out:
//   d = x - mean(x), y = d / sqrt(mean(d d) + eps), then times gamma plus beta where the model has them.
#include <algorithm>

#include "handlers.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child::rules {
namespace {

using Integers = std::vector<std::int64_t>;

NodeId mean_over(Call& call, NodeId x, const Integers& dims) {
  Shape shape = call.shape_of(x);
  for (const std::int64_t dim : dims) shape[static_cast<std::size_t>(dim)] = 1;
  return call.emit("mean", {x}, {{"dims", dims}, {"keepdim", true}}, std::move(shape));
}

NodeId normalised(Call& call, NodeId x, const Integers& dims, double eps) {
  const NodeId centred = binary(call, "sub", x, mean_over(call, x, dims));
  const NodeId variance = mean_over(call, binary(call, "mul", centred, centred), dims);
  const NodeId shifted = binary(call, "add", variance, call.number(eps));
  return binary(call, "div", centred, call.emit("sqrt", {shifted}, {}, call.shape_of(shifted)));
}

// gamma and beta at args[i] and args[i + 1], of shape `shape`.
NodeId scaled_and_shifted(Call& call, NodeId x, std::size_t i, const Shape& shape) {
  if (!call.is_none(i)) x = binary(call, "mul", x, reshaped(call, call.tensor(i), shape));
  if (!call.is_none(i + 1)) x = binary(call, "add", x, reshaped(call, call.tensor(i + 1), shape));
  return x;
}

double positive_eps(Call& call, std::size_t i) {
  const double eps = call.real(i, 1e-5);
  if (!(eps > 0)) call.unsupported("normalisation without a positive eps");
  return eps;
}

// Statistics of each of `groups` groups of channels of each sample.
NodeId by_groups(Call& call, NodeId x, std::int64_t groups, double eps) {
  const Shape shape = call.shape_of(x);
  if (shape.size() < 2 || groups < 1 || shape[1] % groups != 0) {
    call.misfit("a tensor of shape " + to_string(shape) + " in " + std::to_string(groups) + " groups");
  }
  const NodeId grouped = reshaped(call, x, {shape[0], groups, element_count(shape) / (shape[0] * groups)});
  return reshaped(call, normalised(call, grouped, {2}, eps), shape);
}

Shape per_channel(const Shape& shape) {
  Shape result(shape.size() - 1, 1);
  result[0] = shape[1];
  return result;
}

}  // namespace

// layer_norm(x, shape, gamma, beta, eps, cudnn).
Value layer_norm(Call& call) {
  const NodeId x = call.tensor(0);
  const Shape shape = call.shape_of(x), normal = call.ints(1);
  if (normal.empty() || normal.size() > shape.size() || !std::equal(normal.rbegin(), normal.rend(), shape.rbegin())) {
    call.misfit("normalisation of shape " + to_string(shape) + " over " + to_string(normal));
  }
  Integers dims;
  for (std::size_t i = shape.size() - normal.size(); i < shape.size(); ++i) dims.push_back(static_cast<std::int64_t>(i));
  return call.fresh(scaled_and_shifted(call, normalised(call, x, dims, positive_eps(call, 4)), 2, normal));
}

// group_norm(x, groups, gamma, beta, eps, cudnn).
Value group_norm(Call& call) {
  const NodeId x = call.tensor(0);
  const NodeId y = by_groups(call, x, call.integer(1), positive_eps(call, 4));
  return call.fresh(scaled_and_shifted(call, y, 2, per_channel(call.shape_of(x))));
}

// instance_norm(x, gamma, beta, mean, variance, use_input_statistics, momentum, eps, cudnn).
Value instance_norm(Call& call) {
  if (!call.boolean(5, true)) call.unsupported("instance normalisation by running statistics");
  const NodeId x = call.tensor(0);
  if (call.shape_of(x).size() < 3) call.misfit("instance normalisation of a tensor of shape " + to_string(call.shape_of(x)));
  const NodeId y = by_groups(call, x, call.shape_of(x)[1], positive_eps(call, 7));
  return call.fresh(scaled_and_shifted(call, y, 1, per_channel(call.shape_of(x))));
}

}  // namespace halfulp::ingest_child::rules
