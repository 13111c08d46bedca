#include "layers.hpp"

#include <algorithm>
#include <utility>

#include "codes.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp::emit_detail {
namespace {

struct Build {
  const Network& network;
  Layer& layer;

  Result<void> operator()(const SourceForm& form) const {
    if (!form.is_constant) return {};
    Configuration config(layer, network, "config");
    const Node& node = network.node(layer.id);
    std::vector<std::string> codes;
    const Format& format = network.value_format(layer.id);
    for (const double x : node.constant) codes.push_back(code_literal(format, code_of(format, round_value(format, x))));
    const std::string table = config.table("codes", code_type(format), std::move(codes));
    config.type("output_t", network.value_type(layer.id));
    config.integer("size", std::ssize(node.constant));
    config.line("static output_t value(int i) { return halfulp_rt::number<output_t>::from_code(" + table + "[i]); }");
    layer.calls.push_back(config.call("constants", {}));
    return {};
  }
  Result<void> operator()(const GatherForm& form) const { return gather_layer(network, form, layer); }
  Result<void> operator()(const LinearForm& form) const { return linear_layer(network, form, layer); }
  Result<void> operator()(const UnaryForm& form) const { return unary_layer(network, form, layer); }
  Result<void> operator()(const BinaryForm& form) const { return binary_layer(network, form, layer); }
  Result<void> operator()(const MaxForm& form) const { return maximum_layer(network, form, layer); }
  template <typename Refused>
  Result<void> operator()(const Refused&) const {
    HALFULP_ASSERT(!"make_network() has refused this form");
    return {};
  }
};

}  // namespace

std::vector<std::string> texts(std::span<const std::int32_t> values) {
  std::vector<std::string> r;
  r.reserve(values.size());
  for (const std::int32_t v : values) r.push_back(std::to_string(v));
  return r;
}

std::string index_type(std::span<const std::int32_t> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (values.empty() || (*low >= -128 && *high <= 127)) return "std::int8_t";
  return *low >= -32768 && *high <= 32767 ? "std::int16_t" : "std::int32_t";
}

bool is_identity(std::span<const std::int32_t> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != static_cast<std::int32_t>(i)) return false;
  }
  return true;
}

Configuration::Configuration(Layer& layer, const Network& network, std::string suffix)
    : layer_(layer), prefix_(network.name(layer.id) + (suffix == "config" ? "" : "_" + suffix)) {
  call_.config = network.name(layer.id) + "_" + suffix;
}

void Configuration::line(const std::string& text) { call_.members.push_back(text); }

void Configuration::type(const std::string& member, const std::string& type) { line("typedef " + type + " " + member + ";"); }

void Configuration::integer(const std::string& member, std::int64_t value) {
  line("static constexpr int " + member + " = " + std::to_string(value) + ";");
}

void Configuration::flag(const std::string& member, bool value) {
  line("static constexpr bool " + member + (value ? " = true;" : " = false;"));
}

std::string Configuration::table(const std::string& member, const std::string& type, std::vector<std::string> values) {
  const std::string name = prefix_ + "_" + member;
  layer_.tables.push_back({type, name, std::move(values)});
  return name;
}

void Configuration::index(const std::string& member, std::span<const std::int32_t> values) {
  if (is_identity(values)) return line("static int " + member + "(int i) { return i; }");
  const bool constant = std::all_of(values.begin(), values.end(), [&](std::int32_t v) { return v == values[0]; });
  if (constant) return line("static int " + member + "(int) { return " + std::to_string(values[0]) + "; }");
  const std::string name = table(member + "_index", index_type(values), texts(values));
  line("static int " + member + "(int i) { return " + name + "[i]; }");
}

void Configuration::codes(const std::string& member, const std::string& type, const Format& format,
                          std::span<const double> values, bool single) {
  std::vector<std::string> literals;
  literals.reserve(values.size());
  for (const double x : values) literals.push_back(code_literal(format, code_of(format, round_value(format, x))));
  if (single) {
    line("static " + type + " " + member + "() { return halfulp_rt::number<" + type + ">::from_code(" + literals[0] + "); }");
    return;
  }
  const bool same = std::all_of(literals.begin(), literals.end(), [&](const std::string& l) { return l == literals[0]; });
  const std::string code = same ? literals.at(0) : table(member + "_codes", code_type(format), std::move(literals)) + "[i]";
  line("static " + type + " " + member + (same ? "(int)" : "(int i)") + " { return halfulp_rt::number<" + type +
       ">::from_code(" + code + "); }");
}

KernelCall Configuration::call(const std::string& kernel, std::vector<NodeId> operands) {
  call_.kernel = kernel;
  call_.operands = std::move(operands);
  return std::move(call_);
}

Result<Layer> make_layer(const Network& network, NodeId id) {
  Layer layer;
  layer.id = id;
  layer.types.push_back({network.value_type(id), network.value_format(id)});
  if (auto ok = std::visit(Build{network, layer}, network.form(id).form); !ok) return fail(ok.error());
  return layer;
}

}  // namespace halfulp::emit_detail
