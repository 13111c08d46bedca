#include "codes.hpp"
#include "view.hpp"

namespace halfulp::emit_detail {
namespace {

using kainjow::mustache::data;

data array(const Network& network, const Port& port, const std::vector<std::vector<std::uint64_t>>& samples) {
  const Format& format = network.value_format(port.id);
  data rows(data::type::list);
  for (const auto& sample : samples) {
    std::vector<std::string> literals;
    for (const std::uint64_t code : sample) literals.push_back(code_literal(format, code));
    rows.push_back(data{"row", "{" + joined(literals) + "},"});
  }
  data r;
  r.set("type", code_type(format));
  r.set("name", port.name + "_vectors");
  r.set("size", std::to_string(port.size));
  r.set("rows", rows);
  return r;
}

}  // namespace

void add_vectors(const Content& content, data& view) {
  data arrays(data::type::list);
  const auto inputs = input_ports(*content.network), outputs = output_ports(*content.network);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    arrays.push_back(array(*content.network, inputs[i], content.vectors.inputs[i]));
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    arrays.push_back(array(*content.network, outputs[i], content.vectors.outputs[i]));
  }
  view.set("samples", std::to_string(content.vectors.samples));
  view.set("arrays", arrays);
}

}  // namespace halfulp::emit_detail
