#include "front.hpp"

#include <algorithm>
#include <cmath>

#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kStateLimit = 3000;

struct State {
  double cost = 0;
  double error = 0;
  std::size_t parent = 0;
  std::size_t pick = 0;
};

void keep_best(std::vector<State>& states) {
  std::stable_sort(states.begin(), states.end(), [](const State& a, const State& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.error < b.error;
  });
  std::vector<State> kept;
  for (const State& state : states) {
    if (kept.empty() || state.error < kept.back().error) kept.push_back(state);
  }
  states = std::move(kept);
}

// Errors fall along the states; of each step of log(error) the cheapest stays.
void thin(std::vector<State>& states) {
  if (states.size() <= kStateLimit) return;
  double smallest = states.back().error;
  for (std::size_t i = states.size(); i-- > 0 && smallest <= 0;) smallest = states[i].error;
  const double largest = states.front().error;
  if (!(smallest > 0) || !std::isfinite(largest)) return;
  const double step = std::log(largest / smallest) / static_cast<double>(kStateLimit);
  std::vector<State> kept = {states.front()};
  for (std::size_t i = 1; i + 1 < states.size(); ++i) {
    if (std::log(kept.back().error / states[i].error) >= step) kept.push_back(states[i]);
  }
  kept.push_back(states.back());
  states = std::move(kept);
}

}  // namespace

std::vector<FrontPoint> pareto_front(const std::vector<std::vector<Choice>>& choices) {
  std::vector<std::vector<State>> stages = {{State{}}};
  for (const auto& options : choices) {
    HALFULP_ASSERT(!options.empty());
    std::vector<State> next;
    const std::vector<State>& last = stages.back();
    for (std::size_t s = 0; s < last.size(); ++s) {
      for (std::size_t o = 0; o < options.size(); ++o) {
        next.push_back({last[s].cost + options[o].cost, last[s].error + options[o].error, s, o});
      }
    }
    keep_best(next);
    thin(next);
    stages.push_back(std::move(next));
  }
  std::vector<FrontPoint> front;
  for (const State& end : stages.back()) {
    FrontPoint point{.cost = end.cost, .error = end.error, .picks = std::vector<std::size_t>(choices.size())};
    const State* state = &end;
    for (std::size_t stage = choices.size(); stage > 0; --stage) {
      point.picks[stage - 1] = state->pick;
      state = &stages[stage - 1][state->parent];
    }
    front.push_back(std::move(point));
  }
  return front;
}

}  // namespace halfulp
