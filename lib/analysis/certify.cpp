#include "halfulp/analysis/certify.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "box.hpp"
#include "split.hpp"

namespace halfulp {
namespace {

bool mixes(const Form& form) {
  return std::holds_alternative<LinearForm>(form) || std::holds_alternative<BinaryForm>(form);
}

// What the fast engine chose on its way through one input set.
class Steps {
 public:
  Steps(const Prepared& prepared, const ForwardResult<Interval>& forward) : prepared_(prepared), forward_(forward) {}

  ProofSteps run() {
    const LoweredGraph& graph = *prepared_.graph;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (!prepared_.needed[i]) continue;
      const auto id = static_cast<NodeId>(i);
      if (const auto* unary = std::get_if<UnaryForm>(&graph.nodes[i].form)) lines(id, *unary);
      if (mixes(graph.nodes[i].form)) tighten(id);
    }
    for (const NodeId output : graph.graph->outputs) add_ranges(output);
    return std::move(steps_);
  }

 private:
  void lines(NodeId id, const UnaryForm& form) {
    const auto& x = at(forward_.states, (*prepared_.graph)[id].operands[0]);
    const auto& known = forward_.relaxations.by_node;
    const auto node = static_cast<std::size_t>(id);
    for (std::size_t i = 0; i < x.real.size(); ++i) {
      const auto element = static_cast<std::int64_t>(i);
      if (x.real[i].lo < x.real[i].hi) {
        const double leak = form.slope.empty() ? 0 : form.slope[form.slope.size() == 1 ? 0 : i];
        const bool cached = node < known.size() && i < known[node].size();
        const Relaxation line = cached ? known[node][i] : relax(form, leak, x.real[i]);
        if (line.lower_slope != 0 || line.upper_slope != 0) steps_.slopes[id][element] = {line.lower_slope, line.upper_slope};
      }
      const Interval& slope = at(forward_.states, id).slope[i];
      const bool decided = slope.lo == slope.hi && (slope.lo == 0 || slope.lo == 1);
      if (slope.lo == slope.hi && !decided && !x.sharp.empty() && x.sharp[i] != 0) steps_.multipliers[id][element] = slope.lo;
    }
  }

  void tighten(NodeId id) {
    const auto& state = at(forward_.states, id);
    for (std::size_t i = 0; i < state.real.size(); ++i) {
      const Interval both = hull(state.real[i], state.deployed[i]);
      const bool uncertain = state.error[i].lo < state.error[i].hi;
      if (uncertain && both.lo < 0 && both.hi > 0) steps_.tighten_error[id].push_back(static_cast<std::int64_t>(i));
    }
    add_ranges(id);
  }

  void add_ranges(NodeId id) {
    if (steps_.tighten_range.contains(id)) return;
    const auto& real = at(forward_.states, id).real;
    std::vector<std::int64_t> elements;
    for (std::size_t i = 0; i < real.size(); ++i) {
      if (!point_ && real[i].lo < real[i].hi) elements.push_back(static_cast<std::int64_t>(i));
    }
    if (!elements.empty()) steps_.tighten_range[id] = std::move(elements);
  }

 public:
  bool point_ = false;

 private:
  const Prepared& prepared_;
  const ForwardResult<Interval>& forward_;
  ProofSteps steps_;
};

bool is_point(const InputBox& box) {
  return std::all_of(box.begin(), box.end(), [](const auto& input) {
    return std::all_of(input.begin(), input.end(), [](const Interval& x) { return x.lo == x.hi; });
  });
}

ProofSteps steps_of(const Prepared& prepared, const InputBox& box, const ForwardResult<Interval>& forward) {
  Steps steps(prepared, forward);
  steps.point_ = is_point(box);
  return steps.run();
}

// A binary tree of parts; the part with the largest error is cut along the input that lowers it most.
struct Part {
  InputBox box;
  double error = 0;
  ProofSteps steps;
  Cut cut;
  std::unique_ptr<Part> below, above;
};

class Bisection {
 public:
  Bisection(const Prepared& prepared, const AnalyzeOptions& options) : prepared_(prepared), options_(options) {
    options_.engine = Engine::kFast;
    options_.known_ranges = nullptr;
    options_.layer_errors = false;
  }

  void run(const InputBox& box, Certificate& certificate) {
    auto root = part(box);
    leaves_ = {root.get()};
    const int most = can_split(box) ? options_.split_boxes : 0;
    while (static_cast<int>(leaves_.size()) < most && cut_worst()) {}
    write(*root, certificate);
  }

 private:
  std::unique_ptr<Part> part(InputBox box) const {
    auto result = std::make_unique<Part>();
    auto forward = forward_pass<Interval>(prepared_, box, options_);
    result->steps = steps_of(prepared_, box, forward);
    result->error = finish_box(prepared_, std::move(forward), options_).max_error;
    result->box = std::move(box);
    return result;
  }

  bool cut_worst() {
    const auto worst = std::max_element(leaves_.begin(), leaves_.end(), [](const Part* a, const Part* b) { return a->error < b->error; });
    Part& part_to_cut = **worst;
    for (std::size_t i = 0; i < part_to_cut.box.size(); ++i) {
      for (std::size_t e = 0; e < part_to_cut.box[i].size(); ++e) try_cut(part_to_cut, i, e);
    }
    if (!part_to_cut.below) return false;
    leaves_.erase(worst);
    leaves_.push_back(part_to_cut.below.get());
    leaves_.push_back(part_to_cut.above.get());
    return true;
  }

  void try_cut(Part& whole, std::size_t input, std::size_t element) const {
    const Interval x = whole.box[input][element];
    const double middle = midpoint(x);
    if (!(x.lo < middle && middle < x.hi)) return;
    InputBox low = whole.box, high = whole.box;
    low[input][element].hi = high[input][element].lo = middle;
    auto below = part(std::move(low)), above = part(std::move(high));
    const auto worse = [](const Part& a, const Part& b) { return std::max(a.error, b.error); };
    if (whole.below && worse(*whole.below, *whole.above) <= worse(*below, *above)) return;
    whole.below = std::move(below);
    whole.above = std::move(above);
    whole.cut = {static_cast<std::int64_t>(input), static_cast<std::int64_t>(element), middle};
  }

  static void write(const Part& root, Certificate& certificate) {
    if (!root.below) {
      certificate.bisection.push_back({});
      certificate.steps.push_back(root.steps);
      return;
    }
    certificate.bisection.push_back(root.cut);
    write(*root.below, certificate);
    write(*root.above, certificate);
  }

  const Prepared& prepared_;
  AnalyzeOptions options_;
  std::vector<Part*> leaves_;
};

Certificate identity(const LoweredGraph& graph, const FormatAssignment& formats, const CertifiedSet& set, const CertifyOptions& options) {
  Certificate certificate;
  certificate.bits = options.analyze.bits;
  certificate.output = options.output;
  certificate.network_sha256 = network_hash(*graph.graph);
  certificate.formats = format_lines(*graph.graph, formats);
  certificate.set_sha256 = set_hash(set);
  return certificate;
}

std::int64_t leading_class(const std::vector<Interval>& logits) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i) {
    if (midpoint(logits[i]) > midpoint(logits[best])) best = i;
  }
  return static_cast<std::int64_t>(best);
}

}  // namespace

Result<Certificate> certify(const LoweredGraph& graph, const FormatAssignment& formats, const InputBox& box, const CertifyOptions& options) {
  if (auto valid = check_box(graph, box); !valid) return fail(valid.error());
  auto prepared = prepare(graph, formats);
  if (!prepared) return fail(prepared.error());
  const CertifiedSet set{.box = &box};
  Certificate certificate = identity(graph, formats, set, options);
  Bisection(*prepared, options.analyze).run(box, certificate);
  return replay(graph, formats, set, certificate);
}

Result<Certificate> certify(const LoweredGraph& graph, const FormatAssignment& formats, const DataSet& data, const CertifyOptions& options) {
  if (data.samples.empty()) return fail("E0603", "the data set holds no sample");
  if (options.output >= graph.graph->outputs.size()) return fail("E0604", "the network has no such output");
  auto prepared = prepare(graph, formats);
  if (!prepared) return fail(prepared.error());
  const CertifiedSet set{.samples = &data.samples, .radius = data.radius};
  Certificate certificate = identity(graph, formats, set, options);
  AnalyzeOptions fast = options.analyze;
  fast.engine = Engine::kFast;
  fast.layer_errors = false;
  for (const auto& sample : data.samples) {
    const InputBox box = ball(sample, data.radius);
    if (auto valid = check_box(graph, box); !valid) return fail(valid.error());
    const auto forward = forward_pass<Interval>(*prepared, box, fast);
    certificate.steps.push_back(steps_of(*prepared, box, forward));
    certificate.samples.push_back({.real_class = leading_class(at(forward.states, graph.graph->outputs[options.output]).real)});
  }
  return replay(graph, formats, set, certificate);
}

}  // namespace halfulp
