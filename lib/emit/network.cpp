#include "network.hpp"

#include <cctype>
#include <set>

#include "extent.hpp"

namespace halfulp::emit_detail {
namespace {

// Words that the emitted files use themselves, and keywords that a node's name might be.
const std::set<std::string>& reserved_words() {
  static const std::set<std::string> words = {
      "in", "out", "first", "sample", "wrong", "mode", "argc", "argv", "main", "copy", "transform", "self_check",
      "read_sample", "std", "halfulp_rt", "and", "or", "not", "xor", "int", "long", "short", "char", "float", "double",
      "bool", "auto", "class", "struct", "union", "enum", "new", "delete", "this", "if", "else", "for", "while", "do",
      "switch", "case", "default", "break", "continue", "return", "const", "static", "extern", "register", "volatile",
      "operator", "template", "typename", "namespace", "using", "public", "private", "protected", "virtual", "friend",
      "inline", "signed", "unsigned", "void", "try", "catch", "throw", "true", "false", "export", "goto", "sizeof"};
  return words;
}

std::string identifier_of(const std::string& name) {
  std::string r;
  for (const char c : name) r += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  if (r.empty() || std::isdigit(static_cast<unsigned char>(r[0])) != 0) r.insert(0, "n");
  return r;
}

std::vector<std::string> identifiers(const Graph& graph, const std::string& top) {
  std::set<std::string> used = reserved_words();
  used.insert(top);
  std::vector<std::string> r;
  for (const Node& node : graph.nodes) {
    const std::string base = identifier_of(node.name);
    std::string name = base;
    for (int i = 2; !used.insert(name).second; ++i) name = base + "_" + std::to_string(i);
    r.push_back(name);
  }
  return r;
}

// Marks what the outputs need. A constant operand of an element-wise operator is stored with its consumer.
std::vector<NodeId> live_nodes(const Network& network) {
  const Graph& graph = network.graph();
  std::vector<bool> needed(graph.nodes.size(), false);
  for (const NodeId id : graph.inputs) needed[static_cast<std::size_t>(id)] = true;
  for (const NodeId id : graph.outputs) needed[static_cast<std::size_t>(id)] = true;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    if (!needed[i]) continue;
    const NodeId id = static_cast<NodeId>(i);
    const std::vector<NodeId>& operands = network.form(id).operands;
    for (std::size_t k = 0; k < operands.size(); ++k) {
      if (!is_constant_operand(network, id, k)) needed[static_cast<std::size_t>(operands[k])] = true;
    }
  }
  std::vector<NodeId> r;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) r.push_back(static_cast<NodeId>(i));
  }
  return r;
}

Result<void> check_role(const Node& node, const char* role, const std::optional<Format>& format) {
  if (!format) return {};
  const std::string spelled = std::string(role) + " = \"" + format->name + "\"";
  if (format->rounding == RoundingMode::kStochastic) {
    return no_template(node, spelled + ": stochastic rounding has no hardware template",
                       "give the role a deterministic rounding mode, for example nearest-even");
  }
  if (format->family != FormatFamily::kFixed && format->family != FormatFamily::kFloat) {
    return no_template(node, spelled + ": only fixed and float formats have hardware templates",
                       "use a fixed<W,I> or float<E,P> format for the role");
  }
  if (format->width_bits > kMaxCodeBits) {
    return no_template(node, spelled + " is wider than 64 bits", "use a format of at most 64 bits");
  }
  if (format->family == FormatFamily::kFloat && !fits_double(*format)) {
    return no_template(node, spelled + " has values that a double does not hold", "use a format within fp64");
  }
  if (format->overflow == OverflowMode::kInfinity) {
    return no_template(node, spelled + ": infinities have no hardware template", "let the format saturate");
  }
  return {};
}

Result<void> check_roles(const Network& network, NodeId id) {
  const Node& node = network.node(id);
  const NodeFormats& f = network.roles(id);
  const std::pair<const char*, const std::optional<Format>*> roles[] = {
      {"weight", &f.weight}, {"bias", &f.bias},     {"product", &f.product}, {"accumulator", &f.accumulator},
      {"output", &f.output}, {"input", &f.input}};
  for (const auto& [role, format] : roles) {
    if (auto ok = check_role(node, role, *format); !ok) return ok;
  }
  return {};
}

}  // namespace

std::string Network::value_type(NodeId id) const {
  const bool is_input = node(id).op == "input";
  return name(id) + (is_input ? "_input_t" : "_output_t");
}

tl::unexpected<Diagnostic> missing_format(const Node& node, const std::string& role, const std::string& reason) {
  return fail("E0701", "node '" + node.name + "' (" + node.op + ") has no format for role '" + role + "': " + reason,
              node.name, {"give [[layer]] name = \"" + node.name + "\" a key " + role + " = \"...\" in the schedule"});
}

tl::unexpected<Diagnostic> no_template(const Node& node, const std::string& reason, const std::string& help) {
  return fail("E0702", "node '" + node.name + "' (" + node.op + "): " + reason, node.name, {help});
}

Result<Network> make_network(const LoweredGraph& lowered, FormatAssignment formats, const std::string& top) {
  Network network;
  network.lowered = &lowered;
  network.formats = std::move(formats);
  network.identifier = identifiers(network.graph(), top);
  network.live = live_nodes(network);
  network.value.resize(network.graph().nodes.size());
  for (const NodeId id : network.live) {
    if (auto ok = check_roles(network, id); !ok) return fail(ok.error());
    auto format = infer_value_format(network, id);
    if (!format) return fail(format.error());
    if (format->width_bits > kMaxCodeBits) {
      return missing_format(network.node(id), "output",
                            "the exact result would need " + std::to_string(format->width_bits) + " bits");
    }
    network.value[static_cast<std::size_t>(id)] = *format;
  }
  return network;
}

}  // namespace halfulp::emit_detail
