// Padding: with a constant, or with elements of the tensor itself (reflect, replicate, circular).
#include <algorithm>

#include "handlers.hpp"

namespace halfulp::ingest_child::rules {
namespace {

using Integers = std::vector<std::int64_t>;

Shape padded_shape(Call& call, NodeId x, const Integers& padding) {
  Shape shape = call.shape_of(x);
  if (padding.size() % 2 != 0 || padding.size() / 2 > shape.size()) call.misfit("padding of " + std::to_string(padding.size()) + " values");
  for (std::size_t i = 0; i < padding.size(); ++i) {
    if (padding[i] < 0) call.unsupported("negative padding", {"slice the tensor instead"});
    std::int64_t& extent = shape[shape.size() - 1 - i / 2];
    if (__builtin_add_overflow(extent, padding[i], &extent)) call.misfit("padding beyond any size");
  }
  return shape;
}

NodeId padded(Call& call, double value) {
  const NodeId x = call.tensor(0);
  const Integers padding = call.ints(1);
  Shape shape = padded_shape(call, x, padding);
  if (!(value - value == 0)) call.unsupported("padding with a value that is not finite");
  if (shape == call.shape_of(x)) return x;
  return call.emit("pad", {x}, {{"padding", padding}, {"value", value}}, std::move(shape));
}

// The most that `mode` can pad an axis of this extent by.
std::int64_t most_padding(const std::string& mode, std::int64_t extent) {
  if (mode == "reflect") return extent - 1;
  return mode == "circular" || extent == 0 ? extent : std::int64_t{1} << 31;
}

NodeId padded_with_itself(Call& call, const std::string& mode) {
  const NodeId x = call.tensor(0);
  const Integers padding = call.ints(1);
  Shape shape = padded_shape(call, x, padding);
  const Shape from = call.shape_of(x);
  for (std::size_t i = 0; i < padding.size(); ++i) {
    const std::int64_t extent = from[from.size() - 1 - i / 2];
    if (padding[i] > most_padding(mode, extent)) {
      call.misfit("padding of " + std::to_string(padding[i]) + " in mode '" + mode + "' on an extent of " + std::to_string(extent));
    }
  }
  if (shape == from) return x;
  return call.emit("pad", {x}, {{"padding", padding}, {"mode", mode}}, std::move(shape));
}

}  // namespace

// pad(x, padding, mode, value).
Value pad(Call& call) {
  const std::string mode = call.is_none(2) ? "constant" : call.text(2);
  if (mode == "constant") return call.fresh(padded(call, call.real(3, 0.0)));
  if (mode != "reflect" && mode != "replicate" && mode != "circular") call.unsupported("the padding mode '" + mode + "'");
  return call.fresh(padded_with_itself(call, mode));
}

Value constant_pad(Call& call) { return call.fresh(padded(call, call.real(2, 0.0))); }

// reflection_pad1d, reflection_pad2d, replication_pad1d, replication_pad2d.
Value mirrored_pad(Call& call) {
  return call.fresh(padded_with_itself(call, call.op().rfind("reflection", 0) == 0 ? "reflect" : "replicate"));
}

}  // namespace halfulp::ingest_child::rules
