#include "evaluator.hpp"

namespace halfulp {
namespace {

// The bound stays below the limit by this relative margin, for a proof by another arithmetic differs in the last digits.
constexpr double kSlack = 1e-9;

AnalyzeOptions fast_options(AnalyzeOptions options) {
  options.engine = Engine::kFast;
  options.layer_errors = false;
  return options;
}

Interval hull_of(const NodeBounds& bounds) {
  std::optional<Interval> result;
  for (const auto* values : {&bounds.real, &bounds.deployed}) {
    for (const Interval& value : *values) result = result ? hull(*result, value) : value;
  }
  return result.value_or(Interval(0));
}

}  // namespace

Evaluator::Evaluator(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options)
    : graph_(graph), input_(input), options_(options), fast_(fast_options(options.analyze)), start_(std::chrono::steady_clock::now()) {}

double Evaluator::seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

bool Evaluator::stopped() {
  if (options_.interrupted && options_.interrupted()) interrupted_ = true;
  if (evaluations_ >= options_.evaluation_limit || seconds() >= options_.time_limit_seconds) exhausted_ = true;
  return interrupted_ || exhausted_;
}

bool Evaluator::meets(const Evaluation& evaluation) const {
  if (options_.max_error && !(evaluation.bound <= *options_.max_error * (1 - kSlack))) return false;
  return !options_.certify_share || (evaluation.share && *evaluation.share >= *options_.certify_share);
}

Result<BoxAnalysis> Evaluator::analyze_known(const FormatAssignment& formats) {
  if (!real_) {
    auto real = real_ranges(graph_, *input_.box, fast_);
    if (!real) return fail(real.error());
    real_ = *std::move(real);
  }
  AnalyzeOptions options = fast_;
  options.known_ranges = &*real_;
  return analyze_box(graph_, formats, *input_.box, options);
}

Evaluation Evaluator::of_box(BoxAnalysis analysis) const {
  Evaluation evaluation{.bound = analysis.max_error,
                        .share = std::nullopt,
                        .contributions = std::move(analysis.contributions),
                        .overflows = std::move(analysis.overflows),
                        .proved = {},
                        .bounds = {}};
  evaluation.met = meets(evaluation);
  return evaluation;
}

Result<Evaluation> Evaluator::over_data(const FormatAssignment& formats, const DataSet& data, std::size_t proved_elsewhere,
                                        std::size_t total, const AnalyzeOptions& options) {
  auto analysis = analyze_data(graph_, formats, data, {.analyze = options, .simulate = false, .stop_below_share = std::nullopt});
  if (!analysis) return fail(analysis.error());
  Evaluation evaluation{.bound = analysis->max_bound,
                        .share = std::nullopt,
                        .contributions = std::move(analysis->contributions),
                        .overflows = std::move(analysis->overflows),
                        .proved = {},
                        .bounds = {}};
  std::size_t proved = proved_elsewhere;
  for (const SampleVerdict& verdict : analysis->samples) {
    proved += verdict.argmax_proved ? 1 : 0;
    evaluation.proved.push_back(verdict.argmax_proved);
    evaluation.bounds.push_back(verdict.error_bound);
  }
  evaluation.share = total > 0 ? static_cast<double>(proved) / static_cast<double>(total) : 0;
  evaluation.met = meets(evaluation);
  return evaluation;
}

Result<Evaluation> Evaluator::prove(const FormatAssignment& formats) {
  ++evaluations_;
  if (!input_.box) return over_data(formats, *input_.data, 0, input_.data->samples.size(), fast_);
  auto analysis = analyze_known(formats);
  if (!analysis) return fail(analysis.error());
  return of_box(*std::move(analysis));
}

Result<Evaluation> Evaluator::confirm(const FormatAssignment& formats) {
  ++evaluations_;
  AnalyzeOptions options = options_.analyze;
  options.layer_errors = false;
  options.known_ranges = nullptr;
  if (!input_.box) return over_data(formats, *input_.data, 0, input_.data->samples.size(), options);
  auto analysis = analyze_box(graph_, formats, *input_.box, options);
  if (!analysis) return fail(analysis.error());
  return of_box(*std::move(analysis));
}

Result<Evaluation> Evaluator::probe(const FormatAssignment& formats) {
  if (!focused_) return prove(formats);
  ++evaluations_;
  return over_data(formats, *focused_, proved_elsewhere_, input_.data->samples.size(), fast_);
}

void Evaluator::focus(const std::vector<std::size_t>& samples, std::size_t proved_elsewhere) {
  DataSet subset{.samples = {}, .labels = {}, .radius = input_.data->radius};
  for (const std::size_t i : samples) {
    subset.samples.push_back(input_.data->samples[i]);
    if (i < input_.data->labels.size()) subset.labels.push_back(input_.data->labels[i]);
  }
  focused_ = std::move(subset);
  proved_elsewhere_ = proved_elsewhere;
}

Result<std::vector<Interval>> Evaluator::ranges(const FormatAssignment& formats) {
  ++evaluations_;
  std::vector<Interval> result(graph_.nodes.size());
  const auto collect = [&](const std::vector<NodeBounds>& nodes) {
    for (std::size_t i = 0; i < nodes.size() && i < result.size(); ++i) result[i] = hull_of(nodes[i]);
  };
  if (input_.box) {
    auto analysis = analyze_known(formats);
    if (!analysis) return fail(analysis.error());
    collect(analysis->nodes);
    return result;
  }
  auto analysis = analyze_data(graph_, formats, *input_.data, {.analyze = fast_, .simulate = false, .stop_below_share = std::nullopt});
  if (!analysis) return fail(analysis.error());
  collect(analysis->hull);
  return result;
}

}  // namespace halfulp
