// A script for Gappa (Daumas and Melquiond, "Certification of bounds on expressions involving rounded operators", ACM TOMS 37(1), 2010)
// that states the error bounds of a small network, so that an independent prover checks them.
//
// Covered: linear layers, element-wise sums, differences and products, data movement, negation, and functions that are monotone and
// 1-Lipschitz (relu, hardtanh, abs); fixed and float formats, every deterministic rounding mode but saturation, which must be excluded.
// Gappa has no maximum. A relu whose sign the box leaves open becomes two free variables, its real and its deployed value, with the
// hypotheses that monotony and the Lipschitz constant give: range = relu(range of the operand), difference within the operand's own bound.
// The bound of the operand is a goal of the same script. The bounds are those of forward propagation (--method interval), which Gappa can follow.
#pragma once

#include <string>

#include "halfulp/analysis/analysis.hpp"

namespace halfulp {

// Errors: those of analyze_box; E0631 a form, format or size that the export does not cover; E0632 overflow is not excluded.
Result<std::string> gappa_script(const LoweredGraph& graph, const FormatAssignment& formats, const InputBox& box);

}  // namespace halfulp
