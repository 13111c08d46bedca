#include "networks.hpp"

namespace halfulp::test {

NodeId NetworkBuilder::add(const std::string& op, std::vector<NodeId> inputs, Shape shape,
                           std::map<std::string, Attribute> attributes) {
  Node node;
  node.name = op + "." + std::to_string(graph.nodes.size());
  node.op = op;
  node.inputs = std::move(inputs);
  node.shape = std::move(shape);
  node.attributes = std::move(attributes);
  graph.nodes.push_back(std::move(node));
  return static_cast<NodeId>(graph.nodes.size() - 1);
}

NodeId NetworkBuilder::input(Shape shape) {
  const NodeId id = add("input", {}, std::move(shape));
  graph.inputs.push_back(id);
  return id;
}

NodeId NetworkBuilder::constant(Shape shape, double scale) {
  const NodeId id = add("constant", {}, std::move(shape));
  for (std::int64_t i = 0; i < element_count(graph[id].shape); ++i) graph[id].constant.push_back(draw.value(scale));
  return id;
}

NodeId NetworkBuilder::linear(NodeId x, std::int64_t out, bool bias) {
  const std::int64_t depth = graph[x].shape.back();
  std::vector<NodeId> inputs = {x, constant({out, depth}, 1.0)};
  if (bias) inputs.push_back(constant({out}, 0.5));
  Shape shape = graph[x].shape;
  shape.back() = out;
  return add("linear", inputs, shape);
}

NodeId NetworkBuilder::conv(NodeId x, std::int64_t out, std::int64_t kernel, std::int64_t padding, std::int64_t stride,
                            std::int64_t groups) {
  const Shape in = graph[x].shape;
  const auto extent = [&](std::int64_t n) { return (n + 2 * padding - kernel) / stride + 1; };
  const NodeId weight = constant({out, in[1] / groups, kernel, kernel}, 0.7);
  const NodeId bias = constant({out}, 0.5);
  const std::vector<std::int64_t> strides = {stride, stride}, paddings = {padding, padding}, ones = {1, 1};
  return add("conv", {x, weight, bias}, {in[0], out, extent(in[2]), extent(in[3])},
             {{"groups", groups}, {"stride", strides}, {"padding", paddings}, {"dilation", ones}});
}

NodeId NetworkBuilder::pool(const std::string& op, NodeId x, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  const Shape in = graph[x].shape;
  const auto extent = [&](std::int64_t n) { return (n + 2 * padding - kernel) / stride + 1; };
  const std::vector<std::int64_t> kernels = {kernel, kernel}, strides = {stride, stride}, paddings = {padding, padding};
  std::map<std::string, Attribute> attributes = {{"kernel", kernels}, {"stride", strides}, {"padding", paddings}};
  if (op == "avg_pool") attributes["count_include_pad"] = draw.chance(50);
  return add(op, {x}, {in[0], in[1], extent(in[2]), extent(in[3])}, attributes);
}

NodeId NetworkBuilder::same(const std::string& op, NodeId x, std::map<std::string, Attribute> attributes) {
  return add(op, {x}, graph[x].shape, std::move(attributes));
}

NodeId NetworkBuilder::flatten(NodeId x) { return add("reshape", {x}, {1, element_count(graph[x].shape)}); }

Graph multilayer_perceptron(std::uint64_t stream) {
  NetworkBuilder b(stream);
  NodeId x = b.input({1, 12});
  x = b.same("relu", b.linear(x, 10));
  x = b.same(b.draw.chance(50) ? "tanh" : "sigmoid", b.linear(x, 7, false));
  b.graph.outputs = {b.linear(x, 4)};
  return b.graph;
}

Graph convolutional(std::uint64_t stream) {
  NetworkBuilder b(stream);
  NodeId x = b.input({1, 2, 7, 7});
  x = b.same("relu", b.conv(x, 4, 3, 1, 1, 1));
  x = b.pool("max_pool", x, 3, 2, 1);
  x = b.conv(x, 4, 2, 0, 1, 2);
  x = b.pool("avg_pool", x, 3, 1, 1);
  b.graph.outputs = {b.linear(b.flatten(x), 3)};
  return b.graph;
}

Graph residual(std::uint64_t stream) {
  NetworkBuilder b(stream);
  const NodeId x = b.input({1, 6}), z = b.input({1, 1});
  NodeId y = b.same("leaky_relu", b.linear(x, 6), {{"slope", 0.1}});
  y = b.add("add", {y, x}, {1, 6});
  y = b.same("hardtanh", y, {{"min", -0.75}, {"max", 1.5}});
  const NodeId scaled = b.add("mul", {y, b.constant({1, 6}, 1.0)}, {1, 6});
  const NodeId product = b.add("mul", {scaled, z}, {1, 6});
  const NodeId difference = b.add("sub", {product, b.same("abs", x)}, {1, 6});
  const NodeId joined = b.add("cat", {difference, b.same("neg", y)}, {1, 12}, {{"dim", std::int64_t{1}}});
  const std::vector<std::int64_t> padding = {1, 2};
  const NodeId padded = b.add("pad", {joined}, {1, 15}, {{"padding", padding}, {"value", 0.5}});
  const NodeId clamped = b.same("hardtanh", joined, {{"min", -4.0}, {"max", 4.0}});
  b.graph.outputs = {b.linear(padded, 3), b.same("tanh", clamped)};
  return b.graph;
}

namespace {

constexpr const char* kRoundings[] = {"", ":nearest-away", ":nearest-zero", ":toward-zero", ":up", ":down", ":odd"};
constexpr const char* kOverflows[] = {"", ":wrap", ":saturate-symmetric"};

std::string fixed_spelling(Draw& draw, bool may_be_unsigned, bool wide = false) {
  const int width = wide ? draw.between(30, 64) : draw.between(5, 14), integers = draw.between(2, wide ? 9 : 5);
  const bool is_unsigned = may_be_unsigned && draw.chance(15);
  return std::string(is_unsigned ? "ufixed<" : "fixed<") + std::to_string(width) + "," + std::to_string(integers) + ">" +
         kRoundings[draw.below(7)] + kOverflows[draw.below(3)];
}

std::string float_spelling(Draw& draw, bool wide) {
  static const std::vector<std::string> small = {"e4m3", "e5m2", "fp16", "e3m2", "float<4,6>", "e4m3fnuz"};
  static const std::vector<std::string> large = {"bf16", "fp16", "dlfloat16"};
  const auto& names = wide ? large : small;
  const std::string flush = draw.chance(15) ? ":flush" : "";
  return names[static_cast<std::size_t>(draw.below(static_cast<int>(names.size())))] + kRoundings[draw.below(7)] + flush;
}

Format random_format(Draw& draw, Family family, bool may_be_unsigned = false) {
  if (family == Family::kMixed) family = draw.chance(50) ? Family::kFixed : Family::kSmallFloat;
  if (family == Family::kWide) {
    const bool is_fixed = draw.chance(70);
    const std::string rounding = kRoundings[draw.below(7)];
    return parse_format(is_fixed ? fixed_spelling(draw, may_be_unsigned, true) : "fp32" + rounding).value();
  }
  const std::string spelling =
      family == Family::kFixed ? fixed_spelling(draw, may_be_unsigned) : float_spelling(draw, family == Family::kWideFloat);
  return parse_format(spelling).value();
}

SummationOrder random_order(Draw& draw) {
  const int kind = draw.below(3);
  if (kind == 0) return {};
  if (kind == 1) return {SummationOrder::Kind::kTree, 0};
  return {SummationOrder::Kind::kBlocked, draw.between(1, 4)};
}

}  // namespace

Schedule random_schedule(const Graph& graph, Family family, std::uint64_t stream) {
  Draw draw(stream);
  Schedule schedule;
  for (const Node& node : graph.nodes) {
    if (node.op == "constant") continue;
    ScheduleLayer layer{node.name, {}};
    NodeFormats& f = layer.formats;
    if (node.op == "input") {
      f.input = random_format(draw, family);
      schedule.layers.push_back(layer);
      continue;
    }
    // Without `output` these are exact; where they widen, the exact result of wide floats would not fit 64 bits.
    const bool widens = node.op == "pad" || node.op == "hardtanh" || node.op == "cat";
    const bool moves = node.op == "relu" || node.op == "max_pool" || node.op == "reshape" || node.op == "abs" ||
                       node.op == "neg" || (widens && family == Family::kFixed);
    // What exact data movement joins can be wider than a complete table of tanh is indexed by.
    const bool feeds_table = node.op == "hardtanh" && family == Family::kFixed;
    if (!moves || feeds_table || draw.chance(30)) f.output = random_format(draw, family, node.op == "relu");
    f.weight = random_format(draw, family);
    f.bias = random_format(draw, family);
    if (draw.chance(30)) f.product = random_format(draw, family);
    if (draw.chance(60)) f.accumulator = random_format(draw, family);
    f.order = random_order(draw);
    schedule.layers.push_back(layer);
  }
  return schedule;
}

std::vector<std::vector<std::vector<double>>> random_samples(const Graph& graph, int count, std::uint64_t stream) {
  Draw draw(stream);
  std::vector<std::vector<std::vector<double>>> samples;
  for (int s = 0; s < count; ++s) {
    std::vector<std::vector<double>> sample;
    for (const NodeId id : graph.inputs) {
      std::vector<double> values;
      const double scale = s % 10 == 0 ? 40.0 : 2.0;
      for (std::int64_t i = 0; i < element_count(graph[id].shape); ++i) values.push_back(draw.value(scale));
      sample.push_back(std::move(values));
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace halfulp::test
