// The default way: the continuous relaxation, the knapsack front around it, and local moves.
#include "../search.hpp"

namespace halfulp {
namespace {

constexpr int kCoarser = 3, kFiner = 2;  // levels tabulated below and above the centre

// Levels that are at least as precise as the start everywhere.
Levels like_start(const SearchSpace& space, const StartingPoint& start) {
  Levels levels;
  for (std::size_t i = 0; i < space.size(); ++i) levels.push_back(level_at_least(space.variables()[i].levels, start.precision[i]));
  return levels;
}

class Relaxation final : public Strategy {
 public:
  std::string name() const override { return "relaxation"; }
  std::string summary() const override { return "bits as continuous numbers, then a knapsack front and local moves"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    GuidedSearch search(space, start);
    if (auto done = search.relax_centre(); !done) return done;
    if (!space.stopped()) {
      if (auto evaluation = space.assess(like_start(space, start)); !evaluation) return fail(evaluation.error());
    }
    if (auto done = search.tabulate(kCoarser, kFiner); !done) return done;
    if (auto done = search.walk(); !done) return done;
    return search.improve();
  }
};

}  // namespace

const Strategy& relaxation_strategy() {
  static const Relaxation kRelaxation;
  return kRelaxation;
}

}  // namespace halfulp
