// Plain C++17: integers only, no dependency.
#include "backend.hpp"

namespace halfulp::emit_detail {

std::string rounding_name(RoundingMode mode) {
  switch (mode) {
    case RoundingMode::kNearestEven: return "nearest_even";
    case RoundingMode::kNearestAway: return "nearest_away";
    case RoundingMode::kNearestZero: return "nearest_zero";
    case RoundingMode::kTowardZero: return "toward_zero";
    case RoundingMode::kUp: return "up";
    case RoundingMode::kDown: return "down";
    case RoundingMode::kOdd: return "odd";
    case RoundingMode::kStochastic: break;  // refused by make_network()
  }
  return "nearest_even";
}

std::string overflow_name(OverflowMode mode) {
  switch (mode) {
    case OverflowMode::kWrap: return "wrap";
    case OverflowMode::kSaturateSymmetric: return "saturate_symmetric";
    default: return "saturate";  // `error` is a promise of the schedule, `infinity` of a fixed format saturates
  }
}

std::string runtime_spelling(const Format& format, const std::string& specification) {
  if (format.family == FormatFamily::kFloat) return "halfulp_rt::floating<" + specification + ">";
  return "halfulp_rt::fixed<" + std::to_string(format.width_bits) + ", " +
         std::to_string(format.width_bits - format.fraction_bits) + ", " + (format.is_signed ? "true" : "false") +
         ", halfulp_rt::rounding::" + rounding_name(format.rounding) +
         ", halfulp_rt::overflow::" + overflow_name(format.overflow) + ">";
}

std::vector<RenderedFile> common_files() {
  return {{"common/formats.hpp.mustache", "%s_formats.hpp"},   {"common/weights.hpp.mustache", "%s_weights.hpp"},
          {"common/network.hpp.mustache", "%s.hpp"},           {"common/network.cpp.mustache", "%s.cpp"},
          {"common/vectors.hpp.mustache", "%s_tb_vectors.hpp"}, {"common/tb.cpp.mustache", "%s_tb.cpp"}};
}

Backend cpp_backend() {
  Backend r;
  r.name = "cpp";
  r.spell = runtime_spelling;
  r.runtime = {"cpp/halfulp_window.hpp",       "common/halfulp_rounding.hpp", "common/halfulp_fixed.hpp",
               "common/halfulp_float.hpp",     "common/halfulp_linear.hpp",   "common/halfulp_elementwise.hpp",
               "common/halfulp_testbench.hpp"};
  r.rendered = common_files();
  r.rendered.push_back({"cpp/README.md.mustache", "README.md"});
  r.value_pragmas = [](const std::string&, std::int64_t) { return std::vector<std::string>{}; };
  r.includes = {"halfulp_float.hpp"};
  r.layer_includes = {"halfulp_elementwise.hpp"};
  return r;
}

}  // namespace halfulp::emit_detail
