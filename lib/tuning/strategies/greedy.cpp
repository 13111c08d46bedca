// The honest baseline: from the start, take the bit away that saves most for its predicted error, as long as the requirement holds;
// a variable whose bit could not be taken is closed.
#include "../strategy.hpp"

namespace halfulp {
namespace {

class Greedy final : public Strategy {
 public:
  std::string name() const override { return "greedy"; }
  std::string summary() const override { return "takes one bit at a time where it saves most for its predicted error"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    auto levels = space.settle(start.precision);
    if (!levels) return fail(levels.error());
    auto evaluation = space.assess(*levels);
    if (!evaluation) return fail(evaluation.error());
    std::vector<bool> closed(space.size(), false);
    while (evaluation->met && !space.stopped()) {
      const auto i = best(space, *levels, *evaluation, closed);
      if (!i) return {};
      Levels next = *levels;
      --next[*i];
      auto tried = space.assess(next);
      if (!tried) return fail(tried.error());
      if (tried->met) {
        levels = std::move(next);
        evaluation = std::move(tried);
      } else {
        closed[*i] = true;
      }
    }
    return {};
  }

 private:
  // Most cost saved for the error that one bit less doubles; free variables last, by error alone.
  static std::optional<std::size_t> best(const SearchSpace& space, const Levels& levels, const Evaluation& evaluation,
                                         const std::vector<bool>& closed) {
    std::optional<std::size_t> chosen;
    double best_rate = 0;
    for (std::size_t i = 0; i < space.size(); ++i) {
      if (closed[i] || levels[i] == 0) continue;
      const double saved = -space.price_change(levels, i, levels[i] - 1);
      const double rate = (saved > 0 ? saved : 1e-12) / (space.amount(evaluation, i) + 1e-30);
      if (rate > best_rate) {
        chosen = i;
        best_rate = rate;
      }
    }
    return chosen;
  }
};

}  // namespace

const Strategy& greedy_strategy() {
  static const Greedy kGreedy;
  return kGreedy;
}

}  // namespace halfulp
