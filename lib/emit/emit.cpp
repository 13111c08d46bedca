#include "halfulp/emit/emit.hpp"

#include <algorithm>
#include <cctype>

#include "halfulp/simulate/simulate.hpp"
#include "halfulp/support/hash.hpp"
#include "halfulp/support/text.hpp"
#include "render.hpp"

namespace halfulp {
namespace {

using namespace emit_detail;

Result<Backend> find_backend(const std::string& name) {
  for (Backend& backend : backends()) {
    if (backend.name == name) return std::move(backend);
  }
  return fail("E0705", "unknown back-end '" + name + "'", "", nearest_help(name, backend_names()));
}

Result<void> check_top(const std::string& top) {
  const bool letters = std::all_of(top.begin(), top.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  if (!top.empty() && letters && std::isdigit(static_cast<unsigned char>(top[0])) == 0) return {};
  return fail("E0706", "'" + top + "' is not a C++ identifier", "", {"the top function's name may hold letters, digits and _"});
}

std::string claim_of(const Schedule& schedule) {
  const Claim& claim = schedule.result;
  if (claim.error_bound.empty()) return "No error bound is claimed (status: " + claim.status + ").";
  std::string text = "Error bound |deployed - real| <= " + claim.error_bound + " (" + claim.status + ")";
  if (!schedule.requirement.input_set.empty()) text += " for inputs " + schedule.requirement.input_set;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text + ".";
}

std::string or_unknown(const std::string& text) { return text.empty() ? "unknown" : text; }

Result<std::vector<Layer>> make_layers(const Network& network) {
  std::vector<Layer> layers;
  for (const NodeId id : network.live) {
    auto layer = make_layer(network, id);
    if (!layer) return fail(layer.error());
    layers.push_back(std::move(*layer));
  }
  return layers;
}

}  // namespace

Result<EmittedFiles> emit(const LoweredGraph& graph, const Schedule& schedule, const EmitOptions& options) {
  auto backend = find_backend(options.backend);
  if (!backend) return fail(backend.error());
  if (auto ok = check_top(options.top); !ok) return fail(ok.error());
  auto formats = assignment(*graph.graph, schedule);
  if (!formats) return fail(formats.error());
  auto network = make_network(graph, std::move(*formats), options.top);
  if (!network) return fail(network.error());
  auto vectors = make_vectors(*network, options);
  if (!vectors) return fail(vectors.error());
  auto layers = make_layers(*network);
  if (!layers) return fail(layers.error());

  const std::string& model = graph.graph->model_sha256;
  Content content{.network = &*network,
                  .backend = &*backend,
                  .options = &options,
                  .layers = std::move(*layers),
                  .vectors = std::move(*vectors),
                  .claim = claim_of(schedule),
                  .model_sha256 = or_unknown(model.empty() ? schedule.provenance.model_sha256 : model),
                  .schedule_sha256 = sha256(write_schedule(schedule))};
  auto files = render(content);
  if (!files) return fail(files.error());
  auto paths = write_folder(options.output_folder, *files, options.overwrite);
  if (!paths) return fail(paths.error());
  return EmittedFiles{std::move(*paths)};
}

}  // namespace halfulp
