#include "program.hpp"

#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/lower_tuples.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "allow_list.hpp"
#include "refusal.hpp"

namespace halfulp::ingest_child {
namespace {

std::string file_line(const torch::jit::SourceRange& range) {
  const auto place = range.file_line_col();
  if (!place || std::get<0>(*place).empty()) return {};
  return std::get<0>(*place) + ":" + std::to_string(std::get<1>(*place));
}

// torch.nn's own source, and operators that LibTorch expands from text of its own.
bool is_library(const std::string& place) {
  return place.find("/torch/nn/") != std::string::npos || place.find("/torch/_") != std::string::npos ||
         place.rfind("<string>", 0) == 0;
}

}  // namespace

Program load_program(const std::string& bytes) {
  std::istringstream stream(bytes);
  torch::jit::Module module = torch::jit::load(stream, torch::kCPU);
  const auto forward = module.find_method("forward");
  if (!forward) refuse("E0119", "the model has no method 'forward'");
  auto graph = forward->graph()->copy();
  torch::jit::Inline(*graph);
  const std::set<std::string> before = unlisted_operators(*graph);
  torch::jit::LowerSimpleTuples(graph);
  torch::jit::EliminateDeadCode(graph);
  const std::set<std::string> after = unlisted_operators(*graph);
  std::vector<std::string> left_out;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(left_out));
  return {std::move(module), std::move(graph), std::move(left_out)};
}

std::string source_line(const torch::jit::Node& node) {
  std::vector<torch::jit::SourceRange> ranges = {node.sourceRange()};
  if (const auto stack = node.callstack()) {
    const auto calls = (*stack)->vec();
    for (auto call = calls.rbegin(); call != calls.rend(); ++call) ranges.push_back(std::get<1>(*call));
  }
  std::string of_library, in_archive;
  for (const torch::jit::SourceRange& range : ranges) {
    const auto original = range.findSourceRangeThatGenerated();
    const std::string place = original ? file_line(*original) : std::string();
    if (!place.empty() && !is_library(place)) return place;
    if (of_library.empty()) of_library = place;
    if (in_archive.empty()) in_archive = file_line(range);
  }
  return of_library.empty() ? in_archive : of_library;
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
