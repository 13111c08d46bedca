// Vitis HLS: ap_fixed where its rounding and overflow modes say what the schedule says, our own types elsewhere.
#include <optional>

#include "backend.hpp"

namespace halfulp::emit_detail {
namespace {

std::optional<std::string> vendor_rounding(RoundingMode mode) {
  switch (mode) {
    case RoundingMode::kNearestEven: return "AP_RND_CONV";
    case RoundingMode::kNearestAway: return "AP_RND_INF";
    case RoundingMode::kNearestZero: return "AP_RND_ZERO";
    case RoundingMode::kTowardZero: return "AP_TRN_ZERO";
    case RoundingMode::kDown: return "AP_TRN";
    default: return std::nullopt;  // up, odd
  }
}

std::string vendor_overflow(OverflowMode mode) {
  const std::string name = overflow_name(mode);
  return name == "wrap" ? "AP_WRAP" : name == "saturate" ? "AP_SAT" : "AP_SAT_SYM";
}

std::string spelling(const Format& format, const std::string& specification) {
  const auto rounding = vendor_rounding(format.rounding);
  const bool symmetric_unsigned = !format.is_signed && format.overflow == OverflowMode::kSaturateSymmetric;
  if (format.family == FormatFamily::kFloat || !rounding || symmetric_unsigned || format.width_bits == 1) {
    return runtime_spelling(format, specification);
  }
  return std::string(format.is_signed ? "ap_fixed<" : "ap_ufixed<") + std::to_string(format.width_bits) + ", " +
         std::to_string(format.width_bits - format.fraction_bits) + ", " + *rounding + ", " +
         vendor_overflow(format.overflow) + ">";
}

// Small arrays become registers; larger ones stay memories of two ports.
std::vector<std::string> array_pragmas(const std::string& array, std::int64_t size) {
  constexpr std::int64_t kRegisters = 256;
  if (size <= kRegisters) return {"#pragma HLS ARRAY_PARTITION variable=" + array + " complete"};
  return {"#pragma HLS ARRAY_PARTITION variable=" + array + " cyclic factor=2"};
}

}  // namespace

Backend vitis_backend() {
  Backend r;
  r.name = "vitis";
  r.spell = spelling;
  r.runtime = {"vitis/halfulp_window.hpp",     "common/halfulp_rounding.hpp", "common/halfulp_fixed.hpp",
               "common/halfulp_float.hpp",     "vitis/halfulp_ap_fixed.hpp",  "common/halfulp_linear.hpp",
               "common/halfulp_elementwise.hpp", "vitis/halfulp_ap_layers.hpp",
               "common/halfulp_testbench.hpp"};
  r.rendered = common_files();
  for (const char* name : {"README.md", "run_hls.tcl", "hls_config.cfg"}) {
    r.rendered.push_back({std::string("vitis/") + name + ".mustache", name});
  }
  r.call_pragmas = {"#pragma HLS INLINE off"};
  r.value_pragmas = array_pragmas;
  r.includes = {"halfulp_float.hpp", "halfulp_ap_fixed.hpp"};
  r.layer_includes = {"halfulp_ap_layers.hpp"};
  return r;
}

}  // namespace halfulp::emit_detail
