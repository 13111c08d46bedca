#include "forward.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp {
namespace {

template <typename I>
class Forward {
 public:
  Forward(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options)
      : prepared_(prepared), box_(box), options_(options), budget_{options.work_limit} {
    for (const auto& input : box) {
      for (const Interval& x : input) point_ = point_ && x.lo == x.hi;
    }
  }

  ForwardResult<I> run() {
    const LoweredGraph& graph = *prepared_.graph;
    result_.states.resize(graph.nodes.size());
    for (std::size_t input = 0; input < graph.graph->inputs.size(); ++input) {
      auto& real = result_.states[static_cast<std::size_t>(graph.graph->inputs[input])].real;
      for (const Interval& x : box_[input]) real.push_back(I(x.lo, x.hi));
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (prepared_.needed[i]) fill(static_cast<NodeId>(i));
    }
    return std::move(result_);
  }

 private:
  void fill(NodeId id) {
    NodeState<I>& state = result_.states[static_cast<std::size_t>(id)];
    if (options_.known_ranges != nullptr && options_.engine == Engine::kFast) {
      const auto& known = (*options_.known_ranges)[static_cast<std::size_t>(id)];
      state.real.clear();
      for (const Interval& x : known) state.real.push_back(make_interval<I>(x.lo, x.hi));
    } else {
      if (state.real.empty()) state.real = forward_values(prepared_, result_.states, id, false);
      if (wants_backward(id)) tighten(id);
    }
    if (prepared_.with_formats) {
      fill_difference(prepared_, result_.states, id, result_.overflows, options_, budget_);
    } else {
      state.deployed = state.real;
      state.error.assign(state.real.size(), Interval(0));
    }
  }

  bool wants_backward(NodeId id) const {
    if (point_ || options_.method == Method::kInterval) return false;
    const Form& form = (*prepared_.graph)[id].form;
    const auto& outputs = prepared_.graph->graph->outputs;
    return std::holds_alternative<LinearForm>(form) || std::holds_alternative<BinaryForm>(form) ||
           (!std::holds_alternative<SourceForm>(form) && std::find(outputs.begin(), outputs.end(), id) != outputs.end());
  }

  void tighten(NodeId id) {
    const LoweredNode& node = (*prepared_.graph)[id];
    auto& real = result_.states[static_cast<std::size_t>(id)].real;
    std::vector<std::int64_t> elements;
    for (std::int64_t i = 0; i < node.size; ++i) {
      const I& x = real[static_cast<std::size_t>(i)];
      if (lower(x) != upper(x)) elements.push_back(i);
    }
    const double work = 4 * static_cast<double>(elements.size()) * prepared_.work_above[static_cast<std::size_t>(id)];
    if (elements.empty() || !budget_.take(work)) return;
    for (const auto& chunk : row_chunks(*prepared_.graph, elements)) {
      const auto bounds = backward_ranges(prepared_, result_.states, id, unit_rows<I>(chunk, node.size),
                                          static_cast<std::int64_t>(chunk.size()), result_.relaxations);
      for (std::size_t row = 0; row < chunk.size(); ++row) {
        I& x = real[static_cast<std::size_t>(chunk[row])];
        x = intersect(x, bounds[row]);
      }
    }
  }

  const Prepared& prepared_;
  const InputBox& box_;
  const AnalyzeOptions& options_;
  WorkBudget budget_;
  ForwardResult<I> result_;
  bool point_ = true;
};

}  // namespace

std::vector<std::vector<std::int64_t>> row_chunks(const LoweredGraph& graph, const std::vector<std::int64_t>& elements) {
  std::int64_t widest = 1;
  for (const LoweredNode& node : graph.nodes) widest = std::max(widest, node.size);
  const auto rows = static_cast<std::size_t>(std::clamp<std::int64_t>((std::int64_t{1} << 22) / widest, 1, 512));
  std::vector<std::vector<std::int64_t>> chunks;
  for (std::size_t start = 0; start < elements.size(); start += rows) {
    const auto first = elements.begin() + static_cast<std::ptrdiff_t>(start);
    chunks.emplace_back(first, first + static_cast<std::ptrdiff_t>(std::min(rows, elements.size() - start)));
  }
  return chunks;
}

template <typename I>
ForwardResult<I> forward_pass(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options) {
  return Forward<I>(prepared, box, options).run();
}

template ForwardResult<Interval> forward_pass(const Prepared&, const InputBox&, const AnalyzeOptions&);
template ForwardResult<MpInterval> forward_pass(const Prepared&, const InputBox&, const AnalyzeOptions&);

}  // namespace halfulp
