// Differences between the deployed and the real network at one node, and the perturbation that the node's roundings add. One
// instance serves one node; each form's part is in the file of its kind: difference_{linear,dots,elementwise,movement,output}.cpp.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "dot_lanes.hpp"
#include "forward.hpp"

namespace halfulp {

template <typename I>
class Difference {
 public:
  Difference(const Prepared& prepared, States<I>& states, NodeId id, std::vector<OverflowPlace>& overflows,
             const AnalyzeOptions& options, WorkBudget& budget)
      : prepared_(prepared), states_(states), id_(id), node_((*prepared.graph)[id]),
        formats_(prepared.formats[static_cast<std::size_t>(id)]), own_(prepared.nodes[static_cast<std::size_t>(id)]),
        state_(states[static_cast<std::size_t>(id)]), overflows_(overflows), options_(options), budget_(budget) {}

  void run();

  // Each fills before_, state_.grid and the perturbations that come before the output rounding.
  void operator()(const SourceForm&) {}
  void operator()(const GatherForm& form);
  void operator()(const LinearForm& form);
  void operator()(const UnaryForm& form);
  void operator()(const BinaryForm& form);
  void operator()(const MaxForm& form);
  void operator()(const SoftmaxForm& form);
  void operator()(const DotForm& form);

 private:
  struct Operand {
    I real, deployed;
    Interval error;
    std::optional<Format> held;  // a format that its deployed value is a value of
  };

  bool keeps_gaps(const std::optional<Format>& format) const { return prepared_.keep_gaps && format && is_random(*format); }
  void note_gap(const std::optional<Format>& format, const RoundingEffect& effect) {
    if (keeps_gaps(format)) state_.output_square.push_back(effect.overflow ? 0.0 : mul_up(magnitude(effect.error), magnitude(effect.error)));
  }

  // difference_movement.cpp
  ValueGrid grid_of_operands() const;
  void source();
  std::vector<RoundingEffect> input_effects(const Format& format);
  const DecimalPoint* decimal_of(std::size_t element) const;

  // difference_elementwise.cpp
  void pass_on(const UnaryForm& form, double slope, const I& chords, const NodeState<I>& x, std::size_t i);
  Operand binary_operand(std::size_t index, bool constant, std::size_t element) const;
  void note_known_rounding(BinaryKind kind, const Operand& a, const Operand& b);
  void binary_grid(const BinaryForm& form);

  // difference_linear.cpp
  void note_scaling(const LinearMap& map, const NodeState<I>& x);
  void note_shift(const LinearMap& map, const NodeState<I>& x);
  void linear_grid(const LinearMap& map, const NodeState<I>& x);

  // difference_dots.cpp
  struct Window {
    std::vector<std::int64_t> terms, inputs;   // k and the operand's element (of group 0) of each product, padding left out
  };
  static Window window_of(const LinearMap& map, std::int64_t p);
  void linear_dot_effects(const LinearMap& map, const NodeState<I>& x);
  std::optional<LaneDots> lane_dots() const;
  LaneEffect dots_of(const LaneDots& dots, const LinearMap& map, const Window& window, const std::vector<Interval>& deployed, std::int64_t first);
  bool is_held(const std::optional<Format>& format) const;
  static DotEffect effect_of(const LaneEffect& known, std::size_t lane);
  DotTerms terms_of(const LinearMap& map, const Window& window, const std::vector<Interval>& deployed, std::int64_t channel) const;
  void start_dot_effects();
  void note_squares(std::size_t output, const DotEffect& effect, const Interval& divisor);
  void note_dot_effect(std::size_t output, const DotEffect& effect, const Interval& divisor);
  void accumulated_grid();

  // difference_output.cpp
  void add_accumulation(std::vector<I>& exact);
  void refine();
  bool wants_refinement(std::int64_t i) const;
  void finish(const std::vector<I>& exact);
  std::vector<RoundingEffect> output_effects(const std::vector<I>& exact);
  void note_overflow(Role role, const Format& format, const Interval& needed);

  const Prepared& prepared_;
  States<I>& states_;
  NodeId id_;
  const LoweredNode& node_;
  const NodeFormats& formats_;
  const PreparedNode& own_;
  NodeState<I>& state_;
  std::vector<OverflowPlace>& overflows_;
  const AnalyzeOptions& options_;
  WorkBudget& budget_;
  std::vector<Interval> before_;      // difference before the output rounding
  int product_lsb_ = ValueGrid::kUnknown;
  bool dot_overflow_ = false;
  bool every_sum_rounded_ = true;     // each sum had a term, so that each is a value of the accumulator's format
  std::vector<Pack> lane_products_;
  std::vector<Interval> known_rounding_;  // encloses the output's rounding error where it does not overflow; empty: nothing known
};

// The product of numbers on the grids 2^a and 2^b.
inline int add_lsb(int a, int b) {
  const long long sum = static_cast<long long>(a) + b;
  return static_cast<int>(std::clamp<long long>(sum, std::numeric_limits<int>::min() + 1, std::numeric_limits<int>::max()));
}

inline bool all_zero(const std::vector<Interval>& errors) {
  return std::all_of(errors.begin(), errors.end(), [](const Interval& e) { return e.lo == 0 && e.hi == 0; });
}

inline void drop_if_zero(std::vector<Interval>& errors) {
  if (all_zero(errors)) errors.clear();
}

}  // namespace halfulp
