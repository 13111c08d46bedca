// What `auto` does: the relaxation, then single bits off wherever one can go, whatever was predicted of it; and all cheaper assignments
// after that where they are few.
#include "../strategy.hpp"

namespace halfulp {
namespace {

// Assignments up to which the rest of the space is enumerated; the analysis of a network that small takes a fraction of a millisecond.
constexpr double kFew = 2e4;

// Every paid variable of the cheapest assignment one level down, in the order of what that saves, until none can go.
Result<void> take_bits_off(SearchSpace& space) {
  std::vector<bool> closed(space.size(), false);
  while (!space.accepted().empty() && !space.stopped()) {
    const Found best = space.accepted().back();
    std::optional<std::size_t> chosen;
    double saved = 0;
    for (std::size_t i = 0; i < space.size(); ++i) {
      if (closed[i] || best.levels[i] == 0) continue;
      const double here = -space.price_change(best.levels, i, best.levels[i] - 1);
      if (here > saved) {
        chosen = i;
        saved = here;
      }
    }
    if (!chosen) return {};
    Levels next = best.levels;
    --next[*chosen];
    auto evaluation = space.assess(next);
    if (!evaluation) return fail(evaluation.error());
    closed[*chosen] = !evaluation->met;
  }
  return {};
}

class Automatic final : public Strategy {
 public:
  std::string name() const override { return "auto"; }
  std::string summary() const override { return "relaxation; greedy too where costs multiply or no error is bounded; exhaustive after it where the space is small"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    if (auto done = relaxation_strategy().run(space, start); !done) return done;
    // From the widest formats, where costs multiply, and where not an error but a share of samples is asked for, the linear model says
    // little: the plain descent is a second opinion.
    if (start.is_widest || !space.costs_add_up() || !space.options().bounds_error()) {
      if (auto done = greedy_strategy().run(space, start); !done) return done;
    }
    if (auto done = take_bits_off(space); !done) return done;
    if (paid_assignments(space) > kFew || space.accepted().empty()) return {};
    return exhaustive_strategy().run(space, start);
  }
};

}  // namespace

const Strategy& automatic_strategy() {
  static const Automatic kAutomatic;
  return kAutomatic;
}

}  // namespace halfulp
