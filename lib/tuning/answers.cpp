// What is computed for an answer: the analysis over the box or over samples, and the simulator's run.
#include <algorithm>
#include <cmath>

#include "evaluator.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "parts.hpp"

namespace halfulp {
namespace {

// Where nothing is to be proved over the data, so many samples guide the search.
constexpr std::size_t kGuides = 6;

Interval hull_of(const NodeBounds& bounds) {
  std::optional<Interval> result;
  for (const auto* list : {&bounds.real, &bounds.deployed}) {
    for (const Interval& x : *list) result = result ? hull(*result, x) : x;
  }
  return result.value_or(Interval(0));
}

double largest_error(const NodeBounds& bounds) {
  double largest = 0;
  for (const Interval& error : bounds.error) largest = std::max(largest, magnitude(error));
  return largest;
}

// max |error| / min |real| over the elements, rounded up.
double relative_error(const NodeBounds& bounds) {
  double largest = 0;
  for (std::size_t i = 0; i < bounds.error.size(); ++i) {
    const double error = magnitude(bounds.error[i]), least = mignitude(bounds.real[i]);
    if (error == 0) continue;
    largest = std::max(largest, least > 0 ? std::nextafter(error / least, INFINITY) : INFINITY);
  }
  return largest;
}

void take_outputs(const LoweredGraph& graph, const std::vector<NodeBounds>& nodes, Evaluation& evaluation) {
  for (const NodeId output : graph.graph->outputs) evaluation.output_bounds.push_back(largest_error(nodes[static_cast<std::size_t>(output)]));
}

double worst_relative(const LoweredGraph& graph, const std::vector<NodeBounds>& nodes) {
  double worst = 0;
  for (const NodeId output : graph.graph->outputs) worst = std::max(worst, relative_error(nodes[static_cast<std::size_t>(output)]));
  return worst;
}

std::size_t leading_exact(const std::vector<Expansion>& logits) {
  std::size_t best = 0;
  const auto larger = [](const Expansion& a, const Expansion& b) {
    return std::lexicographical_compare(std::begin(b.part), std::end(b.part), std::begin(a.part), std::end(a.part));
  };
  for (std::size_t i = 1; i < logits.size(); ++i) {
    if (larger(logits[i], logits[best])) best = i;
  }
  return best;
}

double distance(const std::vector<std::vector<Expansion>>& outputs, const std::vector<std::vector<double>>& reference) {
  double largest = 0;
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    for (std::size_t e = 0; e < outputs[o].size(); ++e) {
      const Expansion& y = outputs[o][e];
      largest = std::max(largest, magnitude(Interval(y.part[0]) - Interval(reference[o][e]) + Interval(y.part[1]) + Interval(y.part[2])));
    }
  }
  return largest;
}

// The largest share of a margin of the real class that the simulated logits lose; the class is kept below 1.
double seen_use(const std::vector<Expansion>& logits, const std::vector<double>& real) {
  const std::size_t winner = leading(real);
  double use = 0;
  for (std::size_t j = 0; j < real.size(); ++j) {
    const double margin = real[winner] - real[j];
    if (j == winner || !(margin > 0)) continue;
    use = std::max(use, 1 - (logits[winner].part[0] - logits[j].part[0]) / margin);
  }
  return use;
}

// For each role the largest of its shares in the limits, in the unit of `bound`: what a goal of one output pays, no other output hides.
void take_largest_shares(const std::vector<std::pair<std::vector<Contribution>, double>>& of_goals, double load, double bound,
                         std::vector<Contribution>& contributions) {
  if (!(load > 0) || !std::isfinite(load) || !std::isfinite(bound)) return;
  contributions.clear();
  for (const auto& [list, limit] : of_goals) {
    for (const Contribution& each : list) {
      const double amount = each.amount / limit / load * bound;
      const auto known = std::find_if(contributions.begin(), contributions.end(), [&](const Contribution& c) { return c.node == each.node && c.role == each.role; });
      if (known == contributions.end()) contributions.push_back({each.node, each.role, amount});
      else known->amount = std::max(known->amount, amount);
    }
  }
  std::stable_sort(contributions.begin(), contributions.end(), [](const Contribution& a, const Contribution& b) { return a.amount > b.amount; });
}

}  // namespace

// The same network with one output: contributions are those to it.
OneOutput::OneOutput(const LoweredGraph& whole, std::size_t output) : graph(std::make_unique<Graph>(*whole.graph)), lowered(whole) {
  graph->outputs = {whole.graph->outputs[output]};
  lowered.graph = graph.get();
}

AnalyzeOptions Evaluator::options_of(const Question& question) const {
  AnalyzeOptions options = options_.analyze;
  options.engine = question.engine;
  options.layer_errors = false;
  options.known_ranges = nullptr;
  return options;
}

bool Evaluator::is_guide(std::size_t sample) const {
  const std::size_t step = std::max<std::size_t>(1, everything_.size() / kGuides);
  return sample % step == 0 && sample / step < kGuides;
}

DataSet Evaluator::subset(const std::vector<std::size_t>& samples) const {
  DataSet part{.samples = {}, .labels = {}, .radius = input_.data->radius};
  for (const std::size_t i : samples) part.samples.push_back(input_.data->samples[i]);
  return part;
}

Result<Evaluation> Evaluator::of_box(const Question& question) const {
  AnalyzeOptions options = options_of(question);
  if (question.scope != Scope::kConfirm) options.known_ranges = &*real_;
  auto analysis = analyze_box(graph_, *question.formats, *input_.box, options);
  if (!analysis) return fail(analysis.error());
  Evaluation evaluation;
  evaluation.bound = analysis->max_error;
  take_outputs(graph_, analysis->nodes, evaluation);
  if (options_.max_relative_error) evaluation.relative = worst_relative(graph_, analysis->nodes);
  evaluation.contributions = std::move(analysis->contributions);
  evaluation.overflows = std::move(analysis->overflows);
  if (one_outputs_.size() < 2) return evaluation;
  std::vector<std::pair<std::vector<Contribution>, double>> of_goals;
  double load = 0;
  for (std::size_t g = 0; g < one_outputs_.size(); ++g) {
    auto one = analyze_box(one_outputs_[g].lowered, *question.formats, *input_.box, options);
    if (!one) return fail(one.error());
    const double limit = options_.output_errors[g].second;
    load = std::max(load, one->max_error / limit);
    of_goals.emplace_back(std::move(one->contributions), limit);
  }
  take_largest_shares(of_goals, load, evaluation.bound, evaluation.contributions);
  return evaluation;
}

Result<Evaluation> Evaluator::of_samples(const Question& question, const std::vector<std::size_t>& samples, bool first_group) const {
  Evaluation evaluation;
  const AnalyzeOptions options = options_of(question);
  std::vector<std::size_t> analysed = bounds_all() ? samples : first_group ? everything_ : std::vector<std::size_t>{};
  if (!bounds_all()) std::erase_if(analysed, [&](std::size_t i) { return !is_guide(i); });
  if (!analysed.empty()) {
    // While only the classes count, bounds of the outputs are for the report.
    const bool bounds_outputs = options_.bounds_error() || !options_.certify_share || question.scope != Scope::kStage;
    auto analysis = analyze_data(graph_, *question.formats, subset(analysed),
                                 {.analyze = options, .simulate = false, .stop_below_share = std::nullopt,
                                  .margins = options_.certify_share.has_value(), .output_bounds = bounds_outputs});
    if (!analysis) return fail(analysis.error());
    evaluation.bound = analysis->max_bound;
    take_outputs(graph_, analysis->hull, evaluation);
    evaluation.contributions = std::move(analysis->contributions);
    evaluation.overflows = std::move(analysis->overflows);
    for (SampleVerdict& verdict : analysis->samples) {
      evaluation.proved.push_back(verdict.argmax_proved);
      evaluation.bounds.push_back(verdict.error_bound);
      if (!options_.certify_share) continue;
      evaluation.uses.push_back(verdict.margin_use);
      evaluation.sample_contributions.push_back(std::move(verdict.margin_contributions));
    }
  }
  if (options_.max_relative_error) {
    evaluation.relative = 0;
    for (const std::size_t i : samples) {
      auto one = analyze_box(graph_, *question.formats, ball(input_.data->samples[i], input_.data->radius), options);
      if (!one) return fail(one.error());
      evaluation.relative = std::max(*evaluation.relative, worst_relative(graph_, one->nodes));
    }
  }
  if (options_.observes()) {
    if (auto done = simulate(*question.formats, samples, evaluation); !done) return fail(done.error());
  }
  return evaluation;
}

Result<void> Evaluator::simulate(const FormatAssignment& formats, const std::vector<std::size_t>& samples, Evaluation& evaluation) const {
  auto simulator = Simulator::create(graph_, formats, {.seed = options_.seed});
  if (!simulator) return fail(simulator.error());
  for (const std::size_t i : samples) {
    auto outputs = simulator->run(input_.data->samples[i], i);
    if (!outputs) return fail(outputs.error());
    evaluation.observed.push_back(distance(*outputs, reference_[i]));
    if (options_.max_accuracy_drop) evaluation.seen_uses.push_back(seen_use(outputs->front(), reference_[i].front()));
    if (i < input_.data->labels.size()) {
      evaluation.right.push_back(static_cast<std::int64_t>(leading_exact(outputs->front())) == input_.data->labels[i]);
    }
  }
  return {};
}

std::string Evaluator::compute(const Question& question, std::size_t group, std::size_t group_count) const {
  Result<Evaluation> evaluation;
  if (input_.box) {
    evaluation = of_box(question);
  } else {
    const auto& all = samples_of(question);
    std::vector<std::size_t> samples;
    for (std::size_t i = group; i < all.size(); i += group_count) samples.push_back(all[i]);
    evaluation = of_samples(question, samples, group == 0);
  }
  return evaluation ? to_text(*evaluation) : error_text(evaluation.error());
}

Result<std::vector<Interval>> Evaluator::ranges(const FormatAssignment& formats) {
  std::vector<Interval> result(graph_.nodes.size());
  const auto collect = [&](const std::vector<NodeBounds>& nodes) {
    for (std::size_t i = 0; i < nodes.size() && i < result.size(); ++i) result[i] = hull_of(nodes[i]);
  };
  const Question question{.formats = &formats};
  if (input_.box) {
    if (auto ready = prepare_real_ranges(); !ready) return fail(ready.error());
    AnalyzeOptions options = options_of(question);
    options.known_ranges = &*real_;
    auto analysis = analyze_box(graph_, formats, *input_.box, options);
    if (!analysis) return fail(analysis.error());
    collect(analysis->nodes);
    return result;
  }
  auto analysis = analyze_data(graph_, formats, *input_.data, {.analyze = options_of(question), .simulate = false,
                                                                .threads = workers_.slots(), .stop_below_share = std::nullopt});
  if (!analysis) return fail(analysis.error());
  collect(analysis->hull);
  return result;
}

}  // namespace halfulp
