// The separable model solved exactly: contributions and costs of every variable at the levels around the start add up, and of all
// selections the cheapest that the analysis proves is found along the exact front. Then again around what was found.
#include "../search.hpp"

namespace halfulp {
namespace {

constexpr int kReach = 6, kAgain = 3;

class Knapsack final : public Strategy {
 public:
  std::string name() const override { return "knapsack"; }
  std::string summary() const override { return "the separable model of cost and error, solved exactly"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    GuidedSearch search(space, start);
    if (auto done = search.start_centre(); !done) return done;
    if (auto done = search.tabulate(kReach, kReach); !done) return done;
    if (auto done = search.walk(); !done) return done;
    if (!space.accepted().empty()) {
      search.move_centre(space.accepted().back().levels);
      if (auto done = search.tabulate(kAgain, kAgain); !done) return done;
      if (auto done = search.walk(); !done) return done;
    }
    return trim_free(space);
  }
};

}  // namespace

const Strategy& knapsack_strategy() {
  static const Knapsack kKnapsack;
  return kKnapsack;
}

}  // namespace halfulp
