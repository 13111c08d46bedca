// Reductions over dimensions. Without dimensions they take all.
#include <algorithm>
#include <numeric>

#include "handlers.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child::rules {
namespace {

using Integers = std::vector<std::int64_t>;

Integers reduced_dims(Call& call, std::size_t rank) {
  const int at = call.position("dim");
  Integers dims;
  const bool is_given = at >= 0 && !call.is_none(static_cast<std::size_t>(at));
  if (is_given) {
    for (const std::int64_t dim : call.ints(static_cast<std::size_t>(at))) {
      const auto normal = normal_dim(dim, rank);
      if (!normal) call.misfit("dimension " + std::to_string(dim) + " of a tensor of rank " + std::to_string(rank));
      dims.push_back(*normal);
    }
  }
  if (dims.empty()) {
    dims.resize(rank);
    std::iota(dims.begin(), dims.end(), 0);
  }
  std::sort(dims.begin(), dims.end());
  if (std::adjacent_find(dims.begin(), dims.end()) != dims.end()) call.misfit("a dimension given twice");
  return dims;
}

bool keeps_dims(Call& call) {
  const int at = call.position("keepdim");
  return at >= 0 && call.boolean(static_cast<std::size_t>(at), false);
}

NodeId reduce(Call& call, const std::string& op, NodeId x) {
  const Shape from = call.shape_of(x);
  const Integers dims = reduced_dims(call, from.size());
  const bool keepdim = keeps_dims(call);
  Shape shape;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool is_reduced = std::binary_search(dims.begin(), dims.end(), static_cast<std::int64_t>(i));
    if (is_reduced && from[i] == 0) call.misfit("a reduction over no element");
    if (!is_reduced) shape.push_back(from[i]);
    else if (keepdim) shape.push_back(1);
  }
  return call.emit(op, {x}, {{"dims", dims}, {"keepdim", keepdim}}, std::move(shape));
}

}  // namespace

Value amax(Call& call) { return call.fresh(reduce(call, "amax", call.tensor(0))); }
Value mean(Call& call) { return call.fresh(reduce(call, "mean", call.tensor(0))); }
Value sum(Call& call) { return call.fresh(reduce(call, "sum", call.tensor(0))); }

// sqrt(sum(x x)).
Value frobenius_norm(Call& call) {
  const NodeId x = call.tensor(0);
  const NodeId total = reduce(call, "sum", binary(call, "mul", x, x));
  return call.fresh(call.emit("sqrt", {total}, {}, call.shape_of(total)));
}

}  // namespace halfulp::ingest_child::rules
