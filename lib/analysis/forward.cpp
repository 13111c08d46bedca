#include "forward.hpp"
#include "affine_forms.hpp"
#include "point_values.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <type_traits>

namespace halfulp {
namespace {

bool is_point(const InputBox& box) {
  for (const auto& input : box) {
    for (const Interval& x : input) {
      if (x.lo != x.hi) return false;
    }
  }
  return true;
}

template <typename I>
class Forward {
 public:
  Forward(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options, const SlopeHints* hints, bool keep_hints)
      : prepared_(prepared), box_(box), options_(options), hints_(hints), keep_hints_(keep_hints), budget_{options.work_limit},
        search_budget_{options.search_limit}, point_(is_point(box)) {
    if (options.method == Method::kAffine && !point_) affine_.emplace(prepared);
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
      if (affine_) narrow_by_affine(id);
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
    if (point_ || affine_ || options_.method == Method::kInterval || prepared_.direct[static_cast<std::size_t>(id)]) return false;
    const Form& form = (*prepared_.graph)[id].form;
    const auto& outputs = prepared_.graph->graph->outputs;
    return std::holds_alternative<LinearForm>(form) || std::holds_alternative<BinaryForm>(form) ||
           (!std::holds_alternative<SourceForm>(form) && std::find(outputs.begin(), outputs.end(), id) != outputs.end());
  }

  void narrow_by_affine(NodeId id) {
    const LoweredNode& node = (*prepared_.graph)[id];
    std::vector<Interval> operand;
    if (std::holds_alternative<UnaryForm>(node.form)) operand = to_doubles(at(result_.states, node.operands[0]).real);
    auto& real = result_.states[static_cast<std::size_t>(id)].real;
    const auto bounds = affine_->enclose(id, operand, to_doubles(real));
    for (std::size_t i = 0; i < real.size(); ++i) real[i] = intersect(real[i], make_interval<I>(bounds[i].lo, bounds[i].hi));
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
    const int steps = search_steps(static_cast<double>(elements.size()) * prepared_.work_above[static_cast<std::size_t>(id)]);
    const auto chunks = row_chunks(*prepared_.graph, elements);
    for (std::size_t c = 0; c < chunks.size(); ++c) {
      const auto rows = unit_rows<I>(chunks[c], node.size);
      narrow(real, chunks[c], backward_ranges(prepared_, result_.states, id, rows, static_cast<std::int64_t>(chunks[c].size()), result_.relaxations));
      const RowChoices choices = choose(id, chunks[c], c, steps);
      if (choices.empty()) continue;
      narrow(real, chunks[c], backward_ranges(prepared_, result_.states, id, rows, static_cast<std::int64_t>(chunks[c].size()), result_.relaxations, choices));
    }
  }

  static void narrow(std::vector<I>& real, const std::vector<std::int64_t>& elements, const std::vector<I>& bounds) {
    for (std::size_t row = 0; row < elements.size(); ++row) {
      I& x = real[static_cast<std::size_t>(elements[row])];
      x = intersect(x, bounds[row]);
    }
  }

  // As many gradient steps as the budget allows; a few are not worth their price.
  int search_steps(double work_of_all_rows) {
    if (options_.slope_steps == 0) return 0;
    const double one = 4 * work_of_all_rows;
    const int steps = static_cast<int>(std::min<double>(options_.slope_steps, search_budget_.left / std::max(one, 1.0)));
    return steps >= 3 && search_budget_.take(steps * one) ? steps : 0;
  }

  RowChoices choose(NodeId id, const std::vector<std::int64_t>& elements, std::size_t chunk, int steps) {
    if (hints_ != nullptr) {
      const auto known = hints_->find(id);
      return known != hints_->end() && chunk < known->second.size() ? known->second[chunk] : RowChoices{};
    }
    if constexpr (std::is_same_v<I, Interval>) {
      RowChoices choices = steps > 0 ? search_slopes(prepared_, result_.states, id, elements, steps) : RowChoices{};
      if (keep_hints_) result_.hints[id].push_back(choices);
      return choices;
    }
    return {};
  }

  const Prepared& prepared_;
  const InputBox& box_;
  const AnalyzeOptions& options_;
  const SlopeHints* hints_;
  bool keep_hints_;
  WorkBudget budget_, search_budget_;
  std::optional<AffineForms> affine_;
  ForwardResult<I> result_;
  bool point_;
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

namespace {

SlopeHints search_hints(const Prepared& prepared, const InputBox& box, AnalyzeOptions options) {
  if (options.slope_steps == 0 || options.method == Method::kInterval || is_point(box)) return {};
  Prepared ranges_only = prepared;
  ranges_only.with_formats = false;
  options.engine = Engine::kFast;
  options.known_ranges = nullptr;
  return Forward<Interval>(ranges_only, box, options, nullptr, true).run().hints;
}

// At a point, plain intervals widen from layer to layer by |W|: after tens of layers they say nothing.
constexpr double kSharpWidth = 1e-9;  // of the largest value

bool outputs_are_sharp(const Prepared& prepared, const States<Interval>& states) {
  const auto& outputs = prepared.graph->graph->outputs;
  return std::all_of(outputs.begin(), outputs.end(), [&](NodeId output) { return is_sharp(at(states, output).real, kSharpWidth); });
}

ForwardResult<Interval> fast_pass(const Prepared& prepared, const InputBox& box, AnalyzeOptions options) {
  if (!is_point(box) || options.known_ranges != nullptr || options.method == Method::kInterval) {
    return Forward<Interval>(prepared, box, options, nullptr, false).run();
  }
  Prepared ranges_only = prepared;
  ranges_only.with_formats = false;
  auto plain = Forward<Interval>(ranges_only, box, options, nullptr, false).run();
  RealRanges known;
  if (outputs_are_sharp(prepared, plain.states)) {
    for (auto& state : plain.states) known.push_back(std::move(state.real));
  } else {
    plain = {};
    known = point_values(prepared, box);
  }
  options.known_ranges = &known;
  return Forward<Interval>(prepared, box, options, nullptr, false).run();
}

}  // namespace

template <typename I>
ForwardResult<I> forward_pass(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options) {
  if constexpr (std::is_same_v<I, Interval>) return fast_pass(prepared, box, options);
  const SlopeHints hints = search_hints(prepared, box, options);
  return Forward<I>(prepared, box, options, &hints, false).run();
}

template ForwardResult<Interval> forward_pass(const Prepared&, const InputBox&, const AnalyzeOptions&);
template ForwardResult<MpInterval> forward_pass(const Prepared&, const InputBox&, const AnalyzeOptions&);

}  // namespace halfulp
