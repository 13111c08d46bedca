// Every assignment of the variables that cost something, cheapest first, until one keeps the requirement: the optimum of the space.
// Variables that are free on the target take their widest formats, which no narrower one improves on, and are trimmed at the end.
#include <algorithm>
#include <cmath>

#include "../strategy.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

struct Priced {
  double price = 0;
  std::uint64_t index = 0;
};

class Enumeration {
 public:
  explicit Enumeration(const SearchSpace& space) : space_(space), widest_(space.widest()) {
    for (std::size_t i = 0; i < space.size(); ++i) {
      if (!space.is_free(i)) paid_.push_back(i);
    }
  }

  Levels levels_at(std::uint64_t index) const {
    Levels levels = widest_;
    for (const std::size_t i : paid_) {
      const std::uint64_t count = space_.variables()[i].levels.size();
      levels[i] = static_cast<std::size_t>(index % count);
      index /= count;
    }
    return levels;
  }

  // Those below `limit`.
  std::vector<Priced> by_price(std::uint64_t size, double limit) const {
    std::vector<Priced> all;
    for (std::uint64_t index = 0; index < size; ++index) {
      const double price = space_.price(levels_at(index));
      if (price < limit) all.push_back({price, index});
    }
    std::stable_sort(all.begin(), all.end(), [](const Priced& a, const Priced& b) { return a.price < b.price; });
    return all;
  }

 private:
  const SearchSpace& space_;
  Levels widest_;
  std::vector<std::size_t> paid_;
};

class Exhaustive final : public Strategy {
 public:
  std::string name() const override { return "exhaustive"; }
  std::string summary() const override { return "every assignment, cheapest first: the optimum, for small spaces only"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    if (space.accepted().empty()) {
      if (auto settled = space.settle(start.precision); !settled) return fail(settled.error());
    }
    const double size = paid_assignments(space);
    if (size > space.options().exhaustive_limit) {
      return fail("E0804", "the space has " + shortest(std::round(size)) + " assignments, more than the " +
                               shortest(space.options().exhaustive_limit) + " that are enumerated",
                  {}, {"fewer formats (--formats), roles (--roles) or ties (--tie) make it smaller"});
    }
    const Enumeration enumeration(space);
    const double limit = space.accepted().empty() ? INFINITY : space.accepted().back().price;
    const auto order = enumeration.by_price(static_cast<std::uint64_t>(size), limit);
    const std::size_t ahead = space.evaluator().foresight();
    for (std::size_t at = 0; at < order.size() && !space.stopped(); ++at) {
      if (at % ahead == 0) {
        std::vector<Levels> next;
        for (std::size_t k = at; k < std::min(order.size(), at + ahead); ++k) next.push_back(enumeration.levels_at(order[k].index));
        if (auto done = space.foresee(next); !done) return done;
      }
      space.expect(static_cast<std::int64_t>(order.size() - at));
      auto evaluation = space.assess(enumeration.levels_at(order[at].index));
      if (!evaluation) return fail(evaluation.error());
      if (evaluation->met) break;
    }
    return trim_free(space);
  }
};

}  // namespace

double paid_assignments(const SearchSpace& space) {
  double count = 1;
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (!space.is_free(i)) count *= static_cast<double>(space.variables()[i].levels.size());
  }
  return count;
}

const Strategy& exhaustive_strategy() {
  static const Exhaustive kExhaustive;
  return kExhaustive;
}

}  // namespace halfulp
