#include "stages.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace halfulp {
namespace {

constexpr std::size_t kWorthStages = 64;  // samples
constexpr std::size_t kFirstStage = 16;   // and twice as many as may fail

double fraction_of(double value, double of) { return of > 0 ? value / of : value; }

template <typename T>
void append(std::vector<T>& list, const std::vector<T>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

template <typename T>
void reorder(const std::vector<std::size_t>& samples, std::vector<T>& list) {
  if (list.size() != samples.size()) return;
  std::vector<T> sorted(list.size());
  for (std::size_t k = 0; k < samples.size(); ++k) sorted[samples[k]] = list[k];
  list = std::move(sorted);
}

}  // namespace

void Stages::order_by(const Evaluation& complete, const Goals& goals) {
  const std::size_t count = complete.proved.size();
  order_.clear();
  ends_.clear();
  if (count < kWorthStages) return;
  std::vector<double> hardness(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (goals.certify_share && complete.uses.size() == count) hardness[i] = fraction_of(complete.uses[i], complete.margin_use);
    if (!goals.certify_share || goals.bounds_error()) hardness[i] = std::max(hardness[i], fraction_of(complete.bounds[i], complete.bound));
  }
  order_.resize(count);
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return hardness[a] > hardness[b]; });
  const double may_fail = goals.certify_share ? std::floor((1 - *goals.certify_share) * static_cast<double>(count)) : 0;
  for (std::size_t end = kFirstStage + 2 * static_cast<std::size_t>(may_fail); end < count; end *= 2) ends_.push_back(end);
  ends_.push_back(count);
}

std::vector<std::size_t> Stages::samples(std::size_t stage) const {
  const std::size_t begin = stage == 0 ? 0 : ends_[stage - 1];
  return {order_.begin() + static_cast<std::ptrdiff_t>(begin), order_.begin() + static_cast<std::ptrdiff_t>(ends_[stage])};
}

void Assembly::add(const std::vector<std::size_t>& samples, Evaluation part) {
  if (samples_.empty()) {
    samples_ = samples;
    whole_ = std::move(part);
    return;
  }
  append(samples_, samples);
  whole_.bound = std::max(whole_.bound, part.bound);
  for (std::size_t o = 0; o < whole_.output_bounds.size(); ++o) whole_.output_bounds[o] = std::max(whole_.output_bounds[o], part.output_bounds[o]);
  for (const OverflowPlace& place : part.overflows) add_overflow(whole_.overflows, place);
  append(whole_.proved, part.proved);
  append(whole_.bounds, part.bounds);
  append(whole_.uses, part.uses);
}

Evaluation Assembly::complete() const {
  Evaluation complete = whole_;
  reorder(samples_, complete.proved);
  reorder(samples_, complete.bounds);
  reorder(samples_, complete.uses);
  return complete;
}

}  // namespace halfulp
