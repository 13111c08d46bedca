#include "split.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace halfulp {
namespace {

constexpr std::size_t kMostInputs = 12;

struct Leaf {
  InputBox box;
  BoxAnalysis analysis;
  double score = 0;
};

struct Coordinate {
  std::size_t input, element;
};

std::vector<Coordinate> uncertain(const InputBox& box) {
  std::vector<Coordinate> result;
  for (std::size_t i = 0; i < box.size(); ++i) {
    for (std::size_t e = 0; e < box[i].size(); ++e) {
      if (box[i][e].lo < box[i][e].hi) result.push_back({i, e});
    }
  }
  return result;
}

constexpr double kLeastGain = 0.97;  // of the bound, by the best split of a box
constexpr double kMostUneven = 4;     // times narrower than the widest edge may the edge be that is split for less

class Splitter {
 public:
  Splitter(const Prepared& prepared, const AnalyzeOptions& options) : prepared_(prepared), options_(options) {
    options_.engine = Engine::kFast;
    options_.known_ranges = nullptr;
    options_.layer_errors = false;
    options_.slope_steps = 0;
    for (const NodeId output : prepared.graph->graph->outputs) {
      seen_.resize(seen_.size() + static_cast<std::size_t>((*prepared.graph)[output].size), Interval(HUGE_VAL, -HUGE_VAL));
    }
  }

  BoxAnalysis run(const InputBox& box, BoxAnalysis whole) {
    whole_box_ = box;
    leaves_.push_back(evaluate(box));
    while (spent_ < options_.split_boxes) {
      refresh_top();
      if (leaves_.front().score <= 0 || !split_top()) break;
    }
    return combine(std::move(whole));
  }

 private:
  static bool lower_score(const Leaf& a, const Leaf& b) { return a.score < b.score; }

  Leaf evaluate(InputBox box) {
    ++spent_;
    Leaf leaf;
    leaf.analysis = finish_box(prepared_, forward_pass<Interval>(prepared_, box, options_), options_);
    leaf.box = std::move(box);
    if (!prepared_.with_formats) sample(leaf.box);
    leaf.score = score(leaf.analysis);
    return leaf;
  }

  // Values at the box's centre: what the range certainly holds.
  void sample(const InputBox& box) {
    InputBox centre;
    for (const auto& input : box) {
      auto& elements = centre.emplace_back();
      for (const Interval& x : input) elements.push_back(Interval(midpoint(x)));
    }
    const auto forward = forward_pass<Interval>(prepared_, centre, options_);
    std::size_t k = 0;
    for (const NodeId output : prepared_.graph->graph->outputs) {
      for (const Interval& y : at(forward.states, output).real) {
        seen_[k].lo = std::min(seen_[k].lo, y.hi);
        seen_[k].hi = std::max(seen_[k].hi, y.lo);
        ++k;
      }
    }
  }

  // With formats the proved error; without, how far the range reaches beyond values seen, summed over outputs.
  double score(const BoxAnalysis& analysis) const {
    if (prepared_.with_formats) return analysis.max_error;
    double reach = 0;
    std::size_t k = 0;
    for (const NodeId output : prepared_.graph->graph->outputs) {
      for (const Interval& y : analysis.nodes[static_cast<std::size_t>(output)].real) {
        reach += std::max(0.0, y.hi - seen_[k].hi) + std::max(0.0, seen_[k].lo - y.lo);
        ++k;
      }
    }
    return reach;
  }

  // Scores fall as more values are seen: bring the true top to the front.
  void refresh_top() {
    if (prepared_.with_formats) return;
    for (;;) {
      std::pop_heap(leaves_.begin(), leaves_.end(), lower_score);
      Leaf& top = leaves_.back();
      const double now = score(top.analysis);
      const bool same = now == top.score;
      top.score = now;
      std::push_heap(leaves_.begin(), leaves_.end(), lower_score);
      if (same) return;
    }
  }

  bool split_top() {
    std::pop_heap(leaves_.begin(), leaves_.end(), lower_score);
    const InputBox box = leaves_.back().box;
    const double enough = kLeastGain * leaves_.back().score;
    std::optional<std::pair<Leaf, Leaf>> best, widest;
    double widest_share = 0, best_share = 0;
    for (const Coordinate& c : uncertain(box)) {
      const double middle = midpoint(box[c.input][c.element]);
      if (middle <= box[c.input][c.element].lo || middle >= box[c.input][c.element].hi) continue;
      InputBox low = box, high = box;
      low[c.input][c.element].hi = middle;
      high[c.input][c.element].lo = middle;
      std::pair<Leaf, Leaf> halves{evaluate(std::move(low)), evaluate(std::move(high))};
      const double share = width_share(box, c);
      if (share > widest_share) widest = halves, widest_share = share;
      if (!best || rank(halves) < rank(*best)) best = std::move(halves), best_share = share;
    }
    // Inputs that only help together: the one that was halved least often goes first, or tiny gains from another would go on for ever.
    if (best && rank(*best).first > enough && kMostUneven * best_share <= widest_share) best = std::move(widest);
    if (!best) {
      std::push_heap(leaves_.begin(), leaves_.end(), lower_score);
      return false;
    }
    leaves_.back() = std::move(best->first);
    std::push_heap(leaves_.begin(), leaves_.end(), lower_score);
    leaves_.push_back(std::move(best->second));
    std::push_heap(leaves_.begin(), leaves_.end(), lower_score);
    return true;
  }

  // Of the whole box's edge.
  double width_share(const InputBox& box, const Coordinate& c) const {
    const auto width = [&](const InputBox& b) { return b[c.input][c.element].hi - b[c.input][c.element].lo; };
    return width(box) / width(whole_box_);
  }

  static std::pair<double, double> rank(const std::pair<Leaf, Leaf>& halves) {
    const double a = halves.first.score, b = halves.second.score;
    return {std::max(a, b), std::min(a, b)};
  }

  static void unite(std::vector<Interval>& into, const std::vector<Interval>& from) {
    for (std::size_t i = 0; i < from.size(); ++i) into[i] = hull(into[i], from[i]);
  }

  static void narrow(std::vector<Interval>& into, const std::vector<Interval>& with) {
    for (std::size_t i = 0; i < with.size(); ++i) into[i] = intersect(into[i], with[i]);
  }

  BoxAnalysis combine(BoxAnalysis whole) {
    std::vector<NodeBounds> joined = leaves_[0].analysis.nodes;
    const Leaf* worst = &leaves_[0];
    std::vector<OverflowPlace> overflows = prepared_.constant_overflows;
    for (const Leaf& leaf : leaves_) {
      for (std::size_t n = 0; n < joined.size(); ++n) {
        unite(joined[n].real, leaf.analysis.nodes[n].real);
        unite(joined[n].deployed, leaf.analysis.nodes[n].deployed);
        unite(joined[n].error, leaf.analysis.nodes[n].error);
      }
      if (leaf.analysis.max_error > worst->analysis.max_error) worst = &leaf;
      for (const OverflowPlace& place : leaf.analysis.overflows) add_overflow(overflows, place);
    }
    for (std::size_t n = 0; n < joined.size(); ++n) {
      narrow(whole.nodes[n].real, joined[n].real);
      narrow(whole.nodes[n].deployed, joined[n].deployed);
      narrow(whole.nodes[n].error, joined[n].error);
    }
    if (worst->analysis.max_error < whole.max_error) {
      whole.max_error = worst->analysis.max_error;
      whole.contributions = worst->analysis.contributions;
    }
    if (overflows.size() < whole.overflows.size()) whole.overflows = std::move(overflows);
    return whole;
  }

  const Prepared& prepared_;
  AnalyzeOptions options_;
  InputBox whole_box_;
  std::vector<Leaf> leaves_;
  std::vector<Interval> seen_;
  int spent_ = 0;
};

}  // namespace

int split_budget(const LoweredGraph& graph, Method method) {
  if (method == Method::kInterval || method == Method::kBackward || method == Method::kAffine) return 0;
  double rows = 0, work = 0, smooth = 0, binaries = 0;
  for (const LoweredNode& node : graph.nodes) {
    const auto* linear = std::get_if<LinearForm>(&node.form);
    const auto* unary = std::get_if<UnaryForm>(&node.form);
    if (unary != nullptr && unary->kind >= UnaryKind::kTanh) smooth += static_cast<double>(node.size);
    work += linear != nullptr ? static_cast<double>(node.size * linear->map.depth) : static_cast<double>(node.size);
    const bool binary = std::holds_alternative<BinaryForm>(node.form);
    if (binary) binaries += static_cast<double>(node.size);
    if (linear != nullptr || binary) rows += static_cast<double>(node.size);
  }
  const double cost_of_one = 4e4 + 8 * rows * work + 200 * binaries * binaries + 1.5e4 * smooth;  // in multiply-adds, with what each node costs by itself
  const double boxes = (method == Method::kSplit ? 4e9 : 2e8) / cost_of_one;
  return boxes < 8 ? 0 : static_cast<int>(std::min(boxes, 1e5));
}

bool can_split(const InputBox& box) {
  const std::size_t count = uncertain(box).size();
  return count > 0 && count <= kMostInputs;
}

BoxAnalysis split_box(const Prepared& prepared, const InputBox& box, const AnalyzeOptions& options, BoxAnalysis whole) {
  return Splitter(prepared, options).run(box, std::move(whole));
}

}  // namespace halfulp
