#include <cmath>

#include "codes.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "layers.hpp"

namespace halfulp::emit_detail {
namespace {

constexpr int kMaxTableBits = 16;

bool in_domain(UnaryKind kind, int exponent, double x) {
  if (!std::isfinite(x)) return false;
  if (kind == UnaryKind::kLog) return x > 0;
  if (kind == UnaryKind::kSqrt) return x >= 0;
  return kind != UnaryKind::kPower || exponent >= 0 || x != 0;
}

double value_of_code(const Format& format, std::uint64_t bits) {
  if (format.family == FormatFamily::kFloat) return decode(format, bits);
  const int width = format.width_bits;
  std::int64_t code = static_cast<std::int64_t>(bits);
  if (format.is_signed && (bits >> (width - 1)) != 0) code -= std::int64_t{1} << width;
  return std::ldexp(static_cast<double>(code), -format.fraction_bits);
}

// The deployed function on all arguments at once: the simulator runs a graph of this one node.
Result<std::vector<Expansion>> deployed_values(const Network& network, NodeId id, const std::vector<double>& arguments) {
  Graph graph;
  const Shape shape = {std::ssize(arguments)};
  Node argument;
  argument.name = "x";
  argument.op = "input";
  argument.shape = shape;
  graph.nodes.push_back(argument);
  Node node = network.node(id);
  node.inputs = {0};
  node.shape = shape;
  graph.nodes.push_back(node);
  graph.inputs = {0};
  graph.outputs = {1};
  LoweredGraph lowered;
  lowered.graph = &graph;
  lowered.nodes.push_back({.form = SourceForm{}, .operands = {}, .size = shape[0]});
  lowered.nodes.push_back({.form = network.form(id).form, .operands = {0}, .size = shape[0]});
  auto simulator = Simulator::create(lowered, {NodeFormats{}, network.roles(id)});
  if (!simulator) return fail(simulator.error());
  auto values = simulator->run({arguments});
  if (!values) return fail(values.error());
  return (*values)[0];
}

}  // namespace

Result<void> table_layer(const Network& network, Layer& layer) {
  const UnaryForm& form = std::get<UnaryForm>(network.form(layer.id).form);
  const NodeId operand = network.form(layer.id).operands[0];
  const Format& input = network.value_format(operand);
  const Format& output = network.value_format(layer.id);
  if (input.width_bits > kMaxTableBits) {
    return no_template(network.node(layer.id), "its input " + input.name + " is too wide for a complete table",
                       "give node '" + network.node(operand).name + "' an output format of at most 16 bits");
  }
  std::vector<double> arguments;
  int outside = 0;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << input.width_bits; ++bits) {
    const double x = value_of_code(input, bits);
    const bool inside = in_domain(form.kind, form.exponent, x);
    outside += inside ? 0 : 1;
    arguments.push_back(inside ? x : 1);
  }
  auto values = deployed_values(network, layer.id, arguments);
  if (!values) return fail(values.error());
  std::vector<std::string> codes;
  for (const Expansion& y : *values) codes.push_back(code_literal(output, code_of(output, y)));

  Configuration config(layer, network, "config");
  config.type("input_t", network.value_type(operand));
  config.type("output_t", network.value_type(layer.id));
  config.integer("size", network.form(layer.id).size);
  config.integer("index_bits", input.width_bits);
  const std::string name = config.table("table", code_type(output), std::move(codes));
  config.line("static " + code_type(output) + " entry(int i) { return " + name + "[i]; }");
  layer.calls.push_back(config.call("lookup", {operand}));
  if (outside > 0) {
    layer.notes.push_back("entries of " + std::to_string(outside) +
                          " codes outside the function's domain hold the value at 1");
  }
  return {};
}

}  // namespace halfulp::emit_detail
