#include <algorithm>

#include "halfulp/support/assert.hpp"
#include "halfulp/support/text.hpp"
#include "../strategy.hpp"

namespace halfulp {

const std::vector<const Strategy*>& strategies() {
  static const std::vector<const Strategy*> kStrategies = [] {
    std::vector<const Strategy*> all = {&automatic_strategy(), &bisection_strategy(), &evolution_strategy(), &exhaustive_strategy(),
                                        &greedy_strategy(), &knapsack_strategy(), &relaxation_strategy()};
    for (std::size_t i = 1; i < all.size(); ++i) HALFULP_ASSERT(all[i - 1]->name() < all[i]->name());
    return all;
  }();
  return kStrategies;
}

Result<const Strategy*> find_strategy(const std::string& name) {
  std::vector<std::string> names;
  for (const Strategy* strategy : strategies()) {
    if (strategy->name() == name) return strategy;
    names.push_back(strategy->name());
  }
  return fail("E0806", "no strategy '" + name + "'", {}, nearest_help(name, names));
}

std::vector<StrategyEntry> strategy_entries() {
  std::vector<StrategyEntry> entries;
  for (const Strategy* strategy : strategies()) entries.push_back({strategy->name(), strategy->summary()});
  return entries;
}

}  // namespace halfulp
