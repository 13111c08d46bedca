// Refuses a graph with an operator outside supported_operators() and evaluated_operators(), in whatever block it stands.
#pragma once

#include <torch/script.h>

#include <set>
#include <string>

namespace halfulp::ingest_child {

// The operators of the graph outside both lists.
std::set<std::string> unlisted_operators(const torch::jit::Graph& graph);

void check_operators(const torch::jit::Graph& graph);

}  // namespace halfulp::ingest_child
