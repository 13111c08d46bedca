#include <map>

#include "view.hpp"

namespace halfulp::emit_detail {
namespace {

using kainjow::mustache::data;

class Calls {
 public:
  explicit Calls(const Content& content) : content_(content), network_(*content.network) {
    for (const Port& port : input_ports(network_)) array_[port.id] = port.name;
  }

  void add(const Layer& layer) {
    if (network_.node(layer.id).op == "input") return;
    if (layer.alias) {
      array_[layer.id] = array_.at(network_.form(layer.id).operands[0]);
      return;
    }
    array_[layer.id] = network_.name(layer.id) + "_values";
    values_.push_back(value(layer.id));
    for (const KernelCall& call : layer.calls) calls_.push_back(call_view(layer, call));
    add_tables(layer);
  }

  void publish(data& view) {
    data copies(data::type::list);
    for (const Port& port : output_ports(network_)) {
      data copy;
      copy.set("from", array_.at(port.id));
      copy.set("to", port.name);
      copy.set("size", std::to_string(port.size));
      copies.push_back(copy);
    }
    view.set("values", values_);
    view.set("calls", calls_);
    view.set("tables", tables_);
    view.set("copies", copies);
    view.set("top_pragmas", lines_of(top_pragmas()));
  }

 private:
  std::string size(NodeId id) const { return std::to_string(network_.form(id).size); }

  data value(NodeId id) const {
    data r;
    r.set("type", network_.value_type(id));
    r.set("name", array_.at(id));
    r.set("size", size(id));
    r.set("pragmas", lines_of(content_.backend->value_pragmas(array_.at(id), network_.form(id).size)));
    return r;
  }

  data call_view(const Layer& layer, const KernelCall& call) const {
    std::vector<std::string> parameters, arguments, of_top;
    for (std::size_t k = 0; k < call.operands.size(); ++k) {
      const NodeId operand = call.operands[k];
      const std::string name = call.operands.size() == 1 ? "x" : std::string(1, static_cast<char>('a' + k));
      parameters.push_back("const " + network_.value_type(operand) + " " + name + "[" + size(operand) + "]");
      arguments.push_back(name);
      of_top.push_back(array_.at(operand));
    }
    parameters.push_back(network_.value_type(layer.id) + " y[" + size(layer.id) + "]");
    arguments.push_back("y");
    of_top.push_back(array_.at(layer.id));
    const Node& node = network_.node(layer.id);
    data r;
    r.set("comment", node.name + ": " + node.op + ", " + to_string(node.shape));
    r.set("config", call.config);
    r.set("kernel", call.kernel);
    r.set("function", "layer_" + call.config.substr(0, call.config.size() - (call.config.ends_with("_config") ? 7 : 0)));
    r.set("parameters", joined(parameters));
    r.set("arguments", joined(arguments));
    r.set("arguments_of_top", joined(of_top));
    r.set("members", lines_of(call.members));
    r.set("pragmas", lines_of(content_.backend->call_pragmas));
    return r;
  }

  void add_tables(const Layer& layer) {
    for (const ConstantTable& table : layer.tables) {
      data r;
      r.set("type", table.type);
      r.set("name", table.name);
      r.set("count", std::to_string(table.values.size()));
      r.set("rows", rows_of(table.values));
      tables_.push_back(r);
    }
  }

  std::vector<std::string> top_pragmas() const {
    std::vector<std::string> r;
    for (const auto& ports : {input_ports(network_), output_ports(network_)}) {
      for (const Port& port : ports) {
        for (const std::string& line : content_.backend->value_pragmas(port.name, port.size)) r.push_back(line);
      }
    }
    return r;
  }

  const Content& content_;
  const Network& network_;
  std::map<NodeId, std::string> array_;
  data values_{data::type::list}, calls_{data::type::list}, tables_{data::type::list};
};

}  // namespace

void add_calls(const Content& content, data& view) {
  Calls calls(content);
  for (const Layer& layer : content.layers) calls.add(layer);
  calls.publish(view);
}

}  // namespace halfulp::emit_detail
