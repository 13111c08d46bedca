#include "analysis_options.hpp"

#include <map>

#include "values.hpp"

namespace halfulp::cli {

Result<AnalyzeOptions> read_analysis_options(const Arguments& arguments) {
  static const std::map<std::string, Method> kMethods = {{"auto", Method::kAuto}, {"interval", Method::kInterval},
                                                         {"affine", Method::kAffine}, {"backward", Method::kBackward},
                                                         {"split", Method::kSplit}};
  auto bits = parse_count("--bits", arguments.text("bits"), 53, 256);
  if (!bits) return fail(bits.error());
  AnalyzeOptions options;
  options.engine = arguments.text("engine") == "mpfr" ? Engine::kMpfr : Engine::kFast;
  options.bits = static_cast<int>(*bits);
  options.method = kMethods.at(arguments.text("method"));
  return options;
}

Option parts_option() {
  return {.name = "parts", .value = "N", .help = "parts that a box of few inputs is bisected into, best first [default: what takes a fraction of a second]"};
}

Result<int> read_split_boxes(const Arguments& arguments, const LoweredGraph& graph, Method method) {
  const auto text = arguments.given("parts");
  if (!text) return split_budget(graph, method);
  auto parts = parse_count("--parts", *text, 1, 1'000'000);
  if (!parts) return fail(parts.error());
  return static_cast<int>(2 * *parts);
}

}  // namespace halfulp::cli
