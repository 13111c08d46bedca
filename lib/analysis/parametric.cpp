#include "halfulp/analysis/parametric.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <memory>
#include <queue>

#include "parametric_case.hpp"
#include "split.hpp"

namespace halfulp {
namespace {

constexpr int kSplitPrecision = 24;  // the rung that steers bisection
constexpr std::size_t kFewSets = 400;
constexpr int kCommonRungs[] = {4, 8, 11, 14, 17, 20, 22, 24, 28, 32, 40, 53};

// Joins the staircases of all input sets; the coefficient of a set between its own rungs is that of the rung below.
class Join {
 public:
  Join(std::size_t outputs, const ParametricOptions& options) : outputs_(outputs), options_(options) {}

  void add(ParametricCase& set, double share) {
    const std::optional<int> keeps = set.keeps_argmax();
    result_.cases.push_back(keeps);
    result_.classes.push_back(set.real_class());
    shares_.push_back(share);
    for (const auto& [p, rung] : set.rungs()) precisions_.push_back(p);
    staircases_.push_back(set.rungs());
  }

  ParametricAnalysis run() {
    std::sort(precisions_.begin(), precisions_.end());
    precisions_.erase(std::unique(precisions_.begin(), precisions_.end()), precisions_.end());
    for (const int p : precisions_) result_.rungs.push_back(joined(p));
    for (const double margin : options_.margins) result_.margins.push_back({margin, smallest_for(margin)});
    int whole = 0;
    for (const auto& keeps : result_.cases) whole = keeps && whole >= 0 ? std::max(whole, *keeps) : -1;
    if (whole > 0) result_.keeps_argmax = whole;
    return std::move(result_);
  }

 private:
  PrecisionRung joined(int p) const {
    PrecisionRung rung{.p = p, .absolute = std::vector<double>(outputs_, 0.0), .relative = std::vector<double>(outputs_, 0.0)};
    for (std::size_t c = 0; c < staircases_.size(); ++c) {
      if (result_.cases[c] && *result_.cases[c] <= p) rung.kept += shares_[c];
      auto step = staircases_[c].upper_bound(p);
      const bool none = step == staircases_[c].begin();
      if (!none) --step;
      for (std::size_t i = 0; i < outputs_; ++i) {
        rung.absolute[i] = std::max(rung.absolute[i], none ? HUGE_VAL : step->second.absolute[i]);
        rung.relative[i] = std::max(rung.relative[i], none ? HUGE_VAL : step->second.relative[i]);
      }
      rung.difference = std::max(rung.difference, none ? HUGE_VAL : step->second.difference);
    }
    rung.largest = *std::max_element(rung.absolute.begin(), rung.absolute.end());
    return rung;
  }

  // Where the margin holds, a set whose argmax is proved to be kept needs no bound on differences.
  std::optional<int> smallest_for(double margin) const {
    for (std::size_t r = 0; r < result_.rungs.size(); ++r) {
      const int end = r + 1 < result_.rungs.size() ? result_.rungs[r + 1].p : kHighestPrecision;
      for (int p = result_.rungs[r].p; p < end; ++p) {
        if (all_keep(p, margin)) return p;
      }
    }
    return std::nullopt;
  }

  bool all_keep(int p, double margin) const {
    for (std::size_t c = 0; c < staircases_.size(); ++c) {
      if (result_.cases[c] && *result_.cases[c] <= p) continue;
      const auto step = staircases_[c].upper_bound(p);
      if (step == staircases_[c].begin()) return false;
      if (!(mul_up(std::prev(step)->second.difference, std::ldexp(1.0, -p)) < margin)) return false;
    }
    return true;
  }

  std::size_t outputs_;
  const ParametricOptions& options_;
  ParametricAnalysis result_;
  std::vector<double> shares_;
  std::vector<int> precisions_;
  std::vector<std::map<int, CaseRung>> staircases_;
};

struct Leaf {
  InputBox box;
  double share = 1;
  double score = 0;
  std::shared_ptr<ParametricCase> set;
  bool operator<(const Leaf& other) const { return score < other.score; }
};

// Halves along the edge that is longest relative to the whole box's.
std::pair<Leaf, Leaf> halves(const Leaf& leaf, const InputBox& whole) {
  std::size_t input = 0, element = 0;
  double longest = -1;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (std::size_t e = 0; e < whole[i].size(); ++e) {
      const double width = whole[i][e].hi - whole[i][e].lo;
      const double share = width > 0 ? (leaf.box[i][e].hi - leaf.box[i][e].lo) / width : -1;
      if (share > longest) std::tie(longest, input, element) = std::tuple(share, i, e);
    }
  }
  std::pair<Leaf, Leaf> result{leaf, leaf};
  const double middle = midpoint(leaf.box[input][element]);
  result.first.box[input][element].hi = result.second.box[input][element].lo = middle;
  result.first.share = result.second.share = leaf.share / 2;
  return result;
}

// Parts that keep their argmax anyway are not split; of the others, the one whose differences are bounded worst.
std::vector<Leaf> split(ParametricRun& run, const InputBox& box) {
  const auto wanted = static_cast<std::size_t>(std::max(1, run.options().analyze.split_boxes / 2));
  std::priority_queue<Leaf> queue;
  queue.push({box, 1, HUGE_VAL, std::make_shared<ParametricCase>(run, box)});
  while (can_split(box) && queue.size() < wanted && queue.top().score > 0) {
    auto [low, high] = halves(queue.top(), box);
    queue.pop();
    for (Leaf* half : {&low, &high}) {
      half->set = std::make_shared<ParametricCase>(run, half->box);
      const CaseRung& rung = half->set->rung(kSplitPrecision);
      half->score = rung.kept ? 0 : rung.difference;
      queue.push(std::move(*half));
    }
  }
  std::vector<Leaf> leaves;
  for (; !queue.empty(); queue.pop()) leaves.push_back(queue.top());
  return leaves;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Result<Prepared> prepare_exact(const LoweredGraph& graph, const ParametricOptions& options) {
  if (options.output >= graph.graph->outputs.size()) return fail("E0604", "the network has no such output");
  return prepare(graph, std::nullopt);
}

std::size_t output_size(const LoweredGraph& graph, const ParametricOptions& options) {
  return static_cast<std::size_t>(graph[graph.graph->outputs[options.output]].size);
}

// Few sets follow their coefficients closely; many stand on the same few rungs, and look between them for their class only.
void add_case(Join& join, const ParametricRun& run, ParametricCase& set, double share, std::size_t sets) {
  const int highest = run.options().max_precision;
  if (run.is_large()) {
    set.keeps_argmax();
  } else if (sets <= kFewSets) {
    set.climb(highest);
  } else {
    for (const int p : kCommonRungs) {
      if (p < highest) set.rung(p);
    }
  }
  set.rung(highest);
  join.add(set, share);
}

}  // namespace

double error_at(const ParametricAnalysis& analysis, int p, std::size_t element) {
  double bound = HUGE_VAL;
  for (const PrecisionRung& rung : analysis.rungs) {
    if (rung.p <= p) bound = mul_up(rung.absolute[element], std::ldexp(1.0, -p));
  }
  return bound;
}

Result<ParametricAnalysis> analyze_parametric(const LoweredGraph& graph, const InputBox& box, const ParametricOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  if (auto valid = check_box(graph, box); !valid) return fail(valid.error());
  auto exact = prepare_exact(graph, options);
  if (!exact) return fail(exact.error());
  ParametricRun run(graph, *std::move(exact), options);
  Join join(output_size(graph, options), options);
  const std::vector<Leaf> leaves = split(run, box);
  for (const Leaf& leaf : leaves) add_case(join, run, *leaf.set, leaf.share, leaves.size());
  ParametricAnalysis result = join.run();
  result.seconds = seconds_since(start);
  return result;
}

Result<ParametricAnalysis> analyze_parametric(const LoweredGraph& graph, const DataSet& data, const ParametricOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  if (data.samples.empty()) return fail("E0603", "the data set holds no sample");
  auto exact = prepare_exact(graph, options);
  if (!exact) return fail(exact.error());
  ParametricRun run(graph, *std::move(exact), options);
  Join join(output_size(graph, options), options);
  for (const auto& sample : data.samples) {
    const InputBox box = ball(sample, data.radius);
    if (auto valid = check_box(graph, box); !valid) return fail(valid.error());
    ParametricCase set(run, box);
    add_case(join, run, set, 1.0 / static_cast<double>(data.samples.size()), data.samples.size());
  }
  ParametricAnalysis result = join.run();
  result.seconds = seconds_since(start);
  return result;
}

}  // namespace halfulp
