// Whether, and how, the steps of gemm_panel.hpp round as the formats say.
#pragma once

#include <optional>

#include "../../formats/kernels/gemm_panel.hpp"
#include "halfulp/simulate/gemm.hpp"
#include "operand.hpp"

namespace halfulp::sim {

// One rounding: inside the step, or of the array that the step leaves, by a kernel where there is a plan.
struct PanelRounding {
  const Format* format = nullptr;
  std::optional<kernels::ElementPlan<double>> plan;
  bool in_step = false;
  bool is_exact = true;  // the argument is a double, or as good as the double nearest to it; else it is rounded to odd
  bool draws() const { return format->rounding == RoundingMode::kStochastic; }
};

struct PanelPlan {
  std::optional<PanelRounding> product;
  PanelRounding sum;
};

// Whether the format rounds any number of magnitude at most `bound` as it rounds the same rounded to odd to 53 bits.
bool suits_rounding_to_odd(const Format& format, double bound);

// `starts`: the values that sums start from.
std::optional<PanelPlan> plan_panels(const GemmOptions& options, const Operand& a, const Operand& b, std::span<const double> starts);

}  // namespace halfulp::sim
