// Questions and answers: keys, memory, journal, budgets. What is computed for an answer is in answers.cpp.
#include "evaluator.hpp"

#include <algorithm>
#include <numeric>

#include "halfulp/support/hash.hpp"
#include "halfulp/support/text.hpp"
#include "parts.hpp"

namespace halfulp {
namespace {

// Multiply-adds of one analysis up to which MPFR takes seconds at most.
constexpr double kMpfrWork = 3e6;

std::unique_ptr<Workers> own_if_missing(Workers* given) { return given ? nullptr : make_workers(1); }

// Every format, role by role, of the nodes that have any.
std::string spelling(const FormatAssignment& formats) {
  std::string text;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const NodeFormats& node = formats[i];
    std::string roles;
    for (const auto* format : {&node.weight, &node.bias, &node.product, &node.accumulator, &node.output, &node.input}) {
      roles += *format ? (*format)->name + "," : ",";
    }
    if (roles.size() == 6) continue;
    text += std::to_string(i) + ":" + roles + std::to_string(static_cast<int>(node.order.kind)) + "/" + std::to_string(node.order.block) + ";";
  }
  return text;
}

}  // namespace

Evaluator::Evaluator(const LoweredGraph& graph, const TuneInput& input, const TuneOptions& options)
    : graph_(graph), input_(input), options_(options), own_workers_(own_if_missing(options.workers)),
      workers_(options.workers ? *options.workers : *own_workers_), start_(std::chrono::steady_clock::now()) {
  if (input.box && options.output_errors.size() > 1) {
    for (const auto& [output, limit] : options.output_errors) one_outputs_.emplace_back(graph, output);
  }
  if (!input.data) return;
  everything_.resize(input.data->samples.size());
  std::iota(everything_.begin(), everything_.end(), 0);
}

double Evaluator::seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

// Only rank 0 touches the file; the answers in it, or why there are none, are known everywhere.
Result<void> Evaluator::open_journal() {
  std::string text;
  if (workers_.rank() == 0) {
    Result<Answers> answers = options_.resume ? read_journal(options_.journal, options_.run_id) : Answers{};
    auto journal = answers ? Journal::open(options_.journal, options_.run_id, !answers->empty()) : Result<Journal>(fail(answers.error()));
    if (journal) {
      journal_ = *std::move(journal);
      for (const auto& [key, answer] : *answers) text += key + answer + "\n";
    } else {
      text = error_text(journal.error());
    }
  }
  auto shared = shared_answers(workers_.agree(std::move(text)));
  if (!shared) return fail(shared.error());
  answers_ = *std::move(shared);
  return {};
}

Result<void> Evaluator::start() {
  if (!options_.journal.empty()) {
    if (auto opened = open_journal(); !opened) return opened;
  }
  if (!options_.observes()) return {};
  reference_ = real_outputs(graph_, *input_.data);
  Evaluation real;
  for (std::size_t i = 0; i < input_.data->labels.size(); ++i) {
    real.right.push_back(static_cast<std::int64_t>(leading(reference_[i].front())) == input_.data->labels[i]);
  }
  real_accuracy_ = accuracy_of(real);
  return {};
}

void Evaluator::adopt(Evaluator&& earlier) {
  answers_ = std::move(earlier.answers_);
  journal_ = std::move(earlier.journal_);
  real_ = std::move(earlier.real_);
  reference_ = std::move(earlier.reference_);
  real_accuracy_ = earlier.real_accuracy_;
  start_ = earlier.start_;
}

bool Evaluator::stopped() {
  const bool interrupted = options_.interrupted && options_.interrupted();
  const bool late = seconds() >= options_.time_limit_seconds;
  const std::string verdict = workers_.agree(std::string(interrupted ? "i" : "") + (late ? "t" : ""));
  if (verdict.find('i') != std::string::npos) interrupted_ = true;
  if (verdict.find('t') != std::string::npos || evaluations() >= options_.evaluation_limit) exhausted_ = true;
  return interrupted_ || exhausted_;
}

bool Evaluator::bounds_all() const { return input_.box.has_value() || options_.proves(); }

std::string Evaluator::key_of(const Question& question) const {
  std::string text = question.scope == Scope::kConfirm ? "confirm" : "probe";
  if (question.scope == Scope::kConfirm) text += question.engine == Engine::kMpfr ? std::to_string(options_.analyze.bits) : "fast";
  text += " method " + std::to_string(static_cast<int>(options_.analyze.method));
  if (options_.max_relative_error) text += " relative";
  for (const auto& [output, limit] : options_.output_errors) text += " output " + std::to_string(output) + " " + shortest(limit);
  if (options_.observes()) text += " simulated";
  if (!bounds_all()) text += " guided";
  if (options_.certify_share) text += " share " + shortest(*options_.certify_share);
  if (question.samples) {
    for (const std::size_t sample : *question.samples) text += " " + std::to_string(sample);
  }
  return sha256(text + "\n" + spelling(*question.formats));
}

std::size_t Evaluator::groups(const Question& question) const {
  if (input_.box) return 1;
  return std::clamp<std::size_t>(samples_of(question).size(), 1, workers_.slots());
}

Result<void> Evaluator::prepare_real_ranges() {
  if (!input_.box || real_) return {};
  AnalyzeOptions options = options_.analyze;
  options.engine = Engine::kFast;
  options.layer_errors = false;
  auto real = real_ranges(graph_, *input_.box, options);
  if (!real) return fail(real.error());
  real_ = *std::move(real);
  return {};
}

// Computes what is not known yet; group by group of samples, so that one question keeps all workers busy.
Result<void> Evaluator::answer(const std::vector<Question>& questions) {
  struct Job {
    const Question* question;
    std::size_t group, count;
  };
  std::vector<Job> jobs;
  std::vector<std::string> keys;
  std::vector<const Question*> open;
  for (const Question& question : questions) {
    const std::string key = key_of(question);
    if (answers_.contains(key) || std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    keys.push_back(key);
    open.push_back(&question);
    const std::size_t count = groups(question);
    for (std::size_t group = 0; group < count; ++group) jobs.push_back({&question, group, count});
  }
  if (open.empty()) return {};
  if (auto ready = prepare_real_ranges(); !ready) return ready;
  const auto texts = workers_.map(jobs.size(), [&](std::size_t i) { return compute(*jobs[i].question, jobs[i].group, jobs[i].count); });
  std::size_t at = 0;
  for (std::size_t q = 0; q < open.size(); ++q) {
    const std::size_t count = groups(*open[q]);
    auto merged = merge_parts({texts.begin() + static_cast<std::ptrdiff_t>(at), texts.begin() + static_cast<std::ptrdiff_t>(at + count)}, share_of(samples_of(*open[q]).size()));
    if (!merged) return fail(merged.error());
    at += count;
    journal_.add(keys[q], *merged);
    answers_.emplace(keys[q], *std::move(merged));
  }
  return {};
}

std::optional<ShareOfSamples> Evaluator::share_of(std::size_t samples) const {
  if (!options_.certify_share) return std::nullopt;
  return ShareOfSamples{.share = *options_.certify_share, .total = everything_.size(), .kept_elsewhere = everything_.size() - samples};
}

void Evaluator::judge_part(Evaluation& evaluation, std::size_t samples) const {
  judge().judge(evaluation, everything_.size() - samples, bounds_all() ? everything_.size() : 0);
}

void Evaluator::count(const Question& question, bool known) {
  if (asked_.insert(key_of(question)).second && known) ++resumed_;
}

Result<Evaluation> Evaluator::look_up(const Question& question) {
  if (auto done = answer({question}); !done) return fail(done.error());
  auto evaluation = evaluation_of(answers_.at(key_of(question)));
  if (!evaluation) return fail("E0803", "the journal holds an answer that does not read", options_.journal);
  return *std::move(evaluation);
}

Result<Evaluation> Evaluator::ask(const Question& question) {
  const bool known = answers_.contains(key_of(question));
  auto evaluation = look_up(question);
  if (!evaluation) return fail(evaluation.error());
  count(question, known);
  judge_part(*evaluation, everything_.size());
  return evaluation;
}

// An evaluation counts once, however many stages it took.
Result<Evaluation> Evaluator::probe_in_stages(const FormatAssignment& formats) {
  const std::string name = spelling(formats);
  if (const auto known = probed_.find(name); known != probed_.end()) return known->second;
  Assembly assembly;
  Evaluation verdict;
  for (std::size_t stage = 0; stage < stages_.count(); ++stage) {
    const auto samples = stages_.samples(stage);
    const Question question{.formats = &formats, .scope = Scope::kStage, .samples = &samples};
    const bool known = answers_.contains(key_of(question));
    auto part = look_up(question);
    if (!part) return fail(part.error());
    if (stage == 0) count(question, known);
    assembly.add(samples, *std::move(part));
    verdict = assembly.so_far();
    if (const auto share = share_of(assembly.samples())) scale_margins(*share, verdict);
    judge_part(verdict, assembly.samples());
    if (!verdict.met) break;
  }
  if (assembly.samples() == everything_.size()) {
    Evaluation complete = assembly.complete();
    if (const auto share = share_of(assembly.samples())) scale_margins(*share, complete);
    judge_part(complete, assembly.samples());
    verdict = std::move(complete);
  }
  if (verdict.met) stages_.order_by(verdict, options_);
  probed_.emplace(name, verdict);
  return verdict;
}

Result<Evaluation> Evaluator::prove(const FormatAssignment& formats) { return ask({.formats = &formats, .scope = Scope::kAll}); }

Result<Evaluation> Evaluator::probe(const FormatAssignment& formats) {
  return stages_.count() > 0 ? probe_in_stages(formats) : prove(formats);
}

Result<Evaluation> Evaluator::confirm(const FormatAssignment& formats, Engine engine) {
  return ask({.formats = &formats, .scope = Scope::kConfirm, .engine = engine});
}

Result<Evaluation> Evaluator::sketch(const FormatAssignment& formats) {
  if (stages_.count() == 0) return prove(formats);
  const auto samples = stages_.samples(0);
  const Question question{.formats = &formats, .scope = Scope::kStage, .samples = &samples};
  const bool known = answers_.contains(key_of(question));
  auto evaluation = look_up(question);
  if (!evaluation) return fail(evaluation.error());
  count(question, known);
  judge_part(*evaluation, samples.size());
  return evaluation;
}

Result<std::vector<Evaluation>> Evaluator::probe_all(const std::vector<FormatAssignment>& candidates) {
  if (stages_.count() == 0) {
    std::vector<Question> questions;
    for (const FormatAssignment& formats : candidates) questions.push_back({.formats = &formats});
    if (auto done = answer(questions); !done) return fail(done.error());
  }
  std::vector<Evaluation> evaluations;
  for (const FormatAssignment& formats : candidates) {
    auto evaluation = probe(formats);
    if (!evaluation) return fail(evaluation.error());
    evaluations.push_back(*std::move(evaluation));
  }
  return evaluations;
}

std::size_t Evaluator::foresight() const { return input_.box ? workers_.slots() : 1; }

Result<void> Evaluator::foresee(const std::vector<FormatAssignment>& candidates) {
  if (foresight() < 2) return {};
  std::vector<Question> questions;
  for (const FormatAssignment& formats : candidates) questions.push_back({.formats = &formats});
  return answer(questions);
}

Engine Evaluator::affordable_engine() const {
  if (options_.analyze.engine == Engine::kMpfr) return Engine::kMpfr;
  double work = 0;
  for (const LoweredNode& node : graph_.nodes) work += multiply_adds(node);
  const double sets = input_.box ? 1 : static_cast<double>(everything_.size());
  return work * sets <= kMpfrWork ? Engine::kMpfr : Engine::kFast;
}

// Where outputs are simulated, that takes as long for every sample and is not worth the order.
void Evaluator::order_samples_by(const Evaluation& complete) {
  if (input_.data && !options_.observes() && !options_.max_relative_error) stages_.order_by(complete, options_);
}

}  // namespace halfulp
