// Operators that move elements: order, subsets, joins. On constants they are done at once.
#include <algorithm>

#include "constants.hpp"
#include "handlers.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child {
namespace {

using Integers = std::vector<std::int64_t>;

NodeId slice_of(Call& call, NodeId x, std::int64_t dim, std::int64_t start, std::int64_t end, std::int64_t step) {
  Shape shape = call.shape_of(x);
  const std::int64_t extent = shape[static_cast<std::size_t>(dim)];
  const std::int64_t count = end <= start ? 0 : (end - start - 1) / step + 1;
  if (start == 0 && step == 1 && count == extent) return x;
  if (count == 0) call.misfit("a slice that holds no element");
  if (call.builder().is_constant(x)) {
    const std::string name = call.builder().node(x).name;
    return call.emit_constant(sliced(call.constant(x), static_cast<std::size_t>(dim), start, step, count), name);
  }
  shape[static_cast<std::size_t>(dim)] = count;
  return call.emit("slice", {x}, {{"dim", dim}, {"start", start}, {"end", end}, {"step", step}}, std::move(shape));
}

NodeId select_of(Call& call, NodeId x, std::int64_t dim, std::int64_t index) {
  Shape shape = call.shape_of(x);
  if (call.builder().is_constant(x)) {
    const std::string name = call.builder().node(x).name;
    Tensor part = sliced(call.constant(x), static_cast<std::size_t>(dim), index, 1, 1);
    part.shape.erase(part.shape.begin() + dim);
    return call.emit_constant(std::move(part), name);
  }
  shape.erase(shape.begin() + dim);
  return call.emit("select", {x}, {{"dim", dim}, {"index", index}}, std::move(shape));
}

// Consecutive parts of the given lengths along `dim`. Those of unsafe_chunk and unsafe_split may be assigned to one by one: in return
// the whole must not be used again.
Value parts_of(Call& call, std::int64_t dim, const Integers& lengths) {
  const NodeId x = call.tensor(0);
  const bool stand_alone = call.op().rfind("unsafe_", 0) == 0;
  Items items;
  std::int64_t start = 0;
  for (const std::int64_t length : lengths) {
    if (length < 1) call.misfit("a part of " + std::to_string(length) + " elements");
    const NodeId part = slice_of(call, x, dim, start, start + length, 1);
    items.push_back(stand_alone ? call.fresh(part) : call.view(0, part));
    start += length;
  }
  if (stand_alone) ++call.arg(0).cell->memory->version;
  return sequence(Value::Kind::kList, std::move(items));
}

Integers equal_parts(std::int64_t extent, std::int64_t length) {
  Integers lengths;
  for (std::int64_t left = extent; left > 0; left -= length) lengths.push_back(std::min(left, length));
  return lengths;
}

}  // namespace

NodeId transposed(Call& call, NodeId from, const Integers& dims) {
  if (std::is_sorted(dims.begin(), dims.end())) return from;
  if (call.builder().is_constant(from)) {
    const std::string name = call.builder().node(from).name;
    return call.emit_constant(permuted(call.constant(from), dims), name);
  }
  Shape shape;
  for (const std::int64_t dim : dims) shape.push_back(call.shape_of(from)[static_cast<std::size_t>(dim)]);
  return call.emit("permute", {from}, {{"dims", dims}}, std::move(shape));
}

namespace rules {

Value permute(Call& call) {
  const NodeId x = call.tensor(0);
  const std::size_t rank = call.shape_of(x).size();
  Integers dims;
  std::vector<bool> seen(rank, false);
  for (const std::int64_t dim : call.ints(1)) {
    const auto normal = normal_dim(dim, rank);
    if (!normal || seen[static_cast<std::size_t>(*normal)]) call.misfit("a permutation that names a dimension twice or not at all");
    seen[static_cast<std::size_t>(*normal)] = true;
    dims.push_back(*normal);
  }
  if (dims.size() != rank) call.misfit("a permutation of " + std::to_string(dims.size()) + " dimensions of " + std::to_string(rank));
  return call.view(0, transposed(call, x, dims));
}

Value transpose(Call& call) {
  const NodeId x = call.tensor(0);
  const std::size_t rank = call.shape_of(x).size();
  Integers dims(rank);
  for (std::size_t i = 0; i < rank; ++i) dims[i] = static_cast<std::int64_t>(i);
  if (rank > 0) std::swap(dims[static_cast<std::size_t>(call.dim(1, rank))], dims[static_cast<std::size_t>(call.dim(2, rank))]);
  return call.view(0, transposed(call, x, dims));
}

// t(x) of rank 2 or less, and x.T.
Value matrix_transpose(Call& call) {
  const NodeId x = call.tensor(0);
  const std::size_t rank = call.shape_of(x).size();
  if (call.op() == "t" && rank > 2) call.misfit("t of a tensor of rank " + std::to_string(rank));
  Integers dims(rank);
  for (std::size_t i = 0; i < rank; ++i) dims[i] = static_cast<std::int64_t>(rank - 1 - i);
  return call.view(0, transposed(call, x, dims));
}

// slice(x, dim, start, end, step).
Value slice(Call& call) {
  const NodeId x = call.tensor(0);
  const Shape shape = call.shape_of(x);
  if (shape.empty()) call.misfit("a slice of a scalar");
  const std::int64_t dim = call.size() > 1 ? call.dim(1, shape.size()) : 0;
  const std::int64_t extent = shape[static_cast<std::size_t>(dim)];
  const auto bound = [&](std::size_t i, std::int64_t otherwise) {
    const std::int64_t given = std::clamp(call.integer(i, otherwise), -extent, extent);
    return given < 0 ? given + extent : given;
  };
  const std::int64_t step = call.integer(4, 1);
  if (step < 1) call.misfit("a slice with step " + std::to_string(step));
  return call.view(0, slice_of(call, x, dim, bound(2, 0), bound(3, extent), step));
}

// narrow(x, dim, start, length).
Value narrow(Call& call) {
  const NodeId x = call.tensor(0);
  const Shape shape = call.shape_of(x);
  const std::int64_t dim = call.dim(1, shape.size());
  const std::int64_t extent = shape[static_cast<std::size_t>(dim)];
  const std::int64_t start = call.integer(2) < 0 ? call.integer(2) + extent : call.integer(2);
  const std::int64_t length = call.integer(3);
  if (start < 0 || length < 1 || start > extent || length > extent - start) call.misfit("a range outside the tensor");
  return call.view(0, slice_of(call, x, dim, start, start + length, 1));
}

// chunk(x, chunks, dim).
Value chunk(Call& call) {
  const Shape shape = call.shape(0);
  const std::int64_t chunks = call.integer(1);
  const std::int64_t dim = call.is_none(2) ? 0 : call.dim(2, shape.size());
  if (chunks < 1 || shape.empty()) call.misfit("a split into " + std::to_string(chunks) + " parts");
  const std::int64_t extent = shape[static_cast<std::size_t>(dim)];
  return parts_of(call, dim, equal_parts(extent, std::max<std::int64_t>((extent - 1) / chunks + 1, 1)));
}

// split(x, length or lengths, dim).
Value split(Call& call) {
  const Shape shape = call.shape(0);
  if (shape.empty()) call.misfit("a split of a scalar");
  const std::int64_t dim = call.is_none(2) ? 0 : call.dim(2, shape.size());
  const std::int64_t extent = shape[static_cast<std::size_t>(dim)];
  if (!call.arg(1).is_sequence()) {
    if (call.integer(1) < 1) call.misfit("a split into parts of " + std::to_string(call.integer(1)));
    return parts_of(call, dim, equal_parts(extent, call.integer(1)));
  }
  std::int64_t total = 0;
  for (const std::int64_t length : call.ints(1)) {
    if (length < 0 || length > extent - total) call.misfit("parts that do not add up to the extent");
    total += length;
  }
  if (total != extent) call.misfit("parts that do not add up to the extent");
  return parts_of(call, dim, call.ints(1));
}

Value select(Call& call) {
  const NodeId x = call.tensor(0);
  const Shape shape = call.shape_of(x);
  const std::int64_t dim = call.dim(1, shape.size());
  const auto index = normal_dim(call.integer(2), static_cast<std::size_t>(shape[static_cast<std::size_t>(dim)]));
  if (!index) call.misfit("index " + std::to_string(call.integer(2)) + " of dimension " + std::to_string(dim) + " of " + to_string(shape));
  return call.view(0, select_of(call, x, dim, *index));
}

Value unbind(Call& call) {
  const NodeId x = call.tensor(0);
  const Shape shape = call.shape_of(x);
  const std::int64_t dim = call.is_none(1) ? 0 : call.dim(1, shape.size());
  if (shape.empty()) call.misfit("unbind of a scalar");
  Items items;
  for (std::int64_t i = 0; i < shape[static_cast<std::size_t>(dim)]; ++i) {
    items.push_back(call.view(0, select_of(call, x, dim, i)));
  }
  return sequence(Value::Kind::kList, std::move(items));
}

Value cat(Call& call) {
  const std::vector<NodeId> parts = call.tensors(0);
  if (parts.empty()) call.misfit("a join of no tensors");
  Shape shape = call.shape_of(parts[0]);
  const std::int64_t dim = call.is_none(1) ? 0 : call.dim(1, shape.size());
  if (shape.empty()) call.misfit("a join of scalars");
  const auto axis = static_cast<std::size_t>(dim);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Shape other = call.shape_of(parts[i]);
    if (other.size() != shape.size()) call.misfit("a join of tensors of different rank");
    const std::int64_t extent = shape[axis] + other[axis];
    other[axis] = shape[axis];
    if (other != shape) call.misfit("a join of shapes " + to_string(shape) + " and " + to_string(call.shape_of(parts[i])));
    shape[axis] = extent;
  }
  if (parts.size() == 1) return call.fresh(parts[0]);
  return call.fresh(call.emit("cat", parts, {{"dim", dim}}, std::move(shape)));
}

Value stack(Call& call) {
  const std::vector<NodeId> parts = call.tensors(0);
  if (parts.empty()) call.misfit("a stack of no tensors");
  Shape shape = call.shape_of(parts[0]);
  for (const NodeId part : parts) {
    if (call.shape_of(part) != shape) call.misfit("a stack of shapes " + to_string(shape) + " and " + to_string(call.shape_of(part)));
  }
  const std::int64_t dim = call.is_none(1) ? 0 : call.dim(1, shape.size() + 1);
  shape.insert(shape.begin() + dim, static_cast<std::int64_t>(parts.size()));
  return call.fresh(call.emit("stack", parts, {{"dim", dim}}, std::move(shape)));
}

namespace {

Value expanded(Call& call, Shape wanted) {
  const NodeId x = call.tensor(0);
  const Shape& from = call.shape_of(x);
  if (wanted.size() < from.size()) call.misfit("an expansion to fewer dimensions");
  const std::size_t added = wanted.size() - from.size();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (wanted[i + added] == -1) wanted[i + added] = from[i];
  }
  const auto shape = broadcast(from, wanted);
  if (!shape || *shape != wanted) call.misfit("shape " + to_string(from) + " expanded to " + to_string(wanted));
  if (from == wanted) return call.view(0, x);
  return call.view(0, call.emit("expand", {x}, {}, std::move(wanted)));
}

}  // namespace

Value expand(Call& call) { return expanded(call, call.ints(1)); }
Value expand_as(Call& call) { return expanded(call, call.shape(1)); }

}  // namespace rules
}  // namespace halfulp::ingest_child
