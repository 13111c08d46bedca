// Operators that keep every element and its order: all become `reshape`, or nothing where the shape stays.
#include <algorithm>

#include "handlers.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child {

NodeId reshaped(Call& call, NodeId from, Shape shape) {
  if (call.shape_of(from) == shape) return from;
  if (call.builder().is_constant(from)) {
    const std::string name = call.builder().node(from).name;
    return call.emit_constant({std::move(shape), call.constant(from).data}, name);
  }
  return call.emit("reshape", {from}, {}, std::move(shape));
}

namespace rules {
namespace {

Value view_with(Call& call, const Shape& wanted) {
  const NodeId x = call.tensor(0);
  const auto shape = completed_shape(wanted, element_count(call.shape_of(x)));
  if (!shape) call.misfit("shape " + to_string(call.shape_of(x)) + " as " + to_string(wanted));
  return call.view(0, reshaped(call, x, *shape));
}

}  // namespace

Value reshape(Call& call) {
  if (call.position("dtype") >= 0) call.unsupported("a view with another element type");
  return view_with(call, call.ints(1));
}

Value reshape_as(Call& call) { return view_with(call, call.shape(1)); }

Value flatten(Call& call) {
  const Shape x = call.shape(0);
  if (x.empty()) return view_with(call, {1});
  const std::int64_t start = call.is_none(1) ? 0 : call.dim(1, x.size());
  const std::int64_t end = call.is_none(2) ? static_cast<std::int64_t>(x.size()) - 1 : call.dim(2, x.size());
  if (start > end) call.misfit("a flattening whose start is after its end");
  Shape shape(x.begin(), x.begin() + start);
  std::int64_t joined = 1;
  for (std::int64_t i = start; i <= end; ++i) joined *= x[static_cast<std::size_t>(i)];
  shape.push_back(joined);
  shape.insert(shape.end(), x.begin() + end + 1, x.end());
  return view_with(call, shape);
}

// unflatten(x, dim, sizes).
Value unflatten(Call& call) {
  const Shape x = call.shape(0);
  const std::int64_t dim = call.dim(1, x.size());
  const auto sizes = completed_shape(call.ints(2), x[static_cast<std::size_t>(dim)]);
  if (!sizes) call.misfit("sizes that do not multiply to the extent");
  Shape shape(x.begin(), x.begin() + dim);
  shape.insert(shape.end(), sizes->begin(), sizes->end());
  shape.insert(shape.end(), x.begin() + dim + 1, x.end());
  return view_with(call, shape);
}

Value squeeze(Call& call) {
  const Shape x = call.shape(0);
  std::vector<bool> goes(x.size(), call.size() == 1);
  if (call.size() > 1) {
    for (const std::int64_t dim : call.ints(1)) {
      const auto normal = normal_dim(dim, x.size());
      if (!normal) call.misfit("dimension " + std::to_string(dim) + " of a tensor of rank " + std::to_string(x.size()));
      goes[static_cast<std::size_t>(*normal)] = true;
    }
  }
  Shape shape;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!goes[i] || x[i] != 1) shape.push_back(x[i]);
  }
  return view_with(call, shape);
}

Value unsqueeze(Call& call) {
  Shape shape = call.shape(0);
  const std::int64_t dim = call.dim(1, shape.size() + 1);
  shape.insert(shape.begin() + dim, 1);
  return view_with(call, shape);
}

// Nothing changes, and nothing is copied that could be told apart afterwards.
Value identity(Call& call) { return call.view(0, call.tensor(0)); }
Value copied(Call& call) { return call.fresh(call.tensor(0)); }

// to(..): element types float32 and float64 only, the format of a value is the schedule's business.
Value converted(Call& call) {
  const NodeId x = call.tensor(0);
  const int at = call.position("dtype");
  if (at < 0 || call.is_none(static_cast<std::size_t>(at))) return call.view(0, x);
  const auto type = static_cast<c10::ScalarType>(call.integer(static_cast<std::size_t>(at)));
  if (type != c10::ScalarType::Float && type != c10::ScalarType::Double) {
    call.unsupported(std::string("a conversion to ") + c10::toString(type));
  }
  call.builder().note_rewrite("conversions between float32 and float64 were left out: formats come from the schedule");
  return call.view(0, x);
}

Value dropout(Call& call) {
  if (call.boolean(2, false)) call.unsupported("dropout in training mode", {"call model.eval() before saving it"});
  call.tensor(0);
  return call.arg(0);
}

}  // namespace rules
}  // namespace halfulp::ingest_child
