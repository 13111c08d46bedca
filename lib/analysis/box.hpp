// One analysis of one input set, shared by analyze_box and the data-set mode.
#pragma once

#include "adjoint.hpp"
#include "forward.hpp"

namespace halfulp {

Result<void> check_box(const LoweredGraph& graph, const InputBox& box);

// E_out of every output by one adjoint pass over all its elements (within the work limit), intersected with the forward error; the
// contributions are those of the element with the largest bound, largest first.
template <typename I>
std::vector<Contribution> bound_outputs(const Prepared& prepared, ForwardResult<I>& forward, const AnalyzeOptions& options);

// All that is known, in doubles rounded outward.
template <typename I>
BoxAnalysis collect_box(const Prepared& prepared, ForwardResult<I>&& forward, std::vector<Contribution> contributions);

// Both.
template <typename I>
BoxAnalysis finish_box(const Prepared& prepared, ForwardResult<I>&& forward, const AnalyzeOptions& options);

}  // namespace halfulp
