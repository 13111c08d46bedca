#include <algorithm>
#include <map>

#include "codes.hpp"
#include "view.hpp"

namespace halfulp::emit_detail {
namespace {

using kainjow::mustache::data;

std::string flag(bool value) { return value ? "true" : "false"; }

// "e4m3:toward-zero" -> "format_e4m3_toward_zero".
std::string specification_name(const Format& format) {
  std::string r = "format_";
  for (const char c : format.name) r += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return r;
}

data specification(const Format& format) {
  const std::uint64_t hidden = std::uint64_t{1} << format.stored_significand_bits;
  const bool zero_field_is_normal = format.emin == -format.bias;
  data r;
  r.set("name", specification_name(format));
  r.set("format", format.name);
  r.set("exponent_bits", std::to_string(format.exponent_bits));
  r.set("significand_bits", std::to_string(format.stored_significand_bits));
  r.set("bias", std::to_string(format.bias));
  r.set("emin", std::to_string(format.emin));
  r.set("max_code", std::to_string(format.max_finite_code));
  r.set("gap_significand", std::to_string(format.has_subnormals ? 0 : hidden + (zero_field_is_normal ? 1 : 0)));
  r.set("subnormals", flag(format.has_subnormals && !format.flush_subnormals));
  r.set("rounding", rounding_name(format.rounding));
  return r;
}

void add_accumulators(const Content& content, data& view) {
  data list(data::type::list), notes(data::type::list);
  for (const Layer& layer : content.layers) {
    const std::string& name = content.network->name(layer.id);
    for (const std::string& note : layer.notes) notes.push_back(data{"note", "`" + name + "`: " + note});
    if (layer.accumulator_bits == 0) continue;
    const NodeFormats& roles = content.network->roles(layer.id);
    const bool tree = roles.order.kind == SummationOrder::Kind::kTree;
    const bool blocked = roles.order.kind == SummationOrder::Kind::kBlocked;
    data row;
    row.set("name", name);
    row.set("bits", std::to_string(layer.accumulator_bits));
    row.set("order", tree ? "tree" : blocked ? "blocks of " + std::to_string(roles.order.block) : "sequential");
    row.set("rounding", roles.accumulator ? "rounded to `" + roles.accumulator->name + "`" : "exact");
    list.push_back(row);
  }
  view.set("has_accumulators", list.is_non_empty_list());
  view.set("accumulators", list);
  view.set("has_notes", notes.is_non_empty_list());
  view.set("notes", notes);
}

}  // namespace

void add_formats(const Content& content, data& view) {
  std::map<std::string, bool> seen;
  data specs(data::type::list), types(data::type::list), runtime(data::type::list);
  for (const Layer& layer : content.layers) {
    for (const TypeDefinition& type : layer.types) {
      const std::string spec = specification_name(type.format);
      if (type.format.family == FormatFamily::kFloat && !std::exchange(seen[spec], true)) {
        specs.push_back(specification(type.format));
      }
      data row;
      row.set("name", type.name);
      row.set("format", type.format.name);
      row.set("spelling", content.backend->spell(type.format, spec));
      row.set("op", content.network->node(layer.id).op);
      types.push_back(row);
    }
  }
  for (const std::string& header : content.backend->includes) runtime.push_back(data{"header", header});
  data layer_includes(data::type::list);
  for (const std::string& header : content.backend->layer_includes) layer_includes.push_back(data{"header", header});
  view.set("runtime", runtime);
  view.set("layer_includes", layer_includes);
  view.set("specs", specs);
  view.set("types", types);
  add_accumulators(content, view);
}

}  // namespace halfulp::emit_detail
