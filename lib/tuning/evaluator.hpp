// Asks the analysis and the simulator about assignments, over the box or over samples, and counts what that uses up. Answers are pure
// functions of the question; they are remembered, kept in a journal, and computed by whoever `workers` has.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <vector>

#include "goals.hpp"
#include "journal.hpp"
#include "margins.hpp"
#include "stages.hpp"

namespace halfulp {

struct OneOutput {
  OneOutput(const LoweredGraph& whole, std::size_t output);
  std::unique_ptr<Graph> graph;
  LoweredGraph lowered;
};

class Evaluator {
 public:
  Evaluator(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options);

  // Opens the journal, and measures the real network on the data where a goal asks for it.
  Result<void> start();
  // Instead of start(): goes on with the answers and the journal of another evaluator of the same graph and input.
  void adopt(Evaluator&& earlier);
  // Over the whole input set.
  Result<Evaluation> prove(const FormatAssignment& formats);
  // The same verdict with less work where it is no: samples are asked about hardest first (order_samples_by), and only until it is clear that
  // the requirement fails. Numbers are then of those samples, and `load` is a lower bound of the whole set's.
  Result<Evaluation> probe(const FormatAssignment& formats);
  // What the hardest samples alone say: to compare assignments by, not to accept one.
  Result<Evaluation> sketch(const FormatAssignment& formats);
  // As probe(), several at once.
  Result<std::vector<Evaluation>> probe_all(const std::vector<FormatAssignment>& candidates);
  // These may be asked for next: computed now if workers would idle otherwise. Changes nothing but time.
  Result<void> foresee(const std::vector<FormatAssignment>& candidates);
  // How many candidates are worth foreseeing at once; 1: none.
  std::size_t foresight() const;
  // From scratch, as `check` will find it: with MPFR if that is affordable, else with the engine the caller asked for. (prove() and
  // probe() use the fast engine and ranges of the real network that they have proved before.)
  Result<Evaluation> confirm(const FormatAssignment& formats, Engine engine);
  Engine affordable_engine() const;
  // Probes ask in stages from now on. `complete`: what prove() says of some assignment near the requirement.
  void order_samples_by(const Evaluation& complete);
  // Bounds of each node's values, real and deployed, in one interval.
  Result<std::vector<Interval>> ranges(const FormatAssignment& formats);

  Judge judge() const { return {graph_, options_, real_accuracy_}; }
  bool bounds_all() const;  // the analysis covers the whole input set, not only guides for the search
  double real_accuracy() const { return real_accuracy_; }
  bool stopped();  // interrupted, or a limit reached
  bool interrupted() const { return interrupted_; }
  bool exhausted() const { return exhausted_; }
  std::int64_t evaluations() const { return static_cast<std::int64_t>(asked_.size()); }
  std::int64_t simulator_runs() const { return options_.observes() ? evaluations() : 0; }
  std::int64_t resumed() const { return resumed_; }
  double seconds() const;

 private:
  enum class Scope : std::uint8_t { kAll, kStage, kConfirm };
  struct Question {
    const FormatAssignment* formats = nullptr;
    Scope scope = Scope::kAll;
    Engine engine = Engine::kFast;
    const std::vector<std::size_t>* samples = nullptr;  // of a stage
  };

  Result<void> open_journal();
  std::string key_of(const Question& question) const;
  Result<void> answer(const std::vector<Question>& questions);
  Result<Evaluation> ask(const Question& question);
  Result<Evaluation> look_up(const Question& question);
  void count(const Question& question, bool known);
  Result<Evaluation> probe_in_stages(const FormatAssignment& formats);
  void judge_part(Evaluation& evaluation, std::size_t samples) const;
  std::size_t groups(const Question& question) const;
  const std::vector<std::size_t>& samples_of(const Question& question) const { return question.samples ? *question.samples : everything_; }
  // Of every groups-th sample from `group` on; an answer, or an error in text.
  std::string compute(const Question& question, std::size_t group, std::size_t group_count) const;
  Result<Evaluation> of_box(const Question& question) const;
  Result<Evaluation> of_samples(const Question& question, const std::vector<std::size_t>& samples, bool first_group) const;
  Result<void> simulate(const FormatAssignment& formats, const std::vector<std::size_t>& samples, Evaluation& evaluation) const;
  Result<void> prepare_real_ranges();
  AnalyzeOptions options_of(const Question& question) const;
  // Of an evaluation of so many samples, the others taken as kept.
  std::optional<ShareOfSamples> share_of(std::size_t samples) const;
  DataSet subset(const std::vector<std::size_t>& samples) const;
  bool is_guide(std::size_t sample) const;

  const LoweredGraph& graph_;
  const TuneInput& input_;
  const TuneOptions& options_;
  std::unique_ptr<Workers> own_workers_;  // where the caller gave none
  Workers& workers_;
  Journal journal_;
  Answers answers_;
  std::set<std::string> asked_;
  std::optional<RealRanges> real_;
  std::vector<OneOutput> one_outputs_;  // of the goals that limit one output each, over the box
  std::vector<std::vector<std::vector<double>>> reference_;  // outputs of the real network, a sample
  double real_accuracy_ = 0;
  std::vector<std::size_t> everything_;
  Stages stages_;
  std::map<std::string, Evaluation> probed_;  // in stages, by the formats' spelling
  std::int64_t resumed_ = 0;
  bool interrupted_ = false, exhausted_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace halfulp
