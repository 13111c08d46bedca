#include "fields.hpp"

namespace halfulp {
namespace {

using schedule_detail::kRoles;
using schedule_detail::spell;

void diff_formats(const std::string& name, const NodeFormats& a, const NodeFormats& b,
                  std::vector<std::string>& lines) {
  const auto line = [&](const std::string& key, const std::string& from, const std::string& to) {
    if (from != to) lines.push_back(name + "." + key + " " + from + " -> " + to);
  };
  for (const auto& role : kRoles) line(role.key, spell(a.*role.format), spell(b.*role.format));
  line("order", spell(a.order), spell(b.order));
}

}  // namespace

std::vector<std::string> diff(const Schedule& a, const Schedule& b) {
  std::vector<std::string> lines;
  diff_formats("defaults", a.defaults, b.defaults, lines);
  std::map<std::string, const NodeFormats*> in_a, in_b;
  for (const auto& layer : a.layers) in_a.emplace(layer.name, &layer.formats);
  for (const auto& layer : b.layers) in_b.emplace(layer.name, &layer.formats);
  for (const auto& layer : a.layers) {
    const auto other = in_b.find(layer.name);
    diff_formats(layer.name, layer.formats, other == in_b.end() ? b.defaults : *other->second, lines);
  }
  for (const auto& layer : b.layers) {
    if (!in_a.contains(layer.name)) diff_formats(layer.name, a.defaults, layer.formats, lines);
  }
  return lines;
}

}  // namespace halfulp
