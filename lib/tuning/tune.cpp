// A tuning run: base and variables, the uniform baseline, the strategy, and the final proof.
#include <algorithm>
#include <cmath>
#include <deque>

#include "baseline.hpp"
#include "orders.hpp"
#include "strategy.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kRunnersUp = 4;

struct Candidate {
  FormatAssignment formats;
  Evaluation evaluation;
  Cost cost;
};

// The best so far over the whole input set, best first, and some after it; while nothing meets the requirement, the smallest bound.
class Incumbents {
 public:
  explicit Incumbents(const CostModel& model) : model_(model) {}

  void offer(const FormatAssignment& formats, const Evaluation& evaluation) {
    Candidate candidate{.formats = formats, .evaluation = evaluation, .cost = model_.total(formats)};
    const auto at = std::find_if(best_.begin(), best_.end(), [&](const Candidate& each) { return better(candidate, each); });
    best_.insert(at, std::move(candidate));
    if (best_.size() > kRunnersUp) best_.pop_back();
  }
  const std::deque<Candidate>& best() const { return best_; }

 private:
  static bool better(const Candidate& a, const Candidate& b) {
    if (a.evaluation.met != b.evaluation.met) return a.evaluation.met;
    if (a.evaluation.met) {
      return a.cost.total < b.cost.total || (a.cost.total == b.cost.total && a.cost.activation_bits < b.cost.activation_bits);
    }
    if (a.evaluation.share != b.evaluation.share) return a.evaluation.share > b.evaluation.share;
    const double left = accuracy_of(a.evaluation), right = accuracy_of(b.evaluation);
    return left != right ? left > right : a.evaluation.bound < b.evaluation.bound;
  }

  const CostModel& model_;
  std::deque<Candidate> best_;
};

class Tuning {
 public:
  Tuning(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options, const Target& target,
         const std::vector<FormatPattern>& patterns, const Strategy& strategy)
      : graph_(graph), options_(options), patterns_(patterns), strategy_(strategy), model_(target, graph), evaluator_(graph, input, options),
        incumbents_(model_) {}

  // Answers of an earlier run on the same input serve again.
  Result<void> start(Tuning* earlier) {
    if (!earlier) return evaluator_.start();
    evaluator_.adopt(std::move(earlier->evaluator_));
    return {};
  }

  Result<TuneResult> run() {
    if (auto ready = set_up(); !ready) return fail(ready.error());
    auto baseline = find_baseline(evaluator_, variables_, patterns_, base_, model_, options_.measures());
    if (!baseline) return fail(baseline.error());
    baseline_ = std::move(baseline->met);
    for (const auto& uniform : {baseline_, baseline->nearest}) {
      if (uniform) incumbents_.offer(uniform->formats, uniform->evaluation);
    }
    if (auto done = offer_widest(); !done) return fail(done.error());
    if (incumbents_.best().front().evaluation.met && !variables_.empty() && !evaluator_.stopped()) {
      if (auto done = search(); !done) return fail(done.error());
    }
    return finish();
  }

 private:
  Result<void> set_up() {
    auto base = pinned_formats(graph_, options_);
    if (!base) return fail(base.error());
    base_ = *std::move(base);
    auto ranges = evaluator_.ranges(base_);
    if (!ranges) return fail(ranges.error());
    auto variables = collect_variables(graph_, patterns_, *ranges, options_);
    if (!variables) return fail(variables.error());
    variables_ = *std::move(variables);
    return choose_orders(evaluator_, variables_, options_, base_);
  }

  // Every variable at its most precise: decides whether the requirement can be met when no uniform format does.
  Result<void> offer_widest() {
    if (baseline_) return {};
    Levels widest;
    for (const Variable& variable : variables_) widest.push_back(variable.levels.size() - 1);
    const FormatAssignment formats = with_levels(base_, variables_, widest);
    auto evaluation = evaluator_.prove(formats);
    if (!evaluation) return fail(evaluation.error());
    incumbents_.offer(formats, *evaluation);
    return {};
  }

  StartingPoint starting_point() const {
    const Candidate& first = incumbents_.best().front();
    StartingPoint start{.formats = first.formats, .evaluation = first.evaluation, .precision = {},
                        .budget = options_.measures() ? 1 : first.evaluation.bound, .is_widest = !baseline_};
    for (const Variable& variable : variables_) {
      const Place& place = variable.places.front();
      NodeFormats formats = first.formats[static_cast<std::size_t>(place.node)];
      start.precision.push_back(precision_on(variable, *format_of(formats, place.role)));
    }
    return start;
  }

  Result<void> search() {
    if (baseline_) evaluator_.order_samples_by(baseline_->evaluation);
    SearchSpace space(evaluator_, variables_, patterns_, base_, model_, options_);
    const StartingPoint start = starting_point();
    if (auto done = strategy_.run(space, start); !done) return done;
    space_size_ = 1;
    for (const Variable& variable : space.variables()) space_size_ *= static_cast<double>(variable.levels.size());
    for (const auto* found : {&space.accepted_earlier(), &space.accepted()}) {
      for (const Found& each : *found) incumbents_.offer(each.formats, each.evaluation);
    }
    return {};
  }

  // What is reported is what one analysis from scratch says of exactly these formats.
  Result<TuneResult> finish() {
    const Engine engine = evaluator_.affordable_engine();
    Candidate best = incumbents_.best().front();
    for (const Candidate& candidate : incumbents_.best()) {
      auto confirmed = evaluator_.confirm(candidate.formats, engine);
      if (!confirmed) return fail(confirmed.error());
      if (&candidate != &incumbents_.best().front() && !confirmed->met) continue;
      best = candidate;
      best.evaluation = *std::move(confirmed);
      if (best.evaluation.met || !candidate.evaluation.met) break;
    }
    TuneResult result = reported(best);
    result.engine = engine;
    result.formats = std::move(best.formats);
    result.contributions = std::move(best.evaluation.contributions);
    result.evaluations = evaluator_.evaluations();
    result.simulator_runs = evaluator_.simulator_runs();
    result.resumed = evaluator_.resumed();
    result.budget_exhausted = evaluator_.exhausted();
    result.interrupted = evaluator_.interrupted();
    result.seconds = evaluator_.seconds();
    return result;
  }

  TuneResult reported(const Candidate& best) const {
    TuneResult result;
    const Evaluation& evaluation = best.evaluation;
    result.status = !evaluation.met ? "unmet" : options_.observes() ? "observed" : "proved";
    result.goals = evaluator_.judge().results(evaluation);
    result.strategy = strategy_.name();
    result.space_size = space_size_;
    result.error_bound = evaluator_.bounds_all() ? evaluation.bound : INFINITY;
    result.relative_error = evaluation.relative;
    result.certified_share = evaluation.share;
    if (options_.observes()) {
      result.observed_error = max_observed(evaluation);
      if (!evaluation.right.empty()) {
        result.accuracy = accuracy_of(evaluation);
        result.real_accuracy = evaluator_.real_accuracy();
      }
    }
    result.overflow_free = evaluator_.bounds_all() && evaluation.overflows.empty();
    result.mean_weight_bits = best.cost.mean_weight_bits;
    result.weight_bits = best.cost.weight_bits;
    result.activation_bits = best.cost.activation_bits;
    result.cost = best.cost.total;
    result.costs = best.cost.named();
    if (baseline_) {
      const Cost uniform = model_.total(baseline_->formats);
      result.baseline = TuneResult::Baseline{.format = baseline_->format.name,
                                             .error_bound = baseline_->evaluation.bound,
                                             .mean_weight_bits = uniform.mean_weight_bits,
                                             .cost = uniform.total};
    }
    return result;
  }

  const LoweredGraph& graph_;
  const TuneOptions& options_;
  const std::vector<FormatPattern>& patterns_;
  const Strategy& strategy_;
  const CostModel model_;
  Evaluator evaluator_;
  Incumbents incumbents_;
  FormatAssignment base_;
  std::vector<Variable> variables_;
  std::optional<Uniform> baseline_;
  double space_size_ = 0;
};

// What a run needs besides its options, read and checked.
struct Ingredients {
  Target target;
  std::vector<FormatPattern> patterns;
  const Strategy* strategy = nullptr;
};

Result<Ingredients> ingredients(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options) {
  if (auto checked = check_goals(graph, input, options); !checked) return fail(checked.error());
  auto target = read_target(options.target);
  if (!target) return fail(target.error());
  auto patterns = parse_patterns(options.formats);
  if (!patterns) return fail(patterns.error());
  auto strategy = find_strategy(options.strategy);
  if (!strategy) return fail(strategy.error());
  return Ingredients{*std::move(target), *std::move(patterns), *strategy};
}

bool is_beaten(const TuneResult& result, const std::vector<TuneResult>& others) {
  return std::any_of(others.begin(), others.end(), [&](const TuneResult& other) {
    const bool as_good = other.cost <= result.cost && other.error_bound <= result.error_bound;
    return as_good && (other.cost < result.cost || other.error_bound < result.error_bound);
  });
}

}  // namespace

Result<TuneResult> tune(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options) {
  const auto with = ingredients(graph, input, options);
  if (!with) return fail(with.error());
  Tuning tuning(graph, input, options, with->target, with->patterns, *with->strategy);
  if (auto started = tuning.start(nullptr); !started) return fail(started.error());
  return tuning.run();
}

Result<std::vector<TuneResult>> tune_front(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options) {
  if (!options.max_error) return fail("E0802", "a front of cost against error needs the smallest error of interest");
  const auto with = ingredients(graph, input, options);
  if (!with) return fail(with.error());
  std::vector<TuneResult> results;
  std::deque<TuneOptions> points;
  std::unique_ptr<Tuning> last;
  for (int point = 0; point < std::max(1, options.front_points); ++point) {
    TuneOptions& at = points.emplace_back(options);
    at.max_error = *options.max_error * std::pow(10, point / 2.0);
    auto next = std::make_unique<Tuning>(graph, input, at, with->target, with->patterns, *with->strategy);
    if (auto started = next->start(last.get()); !started) return fail(started.error());
    last = std::move(next);
    auto result = last->run();
    if (!result) return fail(result.error());
    const bool stop = result->interrupted || result->budget_exhausted;
    results.push_back(*std::move(result));
    if (stop) break;
  }
  std::vector<TuneResult> front;
  for (const TuneResult& result : results) {
    const bool twice = std::any_of(front.begin(), front.end(), [&](const TuneResult& other) {
      return other.cost == result.cost && other.error_bound == result.error_bound;
    });
    if (!twice && !is_beaten(result, results)) front.push_back(result);
  }
  std::stable_sort(front.begin(), front.end(), [](const TuneResult& a, const TuneResult& b) { return a.cost < b.cost; });
  return front;
}

}  // namespace halfulp
