// Data-set mode: every sample (or the ball around it) is one input set; the argmax is certified on logit differences.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <thread>

#include "box.hpp"
#include "point_values.hpp"
#include "halfulp/simulate/simulate.hpp"

namespace halfulp {
namespace {

constexpr double kSharpReference = 1e-6;  // width against the largest value, of what simulation is compared with

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The class with the largest midpoint; whether it is the real class everywhere is proved by the margins.
std::int64_t leading_class(const std::vector<Interval>& logits) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i) {
    if (midpoint(logits[i]) > midpoint(logits[best])) best = i;
  }
  return static_cast<std::int64_t>(best);
}

// Rows e_c - e_j for every j that cheap bounds leave open.
template <typename I>
std::vector<I> margin_rows(std::size_t size, std::size_t winner, const std::vector<std::size_t>& rivals) {
  std::vector<I> rows(size * rivals.size(), I(0.0));
  for (std::size_t row = 0; row < rivals.size(); ++row) {
    rows[row * size + winner] = I(1.0);
    rows[row * size + rivals[row]] = I(-1.0);
  }
  return rows;
}

// Proved: real margin + difference of the margin > 0 for every rival, over the whole input set.
template <typename I>
bool prove_argmax(const Prepared& prepared, ForwardResult<I>& forward, NodeId output, std::size_t winner, bool point) {
  const NodeState<I>& state = at(forward.states, output);
  std::vector<std::size_t> rivals;
  for (std::size_t j = 0; j < state.real.size(); ++j) {
    if (j == winner) continue;
    const I margin = state.real[winner] - state.real[j];
    if (point && !(lower(margin) > 0)) return false;  // the real class itself is not unique within its enclosure
    const Interval difference = state.error[winner] - state.error[j];
    if (!(add_down(lower(margin), difference.lo) > 0)) rivals.push_back(j);
  }
  if (rivals.empty()) return true;
  const auto rows = margin_rows<I>(state.real.size(), winner, rivals);
  const auto count = static_cast<std::int64_t>(rivals.size());
  std::vector<I> margins;
  if (point) {
    for (const std::size_t j : rivals) margins.push_back(state.real[winner] - state.real[j]);
  } else {
    margins = backward_ranges(prepared, forward.states, output, rows, count, forward.relaxations);
  }
  const auto differences = difference_bounds(prepared, forward.states, output, rows, count, true);
  for (std::size_t row = 0; row < rivals.size(); ++row) {
    if (!(lower(margins[row]) > 0) || !(add_down(lower(margins[row]), differences[row].lo) > 0)) return false;
  }
  return true;
}

class DataRun {
 public:
  DataRun(const LoweredGraph& graph, const Prepared& prepared, const Simulator* simulator, const DataSet& data,
          const DataAnalyzeOptions& options)
      : graph_(graph), prepared_(prepared), simulator_(simulator), data_(data), options_(options) {
    result_.samples.resize(data.samples.size());
    result_.hull.resize(graph.nodes.size());
  }

  Result<DataAnalysis> run() {
    const auto start = std::chrono::steady_clock::now();
    // MPFR's working precision is process-wide, its computations independent: samples may run in threads with either engine.
    std::vector<std::thread> workers;
    const unsigned threads = std::max(1U, options_.threads);
    for (unsigned t = 1; t < threads; ++t) workers.emplace_back([this] { work(); });
    work();
    for (std::thread& worker : workers) worker.join();
    if (error_) return fail(*error_);
    summarise();
    result_.seconds = seconds_since(start);
    return std::move(result_);
  }

 private:
  void work() {
    for (;;) {
      const std::size_t i = next_.fetch_add(1);
      if (i >= data_.samples.size() || stop_.load()) return;
      if (options_.analyze.engine == Engine::kMpfr) one<MpInterval>(i);
      else one<Interval>(i);
    }
  }

  template <typename I>
  void one(std::size_t i) {
    const auto start = std::chrono::steady_clock::now();
    SampleVerdict verdict;
    const NodeId output = graph_.graph->outputs[options_.output];
    ForwardResult<I> forward = forward_pass<I>(prepared_, ball(data_.samples[i], data_.radius), options_.analyze);
    std::vector<Interval> logits;
    for (const I& x : at(forward.states, output).real) logits.push_back(to_double(x));
    // Deep networks: enclosures too wide to say anything are no reference to observe against; plain float64 is.
    const bool sharp = data_.radius == 0 && is_sharp(logits, kSharpReference);
    std::optional<std::vector<std::vector<double>>> reference;
    if (!sharp) {
      reference = run_float(graph_, data_.samples[i]);
      logits.assign((*reference)[options_.output].begin(), (*reference)[options_.output].end());
    }
    verdict.real_class = leading_class(logits);
    verdict.argmax_proved =
        prove_argmax(prepared_, forward, output, static_cast<std::size_t>(verdict.real_class), data_.radius == 0);
    BoxAnalysis analysis = finish_box(prepared_, std::move(forward), options_.analyze);
    verdict.error_bound = analysis.max_error;
    if (simulator_ != nullptr) observe(i, analysis, reference, verdict);
    verdict.seconds = seconds_since(start);
    merge(i, verdict, std::move(analysis));
  }

  void observe(std::size_t i, const BoxAnalysis& analysis, const std::optional<std::vector<std::vector<double>>>& centre,
               SampleVerdict& verdict) {
    auto outputs = simulator_->run(data_.samples[i], i);
    if (!outputs) {
      const std::lock_guard lock(mutex_);
      error_ = outputs.error();
      stop_ = true;
      return;
    }
    for (std::size_t o = 0; o < outputs->size(); ++o) {
      const auto& real = analysis.nodes[static_cast<std::size_t>(graph_.graph->outputs[o])].real;
      for (std::size_t e = 0; e < real.size(); ++e) {
        const Expansion& y = (*outputs)[o][e];
        const Interval value = Interval(y.part[0]) + Interval(y.part[1]) + Interval(y.part[2]);
        const Interval reference = centre ? Interval((*centre)[o][e]) : real[e];
        verdict.observed_error = std::max(verdict.observed_error, mignitude(value - reference));
      }
    }
    const auto& logits = (*outputs)[options_.output];
    std::size_t best = 0;
    for (std::size_t e = 1; e < logits.size(); ++e) {
      if (logits[e].part[0] > logits[best].part[0] ||
          (logits[e].part[0] == logits[best].part[0] && logits[e].part[1] > logits[best].part[1])) {
        best = e;
      }
    }
    verdict.argmax_observed = verdict.real_class == static_cast<std::int64_t>(best);
  }

  void merge(std::size_t i, const SampleVerdict& verdict, BoxAnalysis&& analysis) {
    const std::lock_guard lock(mutex_);
    result_.samples[i] = verdict;
    missed_ += verdict.argmax_proved ? 0 : 1;
    if (options_.stop_below_share) {
      const double possible = 1.0 - static_cast<double>(missed_) / static_cast<double>(data_.samples.size());
      if (possible < *options_.stop_below_share) stop_ = true;
    }
    for (const OverflowPlace& place : analysis.overflows) add_overflow(result_.overflows, place);
    if (verdict.error_bound > result_.max_bound || (verdict.error_bound == result_.max_bound && i < worst_sample_)) {
      result_.max_bound = verdict.error_bound;
      result_.contributions = std::move(analysis.contributions);
      worst_sample_ = i;
    }
    for (std::size_t n = 0; n < analysis.nodes.size(); ++n) merge_bounds(result_.hull[n], std::move(analysis.nodes[n]));
  }

  static void merge_bounds(NodeBounds& into, NodeBounds&& from) {
    if (into.real.empty()) {
      into = std::move(from);
      return;
    }
    for (std::size_t e = 0; e < into.real.size(); ++e) into.real[e] = hull(into.real[e], from.real[e]);
    for (std::size_t e = 0; e < into.deployed.size(); ++e) into.deployed[e] = hull(into.deployed[e], from.deployed[e]);
    for (std::size_t e = 0; e < into.error.size(); ++e) into.error[e] = hull(into.error[e], from.error[e]);
  }

  void summarise() {
    const double count = static_cast<double>(std::max<std::size_t>(1, result_.samples.size()));
    double sum = 0;
    std::size_t proved = 0, observed = 0;
    for (const SampleVerdict& verdict : result_.samples) {
      proved += verdict.argmax_proved ? 1 : 0;
      observed += verdict.argmax_observed ? 1 : 0;
      sum += verdict.error_bound;
      result_.max_observed_error = std::max(result_.max_observed_error, verdict.observed_error);
    }
    result_.proved_share = static_cast<double>(proved) / count;
    result_.observed_share = static_cast<double>(observed) / count;
    result_.mean_bound = sum / count;
    std::sort(result_.overflows.begin(), result_.overflows.end(), [](const OverflowPlace& a, const OverflowPlace& b) {
      return a.node != b.node ? a.node < b.node : a.role < b.role;
    });
  }

  const LoweredGraph& graph_;
  const Prepared& prepared_;
  const Simulator* simulator_;
  const DataSet& data_;
  const DataAnalyzeOptions& options_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  DataAnalysis result_;
  std::optional<Diagnostic> error_;
  std::size_t missed_ = 0, worst_sample_ = 0;
};

}  // namespace

InputBox ball(const std::vector<std::vector<double>>& sample, double radius) {
  InputBox box;
  for (const auto& input : sample) {
    auto& elements = box.emplace_back();
    for (const double x : input) elements.push_back(radius == 0 ? Interval(x) : Interval(x) + Interval(-radius, radius));
  }
  return box;
}

Result<DataAnalysis> analyze_data(const LoweredGraph& graph, const FormatAssignment& formats, const DataSet& data,
                                  const DataAnalyzeOptions& options) {
  if (data.samples.empty()) return fail("E0603", "the data set holds no sample");
  for (const auto& sample : data.samples) {
    if (auto valid = check_box(graph, ball(sample, 0)); !valid) return fail(valid.error());
  }
  if (options.output >= graph.graph->outputs.size()) return fail("E0604", "the network has no such output");
  auto prepared = prepare(graph, formats);
  if (!prepared) return fail(prepared.error());
  set_working_precision(options.analyze.engine == Engine::kMpfr ? options.analyze.bits : kPointBits);
  std::optional<Simulator> simulator;
  if (options.simulate) {
    auto created = Simulator::create(graph, formats);
    if (!created) return fail(created.error());
    simulator = *std::move(created);
  }
  return DataRun(graph, *prepared, simulator ? &*simulator : nullptr, data, options).run();
}

}  // namespace halfulp
