// Refuses a graph with an operator outside supported_operators() and evaluated_operators(), in whatever block it stands.
#pragma once

#include <torch/script.h>

namespace halfulp::ingest_child {

void check_operators(const torch::jit::Graph& graph);

}  // namespace halfulp::ingest_child
