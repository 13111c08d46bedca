// What is said of a role whose values all become one number.
#pragma once

#include "context.hpp"
#include "halfulp/analysis/degenerate.hpp"

namespace halfulp::cli {

void warn_degenerate(const Context& context, const Graph& graph, const std::vector<DegeneratePlace>& places);

}  // namespace halfulp::cli
