#include "allow_list.hpp"

#include <algorithm>
#include <set>

#include "halfulp/ingest/operators.hpp"
#include "halfulp/support/text.hpp"
#include "program.hpp"
#include "refusal.hpp"

namespace halfulp::ingest_child {
namespace {

std::set<std::string> allowed_names() {
  std::set<std::string> names;
  for (const SupportedOperator& row : supported_operators()) {
    names.insert(row.spellings.begin(), row.spellings.end());
  }
  for (const std::string& name : evaluated_operators()) names.insert(name);
  return names;
}

void collect_unlisted(const torch::jit::Block& block, const std::set<std::string>& allowed,
                      std::vector<const torch::jit::Node*>& unlisted) {
  for (const torch::jit::Node* node : block.nodes()) {
    if (!allowed.contains(node->kind().toQualString())) unlisted.push_back(node);
    for (const torch::jit::Block* inner : node->blocks()) {
      collect_unlisted(*inner, allowed, unlisted);
    }
  }
}

// The line of the node, or of the nearest one before it that has a line: LibTorch gives assignments none.
std::string nearest_line(const torch::jit::Node& node) {
  for (const torch::jit::Node* at = &node; at != nullptr;) {
    if (std::string place = source_line(*at); !place.empty()) return place;
    const bool is_first = at->prev()->kind() == torch::jit::prim::Param;
    at = is_first ? at->owningBlock()->owningNode() : at->prev();
  }
  return {};
}

Diagnostic stateful(const torch::jit::Node& node) {
  return {.code = "E0117",
          .message = "the model is stateful: forward assigns the attribute '" +
                     node.s(torch::jit::attr::name) + "' (prim::SetAttr)",
          .place = nearest_line(node),
          .notes = {},
          .helps = {"make the state an input and an output of forward"},
          .exit_code = ExitCode::kUnsupportedOperator};
}

Diagnostic unlisted_operator(const torch::jit::Node& node, const std::set<std::string>& allowed) {
  const std::string name = node.kind().toQualString();
  std::vector<std::string> helps =
      nearest_help(name, std::vector<std::string>(allowed.begin(), allowed.end()));
  helps.emplace_back("`halfulp ops` lists what is supported");
  return {.code = "E0401",
          .message = "operator " + name + " is not supported",
          .place = source_line(node),
          .notes = {},
          .helps = std::move(helps),
          .exit_code = ExitCode::kUnsupportedOperator};
}

}  // namespace

std::set<std::string> unlisted_operators(const torch::jit::Graph& graph) {
  std::vector<const torch::jit::Node*> unlisted;
  collect_unlisted(*graph.block(), allowed_names(), unlisted);
  std::set<std::string> names;
  for (const torch::jit::Node* node : unlisted) names.insert(node->kind().toQualString());
  return names;
}

void check_operators(const torch::jit::Graph& graph) {
  const std::set<std::string> allowed = allowed_names();
  std::vector<const torch::jit::Node*> unlisted;
  collect_unlisted(*graph.block(), allowed, unlisted);
  if (unlisted.empty()) return;
  const auto is_assignment = [](const torch::jit::Node* node) {
    return node->kind() == torch::jit::prim::SetAttr;
  };
  const auto assignment = std::find_if(unlisted.begin(), unlisted.end(), is_assignment);
  const torch::jit::Node& first = assignment == unlisted.end() ? *unlisted.front() : **assignment;
  Diagnostic diagnostic = first.kind() == torch::jit::prim::SetAttr
                              ? stateful(first)
                              : unlisted_operator(first, allowed);
  std::set<std::string> others;
  for (const torch::jit::Node* node : unlisted) {
    if (node->kind() != first.kind()) others.insert(node->kind().toQualString());
  }
  for (const std::string& name : others) {
    diagnostic.notes.push_back("not supported either: " + name);
  }
  throw Refusal{std::move(diagnostic)};
}

}  // namespace halfulp::ingest_child
