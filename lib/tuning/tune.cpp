#include <algorithm>
#include <cmath>

#include "baseline.hpp"
#include "focus.hpp"
#include "search.hpp"

namespace halfulp {
namespace {

constexpr int kRepairLimit = 24;

Result<void> check_requirement(const TuneInput& input, const TuneOptions& options) {
  if (!options.max_error && !options.certify_share) {
    return fail("E0802", "tuning needs a requirement: a largest error or a share of certified samples");
  }
  if (input.box.has_value() == input.data.has_value()) {
    return fail("E0802", "tuning needs one input set: a box or a data set, not both");
  }
  if (options.certify_share && !input.data) {
    return fail("E0802", "a share of certified samples needs a data set", {}, {"give --data, or require a largest error over the box"});
  }
  if (options.max_error && !(*options.max_error > 0 && std::isfinite(*options.max_error))) {
    return fail("E0802", "the largest error must be a positive number");
  }
  if (options.certify_share && !(*options.certify_share > 0 && *options.certify_share <= 1)) {
    return fail("E0802", "the share of certified samples lies in (0, 1]");
  }
  if (input.data && input.data->samples.empty()) return fail("E0802", "the data set holds no samples");
  return {};
}

struct Candidate {
  FormatAssignment formats;
  Evaluation evaluation;
  double cost = 0;
};

// The best so far, proved over the whole input set; while nothing meets the requirement, the smallest bound.
class Incumbent {
 public:
  Incumbent(const Target& target, const LoweredGraph& graph) : target_(target), graph_(graph) {}

  void offer(const FormatAssignment& formats, const Evaluation& evaluation) {
    Candidate candidate{.formats = formats, .evaluation = evaluation, .cost = cost_on(target_, graph_, formats).total};
    if (!best_ || better(candidate, *best_)) best_ = std::move(candidate);
  }
  const std::optional<Candidate>& best() const { return best_; }

 private:
  bool better(const Candidate& a, const Candidate& b) const {
    if (a.evaluation.met != b.evaluation.met) return a.evaluation.met;
    if (a.evaluation.met) return a.cost < b.cost || (a.cost == b.cost && activations(a) < activations(b));
    if (a.evaluation.share != b.evaluation.share) return a.evaluation.share > b.evaluation.share;
    return a.evaluation.bound < b.evaluation.bound;
  }
  double activations(const Candidate& candidate) const { return cost_on(target_, graph_, candidate.formats).activation_bits; }

  const Target& target_;
  const LoweredGraph& graph_;
  std::optional<Candidate> best_;
};

class Tuning {
 public:
  Tuning(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options, Target target,
         std::vector<FormatPattern> patterns)
      : graph_(graph), options_(options), target_(std::move(target)), patterns_(std::move(patterns)),
        evaluator_(graph, input, options), incumbent_(target_, graph), base_(graph.nodes.size()) {
    if (!options.input_format) return;
    for (const NodeId id : graph.graph->inputs) base_[static_cast<std::size_t>(id)].input = options.input_format;
  }

  Result<TuneResult> run() {
    auto ranges = evaluator_.ranges(base_);
    if (!ranges) return fail(ranges.error());
    variables_ = collect_variables(graph_, patterns_, *ranges, target_);
    auto baseline = find_baseline(evaluator_, variables_, patterns_, base_, options_.max_error);
    if (!baseline) return fail(baseline.error());
    baseline_ = std::move(baseline->met);
    for (const auto& uniform : {baseline_, baseline->nearest}) {
      if (uniform) incumbent_.offer(uniform->formats, uniform->evaluation);
    }
    if (auto done = offer_widest(); !done) return fail(done.error());
    if (incumbent_.best()->evaluation.met && !variables_.empty() && !evaluator_.stopped()) {
      if (auto done = search(); !done) return fail(done.error());
    }
    return finish();
  }

 private:
  Result<void> offer(const FormatAssignment& formats) {
    auto evaluation = evaluator_.prove(formats);
    if (!evaluation) return fail(evaluation.error());
    incumbent_.offer(formats, *evaluation);
    return {};
  }

  // Every variable at its most precise: decides whether the requirement can be met when no uniform format does.
  Result<void> offer_widest() {
    if (baseline_ && incumbent_.best()) return {};
    Levels widest;
    for (const Variable& variable : variables_) widest.push_back(variable.levels.size() - 1);
    return offer(with_levels(base_, variables_, widest));
  }

  // The levels that are at least as precise as the baseline everywhere.
  Levels like_baseline() const {
    Levels levels;
    for (const Variable& variable : variables_) {
      const Format& format = baseline_->format;
      const bool fixed = format.family == FormatFamily::kFixed;
      const double precision = fixed ? format.fraction_bits + 1 : ladder({FormatPattern{.single = format}}, variable.range, Fit::kRounded)[0].precision;
      levels.push_back(level_at_least(variable.levels, precision));
    }
    return levels;
  }

  Result<void> search() {
    if (baseline_) {
      if (auto done = focus_on_decisive(evaluator_, variables_, patterns_, base_, *baseline_, options_); !done) return done;
    }
    Search search(evaluator_, variables_, patterns_, base_, options_);
    const Candidate start = *incumbent_.best();
    const double budget = options_.max_error ? *options_.max_error : start.evaluation.bound;
    if (auto done = search.find_centre(start.formats, start.evaluation, budget); !done) return done;
    if (baseline_ && !evaluator_.stopped()) {
      if (auto done = search.consider(like_baseline()); !done) return done;
    }
    if (auto done = search.run(budget); !done) return done;
    return settle(search);
  }

  // Cheapest first, the accepted assignments are proved over the whole input set; if the cheapest fails there, it is refined
  // bit by bit, and dearer ones are tried as long as they may win.
  Result<void> settle(const Search& search) {
    const auto& accepted = search.accepted();
    if (accepted.empty()) return {};
    if (!evaluator_.is_focused()) {
      for (const Found& found : accepted) incumbent_.offer(found.formats, found.evaluation);
      return {};
    }
    Levels levels = accepted.back().levels;
    for (int repair = 0; repair < kRepairLimit; ++repair) {
      const FormatAssignment formats = search.formats_of(levels);
      auto evaluation = evaluator_.prove(formats);
      if (!evaluation) return fail(evaluation.error());
      incumbent_.offer(formats, *evaluation);
      if (evaluation->met || evaluator_.stopped() || !search.refine(levels, *evaluation)) break;
    }
    return {};
  }

  Result<TuneResult> finish() {
    Candidate best = *incumbent_.best();
    // What is reported is what one analysis from scratch says of exactly these formats.
    auto confirmed = evaluator_.confirm(best.formats);
    if (!confirmed) return fail(confirmed.error());
    best.evaluation = *std::move(confirmed);
    const Cost cost = cost_on(target_, graph_, best.formats);
    TuneResult result;
    result.status = best.evaluation.met ? "proved" : "unmet";
    result.formats = std::move(best.formats);
    result.error_bound = best.evaluation.bound;
    result.certified_share = best.evaluation.share;
    result.mean_weight_bits = cost.mean_weight_bits;
    result.weight_bits = cost.weight_bits;
    result.activation_bits = cost.activation_bits;
    result.cost = cost.total;
    if (baseline_) {
      const Cost uniform = cost_on(target_, graph_, baseline_->formats);
      result.baseline = TuneResult::Baseline{.format = baseline_->format.name,
                                             .error_bound = baseline_->evaluation.bound,
                                             .mean_weight_bits = uniform.mean_weight_bits,
                                             .cost = uniform.total};
    }
    result.contributions = std::move(best.evaluation.contributions);
    result.evaluations = evaluator_.evaluations();
    result.budget_exhausted = evaluator_.exhausted();
    result.interrupted = evaluator_.interrupted();
    result.seconds = evaluator_.seconds();
    return result;
  }

  const LoweredGraph& graph_;
  const TuneOptions& options_;
  const Target target_;
  const std::vector<FormatPattern> patterns_;
  Evaluator evaluator_;
  Incumbent incumbent_;
  FormatAssignment base_;
  std::vector<Variable> variables_;
  std::optional<Uniform> baseline_;
};

}  // namespace

Result<TuneResult> tune(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options) {
  if (auto checked = check_requirement(input, options); !checked) return fail(checked.error());
  auto target = read_target(options.target);
  if (!target) return fail(target.error());
  auto patterns = parse_patterns(options.formats);
  if (!patterns) return fail(patterns.error());
  return Tuning(graph, input, options, *std::move(target), *std::move(patterns)).run();
}

}  // namespace halfulp
