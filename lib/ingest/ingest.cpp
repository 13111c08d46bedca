#include "halfulp/ingest/ingest.hpp"

#include <algorithm>
#include <filesystem>

#include "archive.hpp"
#include "child.hpp"
#include "halfulp/support/hash.hpp"
#include "halfulp/support/text.hpp"
#include "reply.hpp"

namespace halfulp {
namespace {

constexpr std::uintmax_t kMaxFile = 0xffff'ffff;

Result<std::string> read_model(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return fail("E0101", "the model '" + path + "' does not exist", path);
  if (!std::filesystem::is_regular_file(path, error)) return fail("E0101", "the model '" + path + "' is no file", path);
  if (std::filesystem::file_size(path, error) >= kMaxFile) return fail("E0113", "the model is larger than 4 GB", path);
  return read_file(path);
}

Result<std::vector<std::string>> shape_arguments(const std::vector<Shape>& shapes) {
  if (shapes.empty()) {
    return fail("E0120", "the shape of the model's input is not known", {},
                {"give --input-shape, for example --input-shape 1,3,32,32; once for each input"});
  }
  std::vector<std::string> arguments;
  for (const Shape& shape : shapes) {
    std::string text;
    for (const std::int64_t extent : shape) {
      if (extent < 1) return fail("E0120", "the input shape " + to_string(shape) + " has an extent below 1");
      text += (text.empty() ? "" : ",") + std::to_string(extent);
    }
    arguments.push_back(text.empty() ? "scalar" : text);
  }
  return arguments;
}

tl::unexpected<Diagnostic> placed(Diagnostic diagnostic, const std::string& path) {
  if (diagnostic.place.empty()) diagnostic.place = path;
  else if (diagnostic.place != path) diagnostic.notes.push_back("in the model " + path);
  return fail(std::move(diagnostic));
}

}  // namespace

Result<Graph> ingest(const IngestOptions& options) {
  const auto bytes = read_model(options.path);
  if (!bytes) return fail(bytes.error());
  if (auto checked = check_archive(*bytes); !checked) return placed(checked.error(), options.path);
  const auto arguments = shape_arguments(options.input_shapes);
  if (!arguments) return placed(arguments.error(), options.path);
  const auto reply = run_child(*bytes, *arguments, {options.memory_limit_mb, options.time_limit_s});
  if (!reply) return placed(reply.error(), options.path);
  auto graph = decode_reply(*reply);
  if (!graph) return placed(graph.error(), options.path);
  if (options.infer_shapes_only) {
    for (Node& node : graph->nodes) std::fill(node.constant.begin(), node.constant.end(), 0.0);
  }
  graph->model_sha256 = sha256(*bytes);
  return graph;
}

}  // namespace halfulp
