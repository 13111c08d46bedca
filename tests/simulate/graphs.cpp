#include "graphs.hpp"

#include <cmath>

namespace halfulp::testing {
namespace {

std::vector<std::int32_t> random_indices(Random& random, std::size_t count, std::size_t limit) {
  std::vector<std::int32_t> result(count);
  for (auto& i : result) i = static_cast<std::int32_t>(pick(random, 0, static_cast<std::int64_t>(limit) - 1));
  return result;
}

std::vector<double> dyadic_values(Random& random, std::size_t count) {
  std::vector<double> result(count);
  for (double& x : result) x = static_cast<double>(pick(random, -40, 40)) / 16;
  return result;
}

std::vector<double> constants(Random& random, std::size_t count) {
  return pick(random, 0, 1) == 0 ? dyadic_values(random, count) : random_values(random, count);
}

SummationOrder random_order(Random& random) {
  const auto kind = static_cast<SummationOrder::Kind>(pick(random, 0, 2));
  return {kind, kind == SummationOrder::Kind::kBlocked ? pick(random, 1, 4) : 0};
}

std::optional<Format> maybe_format(Random& random, int percent) {
  if (pick(random, 1, 100) > percent) return std::nullopt;
  return random_format(random);
}

void give_dot_formats(NodeFormats& formats, Random& random) {
  formats.product = maybe_format(random, 25);
  formats.accumulator = maybe_format(random, 60);
  formats.output = formats.accumulator ? maybe_format(random, 80) : random_format(random);
  formats.order = random_order(random);
}

LinearMap random_map(Random& random, std::int64_t inputs) {
  LinearMap map;
  map.inputs = inputs;
  map.groups = pick(random, 1, std::min<std::int64_t>(2, inputs));
  map.channels = pick(random, 1, 6);
  map.depth = pick(random, 0, 9) == 0 ? pick(random, 20, 70) : pick(random, 1, 7);
  map.positions = pick(random, 1, 3);
  map.outputs = map.groups * map.channels * map.positions;
  map.input_group_stride = inputs - inputs / map.groups;
  const std::int64_t reach = inputs - (map.groups - 1) * map.input_group_stride;
  const bool padded = pick(random, 0, 1) == 0;
  for (std::int64_t i = 0; i < map.depth * map.positions; ++i) {
    map.input_pattern.push_back(static_cast<std::int32_t>(pick(random, padded ? -1 : 0, reach - 1)));
  }
  for (std::int64_t p = 0; p < map.positions; ++p) map.output_pattern.push_back(static_cast<std::int32_t>(p));
  map.output_channel_stride = map.positions;
  map.weight = constants(random, static_cast<std::size_t>(map.groups * map.channels * map.depth));
  if (pick(random, 0, 1) == 0) map.bias = constants(random, static_cast<std::size_t>(map.groups * map.channels));
  map.has_stored_weights = pick(random, 0, 3) != 0;
  return map;
}

}  // namespace

std::int64_t pick(Random& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

double random_value(Random& random) {
  const double unit = std::ldexp(static_cast<double>(static_cast<std::int64_t>(random()) >> 11), -52);
  switch (pick(random, 0, 3)) {
    case 0: return unit;
    case 1: return std::ldexp(unit, static_cast<int>(pick(random, -40, 12)));
    case 2: return std::ldexp(static_cast<double>(pick(random, -3, 3)), static_cast<int>(pick(random, -20, 8)));
    default: return static_cast<double>(pick(random, -64, 64)) / 16;
  }
}

std::vector<double> random_values(Random& random, std::size_t count) {
  std::vector<double> result(count);
  for (double& x : result) x = random_value(random);
  return result;
}

Format random_format(Random& random) {
  static const std::vector<std::string> bases = {
      "fixed<8,3>",    "fixed<12,4>",   "fixed<16,6>",  "fixed<24,12>", "fixed<32,12>",   "fixed<53,20>", "fixed<64,20>",
      "fixed<100,30>", "fixed<128,60>", "ufixed<12,4>", "fixed<6,8>",   "ufixed<100,40>", "float<5,10>",  "float<8,7>",
      "float<8,23>",   "float<4,3>",    "float<3,2>",   "float<11,52>", "e4m3",           "e5m2",         "fixed<40,16>"};
  static const std::vector<std::string> roundings = {"",   ":nearest-away", ":nearest-zero", ":toward-zero",   ":up",
                                                     ":down", ":odd",       ":stochastic",   ":stochastic<5>", ""};
  static const std::vector<std::string> overflows = {"", ":wrap", ":infinity", ":saturate-symmetric", "", ":error", ":wrap"};
  while (true) {
    const std::string flush = pick(random, 0, 5) == 0 ? ":flush" : "";
    const auto format = parse_format(any_of(random, bases) + any_of(random, roundings) + any_of(random, overflows) + flush);
    if (format) return *format;
  }
}

LinearMap random_convolution(Random& random, std::int64_t inputs) {
  LinearMap map;
  map.groups = pick(random, 1, 3);
  map.channels = pick(random, 1, 9);
  map.depth = pick(random, 1, 12);
  map.positions = pick(random, 1, 300);
  map.inputs = inputs;
  map.outputs = map.groups * map.channels * map.positions;
  map.output_channel_stride = map.positions;
  const std::int64_t reach = inputs / map.groups;
  map.input_group_stride = reach;
  for (std::int64_t k = 0; k < map.depth; ++k) {
    const std::int64_t step = pick(random, 0, 2);
    std::int64_t at = pick(random, 0, reach - 1);
    for (std::int64_t p = 0; p < map.positions; ++p, at = (at + step) % reach) {
      map.input_pattern.push_back(pick(random, 0, 15) == 0 ? -1 : static_cast<std::int32_t>(at));
    }
  }
  for (std::int64_t p = 0; p < map.positions; ++p) map.output_pattern.push_back(static_cast<std::int32_t>(p));
  map.weight = random_values(random, static_cast<std::size_t>(map.groups * map.channels * map.depth));
  if (pick(random, 0, 3) != 0) map.bias = random_values(random, static_cast<std::size_t>(map.groups * map.channels));
  return map;
}

NodeId Network::append(const std::string& name, const std::string& op, LoweredNode node) {
  Node described;
  described.name = name + std::to_string(graph.nodes.size());
  described.op = op;
  described.inputs = node.operands;
  described.shape = {node.size};
  graph.nodes.push_back(std::move(described));
  lowered.nodes.push_back(std::move(node));
  lowered.graph = &graph;
  formats.emplace_back();
  return static_cast<NodeId>(graph.nodes.size() - 1);
}

std::unique_ptr<Network> make_network(Random& random, std::int64_t input_elements) {
  auto network = std::make_unique<Network>();
  const NodeId x = network->append("x", "input", {SourceForm{}, {}, input_elements});
  network->graph.inputs = {x};
  network->formats[0].input = maybe_format(random, 50);
  return network;
}

NodeId append_linear(Network& network, Random& random, NodeId x) {
  LinearMap map = random_map(random, network.lowered[x].size);
  NodeFormats formats;
  formats.weight = maybe_format(random, 75);
  formats.bias = maybe_format(random, 75);
  give_dot_formats(formats, random);
  if (formats.output && pick(random, 0, 2) == 0) {
    for (std::int64_t p = 0; p < map.positions; ++p) map.divisor.push_back(static_cast<std::uint32_t>(pick(random, 1, 9)));
  }
  const std::int64_t size = map.outputs;
  const NodeId id = network.append("linear", "linear", {LinearForm{std::move(map)}, {x}, size});
  network.formats.back() = formats;
  return id;
}

NodeId append_dot(Network& network, Random& random, NodeId x) {
  DotForm form;
  form.batches = pick(random, 1, 2);
  form.rows = pick(random, 1, 2);
  form.columns = pick(random, 1, 3);
  form.depth = pick(random, 1, 6);
  form.left = random_indices(random, static_cast<std::size_t>(form.batches * form.rows * form.depth), network.size_of(x));
  form.right = random_indices(random, static_cast<std::size_t>(form.batches * form.columns * form.depth), network.size_of(x));
  const std::int64_t size = form.batches * form.rows * form.columns;
  const NodeId id = network.append("dot", "matmul", {std::move(form), {x, x}, size});
  give_dot_formats(network.formats.back(), random);
  return id;
}

NodeId append_binary(Network& network, Random& random, NodeId x) {
  BinaryForm form;
  form.kind = static_cast<BinaryKind>(pick(random, 0, 3));
  const std::int64_t size = pick(random, 1, 5);
  std::vector<NodeId> operands = {x, x};
  const std::int64_t constant_side = pick(random, 0, 2);
  if (constant_side < 2) {
    const std::int64_t count = pick(random, 1, 3);
    const NodeId c = network.append("c", "constant", {SourceForm{.is_constant = true}, {}, count});
    network.graph[c].constant = constants(random, static_cast<std::size_t>(count));
    operands[static_cast<std::size_t>(constant_side)] = c;
    (constant_side == 0 ? form.left_is_constant : form.right_is_constant) = true;
  }
  form.left = random_indices(random, static_cast<std::size_t>(size), network.size_of(operands[0]));
  form.right = random_indices(random, static_cast<std::size_t>(size), network.size_of(operands[1]));
  const bool grows = form.kind == BinaryKind::kMultiply || form.kind == BinaryKind::kDivide;
  const NodeId id = network.append("binary", "binary", {std::move(form), operands, size});
  network.formats.back().weight = maybe_format(random, 50);
  network.formats.back().bias = maybe_format(random, 50);
  network.formats.back().output = maybe_format(random, grows ? 100 : 80);
  return id;
}

NodeId append_unary(Network& network, Random& random, NodeId x) {
  static const std::vector<UnaryKind> kinds = {UnaryKind::kNeg,       UnaryKind::kAbs,      UnaryKind::kRelu,
                                               UnaryKind::kLeakyRelu, UnaryKind::kHardtanh, UnaryKind::kPower};
  UnaryForm form;
  form.kind = any_of(random, kinds);
  form.low = -static_cast<double>(pick(random, 0, 30)) / 8;
  form.high = static_cast<double>(pick(random, 0, 30)) / 8;
  form.exponent = static_cast<int>(pick(random, -4, 7));
  if (form.kind == UnaryKind::kLeakyRelu) form.slope = random_values(random, pick(random, 0, 1) == 0 ? 1 : network.size_of(x));
  const bool grows = form.kind == UnaryKind::kPower || form.kind == UnaryKind::kLeakyRelu;
  const std::int64_t size = network.lowered[x].size;
  const NodeId id = network.append("unary", "unary", {std::move(form), {x}, size});
  network.formats.back().weight = maybe_format(random, 50);
  network.formats.back().output = maybe_format(random, grows ? 100 : 50);
  return id;
}

NodeId append_selection(Network& network, Random& random, NodeId x) {
  const std::int64_t size = pick(random, 1, 5);
  LoweredNode node{{}, {x}, size};
  if (pick(random, 0, 1) == 0) {
    MaxForm form{.first = {0}, .members = {}};
    for (std::int64_t i = 0; i < size; ++i) {
      const auto members = random_indices(random, static_cast<std::size_t>(pick(random, 1, 4)), network.size_of(x));
      form.members.insert(form.members.end(), members.begin(), members.end());
      form.first.push_back(static_cast<std::int32_t>(form.members.size()));
    }
    node.form = std::move(form);
  } else {
    GatherForm form{.source = random_indices(random, static_cast<std::size_t>(size), 2 * network.size_of(x)), .fill = random_value(random)};
    if (pick(random, 0, 1) == 0) form.source[0] = -1;
    node.form = std::move(form);
    node.operands = {0, x};
    const auto reach = network.size_of(0) + network.size_of(x);
    for (auto& from : std::get<GatherForm>(node.form).source) from = std::min(from, static_cast<std::int32_t>(reach) - 1);
  }
  const NodeId id = network.append("selection", "selection", std::move(node));
  network.formats.back().output = maybe_format(random, 50);
  return id;
}

NodeId append_any(Network& network, Random& random, NodeId x) {
  switch (pick(random, 0, 5)) {
    case 0: return append_dot(network, random, x);
    case 1: return append_binary(network, random, x);
    case 2: return append_unary(network, random, x);
    case 3: return append_selection(network, random, x);
    default: return append_linear(network, random, x);
  }
}

}  // namespace halfulp::testing
