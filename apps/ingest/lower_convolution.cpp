// Convolutions, batch norm and pooling.
#include "handlers.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child::rules {
namespace {

using Integers = std::vector<std::int64_t>;

struct Windows {
  Integers stride, padding, dilation;
};

// Extents of the result along each spatial axis; the last kernel.size() axes of x are spatial.
Shape spatial_result(Call& call, const Shape& x, const Integers& kernel, const Windows& windows, bool ceil_mode) {
  const std::size_t rank = kernel.size();
  if (x.size() < rank + 1) call.misfit("an input of shape " + to_string(x));
  Shape result(x.begin(), x.end() - static_cast<std::ptrdiff_t>(rank));
  for (std::size_t i = 0; i < rank; ++i) {
    const auto count = window_count(x[x.size() - rank + i], kernel[i], windows.stride[i], windows.padding[i], windows.dilation[i], ceil_mode);
    if (!count) call.misfit("a window of " + to_string(kernel) + " on an input of shape " + to_string(x));
    result.push_back(*count);
  }
  return result;
}

NodeId padded_right(Call& call, NodeId x, const Integers& extra) {
  Shape shape = call.shape_of(x);
  Integers padding;
  for (std::size_t i = extra.size(); i-- > 0;) {
    padding.push_back(0);
    padding.push_back(extra[i]);
    shape[shape.size() - extra.size() + i] += extra[i];
  }
  return call.emit("pad", {x}, {{"padding", padding}, {"value", 0.0}}, std::move(shape));
}

// padding="same" or "valid": x is padded on the right where the two sides differ.
Integers named_padding(Call& call, const std::string& name, const Windows& windows, const Integers& kernel, NodeId& x) {
  Integers padding(kernel.size(), 0), extra(kernel.size(), 0);
  if (name == "valid") return padding;
  if (name != "same") call.unsupported("the padding '" + name + "'");
  bool is_uneven = false;
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const std::int64_t total = windows.dilation[i] * (kernel[i] - 1);
    padding[i] = total / 2;
    extra[i] = total % 2;
    is_uneven = is_uneven || extra[i] != 0;
  }
  if (is_uneven) x = padded_right(call, x, extra);
  return padding;
}

void check_channels(Call& call, const Shape& x, const Shape& weight, std::int64_t groups) {
  const bool fits = groups >= 1 && weight[1] <= x[1] && weight[1] * groups == x[1] && weight[0] % groups == 0;
  if (!fits) {
    call.misfit("an input of shape " + to_string(x) + " for a weight of shape " + to_string(weight) + " in " +
                std::to_string(groups) + " groups");
  }
}

Value convolve(Call& call, std::size_t groups_at) {
  NodeId x = call.tensor(0);
  const NodeId weight = call.tensor(1);
  if (!call.builder().is_constant(weight)) call.unsupported("a weight that is not a parameter");
  const Shape w = call.shape_of(weight);
  if (w.size() != 3 && w.size() != 4) call.unsupported("a convolution over " + std::to_string(w.size() - 2) + " axes");
  const Shape given = call.shape_of(x);
  if (given.size() + 1 != w.size() && given.size() != w.size()) call.misfit("an input of shape " + to_string(given));
  const bool is_unbatched = given.size() + 1 == w.size();
  if (is_unbatched) {
    Shape with_batch = given;
    with_batch.insert(with_batch.begin(), 1);
    x = reshaped(call, x, std::move(with_batch));
  }
  const Integers kernel(w.begin() + 2, w.end());
  Windows windows{call.ints(3, kernel.size(), 1), {}, call.ints(5, kernel.size(), 1)};
  windows.padding = call.arg(4).constant.isString() ? named_padding(call, call.text(4), windows, kernel, x)
                                                    : call.ints(4, kernel.size(), 0);
  const std::int64_t groups = call.integer(groups_at, 1);
  check_channels(call, call.shape_of(x), w, groups);
  Shape shape = spatial_result(call, call.shape_of(x), kernel, windows, false);
  shape[1] = w[0];
  std::vector<NodeId> inputs = {x, weight};
  if (!call.is_none(2)) {
    inputs.push_back(call.tensor(2));
    if (!call.builder().is_constant(inputs[2]) || call.shape_of(inputs[2]) != Shape{w[0]}) call.misfit("a bias that is no parameter of one value a channel");
  }
  const NodeId result = call.emit_layer("conv", weight, std::move(inputs),
                                        {{"stride", windows.stride}, {"padding", windows.padding}, {"dilation", windows.dilation}, {"groups", groups}},
                                        shape);
  if (!is_unbatched) return call.fresh(result);
  shape.erase(shape.begin());
  return call.fresh(reshaped(call, result, std::move(shape)));
}

Windows pooling_windows(Call& call, const Integers& kernel) {
  const bool no_stride = call.is_none(2) || (call.arg(2).is_sequence() && call.arg(2).items->empty());
  return {no_stride ? kernel : call.ints(2, kernel.size(), 1), call.ints(3, kernel.size(), 0), Integers(kernel.size(), 1)};
}

std::size_t spatial_rank(const Call& call) { return call.op().back() == '1' || call.op().find("1d") != std::string::npos ? 1 : 2; }

void check_pool_padding(Call& call, const Integers& kernel, const Windows& windows) {
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    if (windows.padding[i] > kernel[i] / 2) call.misfit("pooling pads by more than half its window");
  }
}

// gamma, beta, mean or variance of a batch norm; `otherwise` in every channel where the model has none.
NodeId channel_parameter(Call& call, std::size_t i, std::int64_t channels, double otherwise, const std::string& name) {
  if (call.is_none(i)) {
    return call.emit_constant({{channels}, std::vector<double>(static_cast<std::size_t>(channels), otherwise)}, name);
  }
  const NodeId id = call.tensor(i);
  if (!call.builder().is_constant(id)) call.unsupported("a parameter that is computed");
  if (call.shape_of(id) != Shape{channels}) call.misfit("a parameter of shape " + to_string(call.shape_of(id)) + " for " + std::to_string(channels) + " channels");
  return id;
}

}  // namespace

Value convolution(Call& call) { return convolve(call, 6); }

// convolution(x, W, b, stride, padding, dilation, transposed, output_padding, groups, ...).
Value full_convolution(Call& call) {
  if (call.boolean(6, false)) call.unsupported("a transposed convolution");
  return convolve(call, 8);
}

// batch_norm(x, gamma, beta, mean, variance, training, momentum, eps, cudnn).
Value batch_norm(Call& call) {
  if (call.boolean(5, false)) call.unsupported("batch normalisation in training mode", {"call model.eval() before saving it"});
  if (call.is_none(3) || call.is_none(4)) call.unsupported("batch normalisation without running statistics");
  const NodeId x = call.tensor(0);
  const Shape shape = call.shape_of(x);
  if (shape.size() < 2) call.misfit("batch normalisation of a tensor of shape " + to_string(shape));
  const NodeId mean = channel_parameter(call, 3, shape[1], 0, "");
  const std::string& mean_name = call.builder().node(mean).name;
  const std::string owner = mean_name.substr(0, mean_name.rfind('.') + 1);
  const NodeId variance = channel_parameter(call, 4, shape[1], 1, "");
  const NodeId gamma = channel_parameter(call, 1, shape[1], 1, owner + "weight");
  const NodeId beta = channel_parameter(call, 2, shape[1], 0, owner + "bias");
  for (const double value : call.builder().node(variance).constant) {
    if (!(value + call.real(7) > 0)) call.misfit("a variance plus eps that is not positive");
  }
  return call.fresh(call.emit_layer("batch_norm", mean, {x, gamma, beta, mean, variance}, {{"eps", call.real(7)}}, shape));
}

// max_pool(x, kernel, stride, padding, dilation, ceil_mode).
Value max_pool(Call& call) {
  const NodeId x = call.tensor(0);
  const Integers kernel = call.ints(1, spatial_rank(call), 1);
  Windows windows = pooling_windows(call, kernel);
  windows.dilation = call.ints(4, kernel.size(), 1);
  const bool ceil_mode = call.boolean(5, false);
  check_pool_padding(call, kernel, windows);
  Shape shape = spatial_result(call, call.shape_of(x), kernel, windows, ceil_mode);
  return call.fresh(call.emit("max_pool", {x},
                              {{"kernel", kernel}, {"stride", windows.stride}, {"padding", windows.padding}, {"dilation", windows.dilation}, {"ceil_mode", ceil_mode}},
                              std::move(shape)));
}

// avg_pool(x, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override).
Value avg_pool(Call& call) {
  const NodeId x = call.tensor(0);
  const Integers kernel = call.ints(1, spatial_rank(call), 1);
  const Windows windows = pooling_windows(call, kernel);
  const bool ceil_mode = call.boolean(4, false);
  check_pool_padding(call, kernel, windows);
  Attributes attributes = {{"kernel", kernel}, {"stride", windows.stride}, {"padding", windows.padding},
                           {"ceil_mode", ceil_mode}, {"count_include_pad", call.boolean(5, true)}};
  if (!call.is_none(6)) {
    if (call.integer(6) < 1) call.unsupported("a divisor below 1");
    attributes["divisor_override"] = call.integer(6);
  }
  Shape shape = spatial_result(call, call.shape_of(x), kernel, windows, ceil_mode);
  return call.fresh(call.emit("avg_pool", {x}, std::move(attributes), std::move(shape)));
}

Value adaptive_avg_pool(Call& call) {
  const NodeId x = call.tensor(0);
  const std::size_t rank = spatial_rank(call);
  const Integers wanted = call.ints(1, rank, 1);
  Shape shape = call.shape_of(x);
  if (shape.size() < rank + 1) call.misfit("pooling a tensor of shape " + to_string(shape));
  for (std::size_t i = 0; i < rank; ++i) {
    if (wanted[i] < 1) call.misfit("pooling to " + std::to_string(wanted[i]) + " elements");
    shape[shape.size() - rank + i] = wanted[i];
  }
  return call.fresh(call.emit("adaptive_avg_pool", {x}, {{"output_size", wanted}}, std::move(shape)));
}

}  // namespace halfulp::ingest_child::rules
