// A model read for a command: the graph and its lowered form, kept together because the second points into the first.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "context.hpp"
#include "halfulp/operators/form.hpp"

namespace halfulp::cli {

struct Model {
  std::string path;
  std::unique_ptr<Graph> graph;
  LoweredGraph lowered;
};

// Reads MODEL with the shapes of --input-shape and lowers it.
Result<Model> load_model(const Context& context, const std::string& path, const std::vector<std::string>& shapes);

// Position among the graph's outputs of the one that --output names; 0 without it.
Result<std::size_t> chosen_output(const Graph& graph, const Arguments& arguments);

}  // namespace halfulp::cli
