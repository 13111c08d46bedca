#include "render.hpp"

#include <kainjow/mustache.hpp>

#include "halfulp/support/text.hpp"
#include "view.hpp"

namespace halfulp::emit_detail {
namespace {

Result<std::string> template_text(const std::string& name) { return read_file(rules_folder() + "/templates/" + name); }

std::string named(const std::string& pattern, const std::string& top) {
  const auto place = pattern.find("%s");
  return place == std::string::npos ? pattern : pattern.substr(0, place) + top + pattern.substr(place + 2);
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Result<std::vector<TextFile>> render(const Content& content) {
  std::vector<TextFile> files;
  for (const std::string& header : content.backend->runtime) {
    auto text = template_text(header);
    if (!text) return fail(text.error());
    files.push_back({file_name(header), std::move(*text)});
  }
  auto formats_table = template_text("common/formats_table.mustache");
  if (!formats_table) return fail(formats_table.error());
  kainjow::mustache::data view = make_view(content);
  view.set("formats", kainjow::mustache::partial([text = *formats_table] { return text; }));
  for (const RenderedFile& file : content.backend->rendered) {
    auto text = template_text(file.source);
    if (!text) return fail(text.error());
    kainjow::mustache::mustache page(*text);
    if (!page.is_valid()) return fail("E0704", "template '" + file.source + "' is broken: " + page.error_message());
    files.push_back({named(file.name, content.options->top), page.render(view)});
  }
  return files;
}

}  // namespace halfulp::emit_detail
