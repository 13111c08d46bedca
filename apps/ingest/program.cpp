#include "program.hpp"

#include <torch/csrc/jit/passes/inliner.h>

#include <sstream>

#include "refusal.hpp"

namespace halfulp::ingest_child {
namespace {

std::string file_line(const torch::jit::SourceRange& range) {
  const auto place = range.file_line_col();
  if (!place) return {};
  return std::get<0>(*place) + ":" + std::to_string(std::get<1>(*place));
}

}  // namespace

Program load_program(const std::string& bytes) {
  std::istringstream stream(bytes);
  torch::jit::Module module = torch::jit::load(stream, torch::kCPU);
  const auto forward = module.find_method("forward");
  if (!forward) refuse("E0119", "the model has no method 'forward'");
  auto graph = forward->graph()->copy();
  torch::jit::Inline(*graph);
  return {std::move(module), std::move(graph)};
}

std::string source_line(const torch::jit::Node& node) {
  const torch::jit::SourceRange range = node.sourceRange();
  if (const auto original = range.findSourceRangeThatGenerated()) {
    if (std::string place = file_line(*original); !place.empty()) return place;
  }
  return file_line(range);
}

std::string module_path(const torch::jit::Node& node) {
  const auto stack = node.callstack();
  if (!stack) return {};
  std::string path;
  for (const auto& entry : (*stack)->vec()) {
    const auto& instance = std::get<2>(entry);
    if (!instance) continue;
    const std::string name = instance->instance_name();
    if (name.empty() || name == "SELF" || name == "INSTANCE_NAME_UNKNOWN") continue;
    path += (path.empty() ? "" : ".") + name;
  }
  return path;
}

}  // namespace halfulp::ingest_child
