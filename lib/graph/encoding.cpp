#include "halfulp/graph/encoding.hpp"

#include "halfulp/graph/wire.hpp"

namespace halfulp {
namespace {

constexpr std::uint64_t kMagic = 0x3130'4850'4752'4c48;  // "HLRGPH01"

using Integers = std::vector<std::int64_t>;
using Reals = std::vector<double>;

struct AttributeWriter {
  WireWriter& out;
  void operator()(std::int64_t value) const { out.number(value); }
  void operator()(double value) const { out.number(value); }
  void operator()(bool value) const { out.number<std::uint8_t>(value); }
  void operator()(const std::string& value) const { out.text(value); }
  void operator()(const Integers& value) const { out.numbers(value); }
  void operator()(const Reals& value) const { out.numbers(value); }
};

Attribute read_attribute(WireReader& in) {
  switch (in.number<std::uint8_t>()) {
    case 0: return in.number<std::int64_t>();
    case 1: return in.number<double>();
    case 2: return in.number<std::uint8_t>() != 0;
    case 3: return in.text();
    case 4: return in.numbers<std::int64_t>();
    case 5: return in.numbers<double>();
    default: in.fail(); return false;
  }
}

void write_node(WireWriter& out, const Node& node) {
  out.text(node.name);
  out.text(node.op);
  out.numbers(node.inputs);
  out.number<std::uint64_t>(node.attributes.size());
  for (const auto& [key, value] : node.attributes) {
    out.text(key);
    out.number<std::uint8_t>(static_cast<std::uint8_t>(value.index()));
    std::visit(AttributeWriter{out}, value);
  }
  out.numbers(node.shape);
  out.text(node.source);
  out.numbers(node.constant);
}

Node read_node(WireReader& in) {
  Node node;
  node.name = in.text();
  node.op = in.text();
  node.inputs = in.numbers<NodeId>();
  const std::size_t attributes = in.count(10);
  for (std::size_t i = 0; i < attributes && in.ok(); ++i) {
    std::string key = in.text();
    if (!node.attributes.emplace(std::move(key), read_attribute(in)).second) in.fail();
  }
  node.shape = in.numbers<std::int64_t>();
  node.source = in.text();
  node.constant = in.numbers<double>();
  return node;
}

}  // namespace

std::string encode(const Graph& graph) {
  WireWriter out;
  out.number(kMagic);
  out.number<std::uint64_t>(graph.nodes.size());
  for (const Node& node : graph.nodes) write_node(out, node);
  out.numbers(graph.inputs);
  out.numbers(graph.outputs);
  out.number<std::uint64_t>(graph.rewrites.size());
  for (const std::string& rewrite : graph.rewrites) out.text(rewrite);
  out.text(graph.model_sha256);
  return out.take();
}

Result<Graph> decode(std::string_view bytes) {
  WireReader in(bytes);
  if (in.number<std::uint64_t>() != kMagic) in.fail();
  constexpr std::size_t kSmallestNode = 7 * sizeof(std::uint64_t);
  Graph graph;
  const std::size_t nodes = in.count(kSmallestNode);
  for (std::size_t i = 0; i < nodes && in.ok(); ++i) graph.nodes.push_back(read_node(in));
  graph.inputs = in.numbers<NodeId>();
  graph.outputs = in.numbers<NodeId>();
  const std::size_t rewrites = in.count(sizeof(std::uint64_t));
  for (std::size_t i = 0; i < rewrites && in.ok(); ++i) graph.rewrites.push_back(in.text());
  graph.model_sha256 = in.text();
  if (!in.ok() || !in.at_end()) {
    return fail("E0411", "the encoded graph is damaged", {}, {}, ExitCode::kInternal);
  }
  if (auto checked = validate(graph); !checked) return fail(checked.error());
  return graph;
}

}  // namespace halfulp
