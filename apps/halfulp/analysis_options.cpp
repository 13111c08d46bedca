#include "analysis_options.hpp"

#include <map>

#include "values.hpp"

namespace halfulp::cli {

Result<AnalyzeOptions> read_analysis_options(const Arguments& arguments) {
  static const std::map<std::string, Method> kMethods = {{"auto", Method::kAuto}, {"interval", Method::kInterval},
                                                         {"backward", Method::kBackward},
                                                         {"split", Method::kSplit}};
  auto bits = parse_count("--bits", arguments.text("bits"), 53, 256);
  if (!bits) return fail(bits.error());
  AnalyzeOptions options;
  options.engine = arguments.text("engine") == "mpfr" ? Engine::kMpfr : Engine::kFast;
  options.bits = static_cast<int>(*bits);
  options.method = kMethods.at(arguments.text("method"));
  return options;
}

}  // namespace halfulp::cli
