// The loaded model: its module and forward's graph with every call inlined and unused code dropped. Nothing of it has run, and nothing will.
#pragma once

#include <torch/script.h>

#include <memory>
#include <string>
#include <vector>

namespace halfulp::ingest_child {

struct Program {
  torch::jit::Module module;
  std::shared_ptr<torch::jit::Graph> graph;
  std::vector<std::string> left_out;  // operators outside the allow list that went with the unused code
};

// Throws Refusal where forward is missing.
Program load_program(const std::string& bytes);

// file:line of the model's own source that leads to that node, else of torch's source, else of the code inside the archive;
// empty where unknown.
std::string source_line(const torch::jit::Node& node);

// Path of the module the node was called in, "features.0.conv"; empty for the model itself.
std::string module_path(const torch::jit::Node& node);

}  // namespace halfulp::ingest_child
