// Branch and bound over the input box, for networks of few inputs: the sub-box that decides the bound is bisected along the input
// that lowers it most, best first, until the box budget is spent. Bounds of the whole are the hulls over the leaves, so every
// intermediate state is a proof.
#pragma once

#include "box.hpp"

namespace halfulp {

// True if the input set has few enough uncertain inputs for bisection to pay.
bool can_split(const InputBox& box);

// `whole` is the analysis of the unsplit box; the result is its intersection with what the leaves prove.
BoxAnalysis split_box(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options, BoxAnalysis whole);

}  // namespace halfulp
