#include "view.hpp"

#include <cctype>

namespace halfulp::emit_detail {
namespace {

using kainjow::mustache::data;

constexpr std::size_t kRowCharacters = 100;

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

void add_ports(const Content& content, data& view) {
  const auto inputs = input_ports(*content.network), outputs = output_ports(*content.network);
  std::vector<std::string> parameters, arguments;
  data all(data::type::list), in(data::type::list), out(data::type::list);
  for (const auto* ports : {&inputs, &outputs}) {
    const bool is_input = ports == &inputs;
    for (const Port& port : *ports) {
      data object;
      object.set("port", port.name);
      object.set("type", port.type);
      object.set("size", std::to_string(port.size));
      object.set("and", is_input && &port != &inputs.front() ? " && " : "");
      all.push_back(object);
      (is_input ? in : out).push_back(object);
      parameters.push_back((is_input ? "const " : "") + port.type + " " + port.name + "[" + std::to_string(port.size) + "]");
      arguments.push_back(port.name);
    }
  }
  view.set("ports", all);
  view.set("inputs", in);
  view.set("outputs", out);
  view.set("parameters", joined(parameters));
  view.set("arguments", joined(arguments));
}

}  // namespace

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string r;
  for (const std::string& part : parts) r += (r.empty() ? "" : separator) + part;
  return r;
}

data rows_of(const std::vector<std::string>& values) {
  data rows(data::type::list);
  std::string row;
  const auto flush = [&] {
    if (row.empty()) return;
    data object;
    object.set("row", row);
    rows.push_back(object);
    row.clear();
  };
  for (const std::string& value : values) {
    if (row.size() + value.size() > kRowCharacters) flush();
    row += (row.empty() ? "" : " ") + value + ",";
  }
  flush();
  return rows;
}

data lines_of(const std::vector<std::string>& lines) {
  data r(data::type::list);
  for (const std::string& line : lines) r.push_back(data{"line", line});
  return r;
}

std::vector<Port> input_ports(const Network& network) {
  std::vector<Port> ports;
  for (const NodeId id : network.graph().inputs) {
    ports.push_back({id, network.name(id), network.value_type(id), network.form(id).size});
  }
  return ports;
}

std::vector<Port> output_ports(const Network& network) {
  std::vector<Port> ports;
  const auto& outputs = network.graph().outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const NodeId id = outputs[i];
    const std::string name = "result" + (outputs.size() == 1 ? std::string() : std::to_string(i));
    ports.push_back({id, name + "_of_" + network.name(id), network.value_type(id), network.form(id).size});
  }
  return ports;
}

data make_view(const Content& content) {
  const EmitOptions& options = *content.options;
  data view;
  view.set("top", options.top);
  view.set("guard", upper(options.top));
  view.set("claim", content.claim);
  view.set("model_sha256", content.model_sha256);
  view.set("schedule_sha256", content.schedule_sha256);
  view.set("part", options.part);
  view.set("clock_ns", std::to_string(options.clock_ns).substr(0, std::to_string(options.clock_ns).find('.') + 3));
  add_ports(content, view);
  add_formats(content, view);
  add_calls(content, view);
  add_vectors(content, view);
  return view;
}

}  // namespace halfulp::emit_detail
