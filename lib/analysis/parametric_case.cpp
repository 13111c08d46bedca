#include "parametric_case.hpp"

#include <algorithm>
#include <cmath>

#include "point_values.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kMostPairElements = 12;  // all pairs of at most so many elements get an adjoint row of their own
constexpr double kSharp = 1e-6;
constexpr int kSearchedBoxes = 16;

double bound_of(const Interval& x) {
  const double m = magnitude(x);
  return m >= 0 ? m : HUGE_VAL;
}

// Rows e_a - e_b.
std::vector<Interval> difference_rows(std::size_t size, const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
  std::vector<Interval> rows(size * pairs.size(), Interval(0));
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    rows[row * size + pairs[row].first] = Interval(1);
    rows[row * size + pairs[row].second] = Interval(-1);
  }
  return rows;
}

}  // namespace

const Prepared& ParametricRun::open(int p) {
  const auto found = open_.find(p);
  if (found != open_.end()) return found->second;
  if (is_large()) open_.clear();
  return open_.emplace(p, prepare_open(exact_, p, options_.exact_weights)).first->second;
}

ParametricCase::ParametricCase(ParametricRun& run, const InputBox& box) : run_(run) {
  for (const auto& input : box) {
    for (const Interval& x : input) point_ = point_ && x.lo == x.hi;
  }
  set_working_precision(kPointBits);
  if (point_ && run.is_large()) {
    ranges_ = point_values(run.exact(), box);
    RelaxationCache none;
    find_class(nullptr, none);
    return;
  }
  AnalyzeOptions options = run.options().analyze;
  options.engine = Engine::kFast;
  if (options.split_boxes > kSearchedBoxes) options.search_limit = 0;  // another part is worth more than better slopes
  ForwardResult<Interval> forward = forward_pass<Interval>(run.exact(), box, options);
  const bool sharp = !point_ || is_sharp(at(forward.states, run.output()).real, kSharp);
  if (sharp) {
    for (const auto& state : forward.states) ranges_.push_back(state.real);
  } else {
    ranges_ = point_values(run.exact(), box);
  }
  find_class(sharp ? &forward.states : nullptr, forward.relaxations);
}

void ParametricCase::find_class(const States<Interval>* states, RelaxationCache& relaxations) {
  const auto& logits = ranges_[static_cast<std::size_t>(run_.output())];
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i) {
    if (midpoint(logits[i]) > midpoint(logits[best])) best = i;
  }
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  margin_.assign(logits.size(), HUGE_VAL);
  for (std::size_t j = 0; j < logits.size(); ++j) {
    if (j == best) continue;
    margin_[j] = (logits[best] - logits[j]).lo;
    if (!(margin_[j] > 0)) pairs.push_back({best, j});
  }
  if (!pairs.empty() && !point_ && states != nullptr && run_.options().analyze.method != Method::kInterval) {
    const auto margins = backward_ranges(run_.exact(), *states, run_.output(), difference_rows(logits.size(), pairs),
                                         static_cast<std::int64_t>(pairs.size()), relaxations);
    for (std::size_t row = 0; row < pairs.size(); ++row) {
      margin_[pairs[row].second] = std::max(margin_[pairs[row].second], margins[row].lo);
    }
  }
  const bool unique = std::all_of(margin_.begin(), margin_.end(), [](double m) { return m > 0; });
  class_ = unique ? static_cast<std::int64_t>(best) : -1;
}

const CaseRung& ParametricCase::rung(int p) {
  const auto found = rungs_.find(p);
  return found != rungs_.end() ? found->second : rungs_.emplace(p, evaluate(p)).first->second;
}

CaseRung ParametricCase::evaluate(int p) {
  const ParametricOptions& options = run_.options();
  const Prepared& open = run_.open(p);
  const ParametricSettings settings{.p = p, .exact_inputs = options.exact_inputs, .rounded_sums = options.rounded_sums,
                                    .forward_only = options.analyze.method == Method::kInterval,
                                    .work_limit = options.analyze.work_limit};
  States<Interval> states = parametric_pass(open, ranges_, settings);
  CaseRung rung;
  bound_output(open, states, rung);
  rung.difference = pair_bound(open, states, rung);
  bound_relative(open, states, rung, p);
  rung.kept = class_ >= 0 && proves_class(open, states, rung, p);
  return rung;
}

void ParametricCase::bound_output(const Prepared& open, States<Interval>& states, CaseRung& rung) const {
  const NodeId output = run_.output();
  auto& error = states[static_cast<std::size_t>(output)].error;
  std::vector<std::int64_t> elements;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(error.size()); ++i) elements.push_back(i);
  const AnalyzeOptions& options = run_.options().analyze;
  if (options.method == Method::kInterval) elements.clear();
  const double affordable = std::max(1.0, std::floor(options.work_limit / run_.row_work()));
  if (static_cast<double>(elements.size()) > affordable) {
    std::sort(elements.begin(), elements.end(), [&](std::int64_t a, std::int64_t b) {
      return error[static_cast<std::size_t>(a)].hi > error[static_cast<std::size_t>(b)].hi;
    });
    elements.resize(static_cast<std::size_t>(affordable));
  }
  for (const auto& chunk : row_chunks(*open.graph, elements)) {
    const auto bounds = difference_bounds(open, states, output, unit_rows<Interval>(chunk, static_cast<std::int64_t>(error.size())),
                                          static_cast<std::int64_t>(chunk.size()), true);
    for (std::size_t row = 0; row < chunk.size(); ++row) {
      double& limit = error[static_cast<std::size_t>(chunk[row])].hi;
      limit = std::min(limit, bound_of(bounds[row]));
    }
  }
  for (Interval& e : error) {
    e.lo = -e.hi;
    rung.absolute.push_back(e.hi);
    rung.largest = std::max(rung.largest, e.hi);
  }
}

double ParametricCase::pair_bound(const Prepared& open, const States<Interval>& states, const CaseRung& rung) const {
  const std::size_t size = rung.absolute.size();
  std::vector<double> sorted = rung.absolute;
  std::sort(sorted.begin(), sorted.end());
  if (size < 2) return 0;
  const double two_largest = add_up(sorted[size - 1], sorted[size - 2]);
  if (size > kMostPairElements || run_.is_large() || run_.options().analyze.method == Method::kInterval) return two_largest;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = a + 1; b < size; ++b) pairs.push_back({a, b});
  }
  const auto bounds = difference_bounds(open, states, run_.output(), difference_rows(size, pairs), static_cast<std::int64_t>(pairs.size()), true);
  double largest = 0;
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    const double apart = add_up(rung.absolute[pairs[row].first], rung.absolute[pairs[row].second]);
    largest = std::max(largest, std::min(apart, bound_of(bounds[row])));
  }
  return largest;
}

bool ParametricCase::proves_class(const Prepared& open, const States<Interval>& states, const CaseRung& rung, int p) const {
  const double u = std::ldexp(1.0, -p);
  const auto winner = static_cast<std::size_t>(class_);
  std::vector<std::pair<std::size_t, std::size_t>> rivals;
  for (std::size_t j = 0; j < margin_.size(); ++j) {
    if (j == winner) continue;
    const double apart = std::min(add_up(rung.absolute[winner], rung.absolute[j]), margin_.size() <= kMostPairElements ? rung.difference : HUGE_VAL);
    if (!(mul_up(u, apart) < margin_[j])) rivals.push_back({winner, j});
  }
  if (rivals.empty()) return true;
  if (run_.options().analyze.method == Method::kInterval) return false;
  // The closest rivals first: they fail first.
  std::sort(rivals.begin(), rivals.end(), [&](const auto& a, const auto& b) { return margin_[a.second] < margin_[b.second]; });
  std::size_t done = 0;
  while (done < rivals.size()) {
    const std::size_t count = std::min<std::size_t>(done == 0 ? 4 : 64, rivals.size() - done);
    const std::vector<std::pair<std::size_t, std::size_t>> some(rivals.begin() + static_cast<std::ptrdiff_t>(done),
                                                                rivals.begin() + static_cast<std::ptrdiff_t>(done + count));
    const auto bounds = difference_bounds(open, states, run_.output(), difference_rows(margin_.size(), some),
                                          static_cast<std::int64_t>(count), true);
    for (std::size_t row = 0; row < count; ++row) {
      if (!(mul_up(u, bound_of(bounds[row])) < margin_[some[row].second])) return false;
    }
    done += count;
  }
  return true;
}

// Where the output is a softmax: log y^_i - log y_i = sum_j y_j (d_i - d_j) =: t u at some point between (mean value theorem), so the
// relative difference is at most exp(t u) - 1 <= (exp(t u0) - 1) / u0 u by convexity, then one rounding.
void ParametricCase::bound_relative(const Prepared& open, const States<Interval>& states, CaseRung& rung, int p) const {
  const NodeId output = run_.output();
  const auto& real = ranges_[static_cast<std::size_t>(output)];
  for (std::size_t i = 0; i < real.size(); ++i) {
    const double least = mignitude(real[i]);
    const double relative = least > 0 ? (Interval(rung.absolute[i]) / Interval(least)).hi : HUGE_VAL;
    rung.relative.push_back(rung.absolute[i] == 0 ? 0 : relative);
  }
  const auto* softmax = std::get_if<SoftmaxForm>(&(*open.graph)[output].form);
  if (softmax == nullptr || run_.is_large() || run_.options().analyze.method == Method::kInterval) return;
  const auto& y = at(states, output).slope;
  const std::size_t size = y.size(), length = static_cast<std::size_t>(softmax->length);
  std::vector<Interval> rows(size * size, Interval(0));
  for (std::size_t start = 0; start < size; start += length) {
    for (std::size_t a = 0; a < length; ++a) {
      const auto i = static_cast<std::size_t>(softmax->members[start + a]);
      for (std::size_t b = 0; b < length; ++b) {
        const auto j = static_cast<std::size_t>(softmax->members[start + b]);
        rows[i * size + j] = i == j ? Interval(1) - y[j] : -y[j];
      }
    }
  }
  const NodeId operand = (*open.graph)[output].operands[0];
  const auto bounds = difference_bounds(open, states, operand, std::move(rows), static_cast<std::int64_t>(size), true);
  const double u0 = std::ldexp(1.0, -p);
  for (std::size_t i = 0; i < size; ++i) {
    const double t = bound_of(bounds[i]);
    if (!(mul_up(t, u0) < 1)) continue;
    // exp(x) - 1 <= x (1 + x) for x <= 1.
    const double before = mul_up(t, add_up(1, mul_up(t, u0)));
    const double after = add_up(before, add_up(1, mul_up(u0, before)));
    rung.relative[i] = std::min(rung.relative[i], after);
  }
}

std::optional<int> ParametricCase::keeps_argmax() {
  if (class_ < 0) return std::nullopt;
  int high = run_.options().max_precision;
  while (!rung(high).kept) {
    if (high >= kHighestPrecision) return std::nullopt;
    high = std::min(kHighestPrecision, 2 * high);
  }
  int low = 1;
  while (low + 1 < high) {
    const int middle = (low + high) / 2;
    (rung(middle).kept ? high : low) = middle;
  }
  return high;
}

void ParametricCase::climb(int highest) {
  rung(highest);
  rung(2);
  climb_between(2, highest);
}

void ParametricCase::climb_between(int low, int high) {
  const double below = rung(low).largest, above = rung(high).largest;
  if (high - low < 2 || !std::isfinite(above) || below <= 1.02 * above) return;
  const int middle = (low + high) / 2;
  climb_between(low, middle);
  climb_between(middle, high);
}

}  // namespace halfulp
