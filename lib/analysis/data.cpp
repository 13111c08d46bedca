// Data-set mode: every sample (or the ball around it) is one input set; the argmax is certified on logit differences.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <thread>

#include "box.hpp"
#include "data_part.hpp"
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

// What is proved of the argmax.
struct Argmax {
  bool proved = false;
  double use = 0;
  std::vector<Contribution> contributions = {};
};

// The share of a margin that a difference of it takes, rounded up; at most 1 does not prove it: the sum of both does.
double use_of(double margin, double difference) {
  if (!(margin > 0)) return std::numeric_limits<double>::infinity();
  return difference < 0 ? std::nextafter(-difference / margin, std::numeric_limits<double>::infinity()) : 0;
}

// Proved: real margin + difference of the margin > 0 for every rival, over the whole input set.
template <typename I>
class ArgmaxProof {
 public:
  ArgmaxProof(const Prepared& prepared, ForwardResult<I>& forward, NodeId output, std::size_t winner, bool point)
      : prepared_(prepared), forward_(forward), output_(output), state_(at(forward.states, output)), winner_(winner), point_(point) {}

  // With `every_rival`, those that cheap bounds settle are bounded too, for the use of the margins.
  Argmax run(bool every_rival) {
    std::vector<std::size_t> rivals;
    for (std::size_t j = 0; j < state_.real.size(); ++j) {
      if (j == winner_) continue;
      const double margin = lower(state_.real[winner_] - state_.real[j]);
      if (point_ && !(margin > 0)) return {.use = std::numeric_limits<double>::infinity()};  // the real class itself is not unique within its enclosure
      if (every_rival || !(add_down(margin, cheap(j)) > 0)) rivals.push_back(j);
    }
    Argmax argmax{.proved = true};
    if (!rivals.empty()) bound(rivals, every_rival, argmax);
    return argmax;
  }

 private:
  double cheap(std::size_t rival) const { return (state_.error[winner_] - state_.error[rival]).lo; }

  std::vector<I> margins_of(const std::vector<std::size_t>& rivals, const std::vector<I>& rows) {
    if (!point_) return backward_ranges(prepared_, forward_.states, output_, rows, static_cast<std::int64_t>(rivals.size()), forward_.relaxations);
    std::vector<I> margins;
    for (const std::size_t j : rivals) margins.push_back(state_.real[winner_] - state_.real[j]);
    return margins;
  }

  void bound(const std::vector<std::size_t>& rivals, bool with_ledger, Argmax& argmax) {
    const auto rows = margin_rows<I>(state_.real.size(), winner_, rivals);
    const auto margins = margins_of(rivals, rows);
    Ledger ledger;
    const auto differences = difference_bounds(prepared_, forward_.states, output_, rows, static_cast<std::int64_t>(rivals.size()), true,
                                               with_ledger ? &ledger : nullptr);
    std::size_t worst = 0;
    argmax.use = -1;
    for (std::size_t row = 0; row < rivals.size(); ++row) {
      const double margin = lower(margins[row]), difference = std::max(differences[row].lo, cheap(rivals[row]));
      argmax.proved = argmax.proved && margin > 0 && add_down(margin, difference) > 0;
      const double use = use_of(margin, difference);
      if (use > argmax.use) {
        argmax.use = use;
        worst = row;
      }
    }
    for (const Ledger::Entry& entry : ledger.entries) {
      const double amount = entry.amount[worst] / lower(margins[worst]);
      if (amount > 0 && std::isfinite(amount)) argmax.contributions.push_back({entry.node, entry.role, amount});
    }
  }

  const Prepared& prepared_;
  ForwardResult<I>& forward_;
  const NodeId output_;
  const NodeState<I>& state_;
  const std::size_t winner_;
  const bool point_;
};

// Samples first, first + step, ... on some threads.
class DataRun {
 public:
  DataRun(const LoweredGraph& graph, const Prepared& prepared, const Simulator* simulator, const DataSet& data,
          const DataAnalyzeOptions& options, std::size_t first, std::size_t step)
      : graph_(graph), prepared_(prepared), simulator_(simulator), data_(data), options_(options), finishing_(options.analyze), step_(step),
        next_(first) {
    part_.hull.resize(graph.nodes.size());
    if (!options.output_bounds) finishing_.method = Method::kInterval;
  }

  DataPart run() {
    // MPFR's working precision is process-wide, its computations independent: samples may run in threads with either engine.
    std::vector<std::thread> workers;
    const unsigned threads = std::max(1U, options_.threads);
    for (unsigned t = 1; t < threads; ++t) workers.emplace_back([this] { work(); });
    work();
    for (std::thread& worker : workers) worker.join();
    return std::move(part_);
  }

 private:
  void work() {
    for (;;) {
      const std::size_t i = next_.fetch_add(step_);
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
    auto contributions = bound_outputs(prepared_, forward, finishing_);  // before the argmax, whose rivals they may exclude
    Argmax argmax = ArgmaxProof<I>(prepared_, forward, output, static_cast<std::size_t>(verdict.real_class), data_.radius == 0).run(options_.margins);
    verdict.argmax_proved = argmax.proved;
    verdict.margin_use = argmax.use;
    verdict.margin_contributions = std::move(argmax.contributions);
    BoxAnalysis analysis = collect_box(prepared_, std::move(forward), std::move(contributions));
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
      stop_ = true;  // samples are handed out in order: all before this one have been started, and will end
      if (part_.failed_sample < i) return;
      part_.failed_sample = i;
      part_.error = outputs.error();
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
    missed_ += verdict.argmax_proved ? 0 : 1;
    if (options_.stop_below_share) {
      const double possible = 1.0 - static_cast<double>(missed_) / static_cast<double>(data_.samples.size());
      if (possible < *options_.stop_below_share) stop_ = true;
    }
    DataPart one;
    one.done = {i};
    one.verdicts = {verdict};
    one.hull = std::move(analysis.nodes);
    one.overflows = std::move(analysis.overflows);
    one.contributions = std::move(analysis.contributions);
    one.max_bound = verdict.error_bound;
    one.worst_sample = i;
    merge_part(part_, std::move(one));
  }

  const LoweredGraph& graph_;
  const Prepared& prepared_;
  const Simulator* simulator_;
  const DataSet& data_;
  const DataAnalyzeOptions& options_;
  AnalyzeOptions finishing_;  // of the bounds of the outputs
  std::size_t step_;
  std::atomic<std::size_t> next_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  DataPart part_;
  std::size_t missed_ = 0;
};

DataAnalysis summary(DataPart&& part, std::size_t samples) {
  DataAnalysis result;
  result.samples.resize(samples);
  for (std::size_t k = 0; k < part.done.size(); ++k) result.samples[part.done[k]] = part.verdicts[k];
  result.hull = std::move(part.hull);
  result.overflows = std::move(part.overflows);
  result.contributions = std::move(part.contributions);
  result.max_bound = part.max_bound;
  const double count = static_cast<double>(std::max<std::size_t>(1, samples));
  double sum = 0;
  std::size_t proved = 0, observed = 0;
  for (const SampleVerdict& verdict : result.samples) {
    proved += verdict.argmax_proved ? 1 : 0;
    observed += verdict.argmax_observed ? 1 : 0;
    sum += verdict.error_bound;
    result.max_observed_error = std::max(result.max_observed_error, verdict.observed_error);
  }
  result.proved_share = static_cast<double>(proved) / count;
  result.observed_share = static_cast<double>(observed) / count;
  result.mean_bound = sum / count;
  std::sort(result.overflows.begin(), result.overflows.end(), [](const OverflowPlace& a, const OverflowPlace& b) {
    return a.node != b.node ? a.node < b.node : a.role < b.role;
  });
  return result;
}

// Each process its share of the samples; all know everything in the end.
Result<DataPart> all_parts(Workers* workers, const std::function<DataPart(std::size_t first, std::size_t step)>& run) {
  const std::size_t processes = workers != nullptr ? workers->processes() : 1;
  if (processes == 1) return run(0, 1);
  const auto answers = workers->map(processes, [&](std::size_t process) { return encode_part(run(process, processes)); });
  DataPart all;
  for (const std::string& answer : answers) {
    auto part = decode_part(answer);
    if (!part) return fail("E0605", "a process sent an answer that cannot be read", {}, {"run the same program in all processes"});
    merge_part(all, *std::move(part));
  }
  return all;
}

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
  const auto start = std::chrono::steady_clock::now();
  auto part = all_parts(options.workers, [&](std::size_t first, std::size_t step) {
    return DataRun(graph, *prepared, simulator ? &*simulator : nullptr, data, options, first, step).run();
  });
  if (!part) return fail(part.error());
  if (part->failed_sample != kNoSample) return fail(part->error);
  DataAnalysis result = summary(*std::move(part), data.samples.size());
  result.seconds = seconds_since(start);
  return result;
}

}  // namespace halfulp
