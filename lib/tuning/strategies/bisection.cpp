// The simplest baseline: first one shared precision for every variable, then the narrowest level of each variable in turn, both by
// bisection, as if more bits never hurt.
#include "../strategy.hpp"

namespace halfulp {
namespace {

constexpr int kFewestBits = 40;  // fewer than the start's precision

class Bisection final : public Strategy {
 public:
  std::string name() const override { return "bisection"; }
  std::string summary() const override { return "bisects one shared precision, then each variable in turn"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    auto settled = space.settle(start.precision);
    if (!settled) return fail(settled.error());
    auto levels = shared(space, *settled);
    if (!levels) return fail(levels.error());
    for (std::size_t i = 0; i < space.size() && !space.stopped(); ++i) {
      if (auto done = narrow(space, *levels, i); !done) return done;
    }
    return {};
  }

 private:
  static Levels lowered(const Levels& from, int bits) {
    Levels levels = from;
    for (std::size_t& level : levels) level = level > static_cast<std::size_t>(bits) ? level - static_cast<std::size_t>(bits) : 0;
    return levels;
  }

  // The most levels by which every variable can go down together.
  static Result<Levels> shared(SearchSpace& space, const Levels& from) {
    int met = 0, unmet = kFewestBits;
    while (met + 1 < unmet && !space.stopped()) {
      const int middle = (met + unmet) / 2;
      auto evaluation = space.assess(lowered(from, middle));
      if (!evaluation) return fail(evaluation.error());
      (evaluation->met ? met : unmet) = middle;
    }
    const Levels found = lowered(from, met);
    if (auto evaluation = space.assess(found); !evaluation) return fail(evaluation.error());
    return found;
  }

  static Result<void> narrow(SearchSpace& space, Levels& levels, std::size_t i) {
    std::ptrdiff_t met = static_cast<std::ptrdiff_t>(levels[i]), unmet = -1;
    while (unmet + 1 < met && !space.stopped()) {
      Levels trial = levels;
      trial[i] = static_cast<std::size_t>((met + unmet) / 2);
      auto evaluation = space.assess(trial);
      if (!evaluation) return fail(evaluation.error());
      (evaluation->met ? met : unmet) = static_cast<std::ptrdiff_t>(trial[i]);
    }
    levels[i] = static_cast<std::size_t>(met);
    return {};
  }
};

}  // namespace

const Strategy& bisection_strategy() {
  static const Bisection kBisection;
  return kBisection;
}

}  // namespace halfulp
