// An evolutionary search, for costs and errors that do not add up: a generation of levels by tournament, uniform crossover and small
// mutations, the better half of old and new survives. Every draw is (seed, generation, individual, draw) of a counter-based stream.
#include <algorithm>
#include <cmath>

#include "../strategy.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kPopulation = 24;
constexpr int kGenerations = 60, kPatience = 12;
constexpr std::uint64_t kStream = 0x65766f6c7574696fULL;

class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t generation, std::uint64_t individual)
      : seed_(seed), stream_(kStream + generation * kPopulation + individual) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((static_cast<std::uint64_t>(next()) * n) >> 32); }
  bool chance(double p) { return next() < p * 0x1p32; }

 private:
  std::uint32_t next() { return random_bits(seed_, stream_, index_++); }
  std::uint64_t seed_, stream_, index_ = 0;
};

struct Individual {
  Levels levels;
  bool met = false;
  double price = 0;
  double excess = 0;  // how far from the requirement, where it is not met
};

bool fitter(const Individual& a, const Individual& b) {
  if (a.met != b.met) return a.met;
  const double left = a.met ? a.price : a.excess, right = b.met ? b.price : b.excess;
  return left != right ? left < right : a.levels < b.levels;
}

class Evolution final : public Strategy {
 public:
  std::string name() const override { return "evolution"; }
  std::string summary() const override { return "mutation and crossover, for costs that do not add up"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    auto levels = space.settle(start.precision);
    if (!levels) return fail(levels.error());
    auto population = first(space, *levels);
    if (!population) return fail(population.error());
    int idle = 0;
    for (int generation = 1; generation <= kGenerations && idle < kPatience && !space.stopped(); ++generation) {
      space.expect(static_cast<std::int64_t>(kPopulation) * (kGenerations - generation + 1));
      const double before = population->front().price;
      std::vector<Levels> children;
      for (std::size_t i = 0; i < kPopulation; ++i) {
        Draws draws(space.options().seed, static_cast<std::uint64_t>(generation), i);
        children.push_back(child(space, *population, draws));
      }
      if (auto done = join(space, *population, children); !done) return done;
      idle = population->front().price < before ? 0 : idle + 1;
    }
    return trim_free(space);
  }

 private:
  static Result<std::vector<Individual>> first(SearchSpace& space, const Levels& start) {
    std::vector<Levels> candidates = {start};
    for (std::size_t i = 1; i < kPopulation; ++i) {
      Draws draws(space.options().seed, 0, i);
      Levels levels = start;
      const std::size_t lower = 1 + draws.below(space.size());
      for (std::size_t k = 0; k < lower; ++k) step(space, levels, draws.below(space.size()), -1);
      candidates.push_back(std::move(levels));
    }
    std::vector<Individual> population;
    if (auto done = join(space, population, candidates); !done) return fail(done.error());
    return population;
  }

  static void step(const SearchSpace& space, Levels& levels, std::size_t i, int change) {
    const auto top = static_cast<std::ptrdiff_t>(space.variables()[i].levels.size()) - 1;
    levels[i] = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(levels[i]) + change, 0, top));
  }

  static const Individual& tournament(const std::vector<Individual>& population, Draws& draws) {
    return population[std::min(draws.below(population.size()), draws.below(population.size()))];
  }

  static Levels child(const SearchSpace& space, const std::vector<Individual>& population, Draws& draws) {
    Levels levels = tournament(population, draws).levels;
    const Levels& other = tournament(population, draws).levels;
    if (draws.chance(0.6)) {
      for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = draws.chance(0.5) ? levels[i] : other[i];
    }
    const std::size_t mutations = 1 + draws.below(3);
    for (std::size_t k = 0; k < mutations; ++k) step(space, levels, draws.below(space.size()), draws.chance(0.65) ? -1 : 1);
    return levels;
  }

  static Result<void> join(SearchSpace& space, std::vector<Individual>& population, const std::vector<Levels>& candidates) {
    auto evaluations = space.assess_all(candidates);
    if (!evaluations) return fail(evaluations.error());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Evaluation& e = (*evaluations)[i];
      const double excess = space.error_of(e) - e.share.value_or(0) - accuracy_of(e) + mean_observed(e);
      population.push_back({.levels = candidates[i], .met = e.met, .price = space.price(candidates[i]), .excess = std::isnan(excess) ? INFINITY : excess});
    }
    std::sort(population.begin(), population.end(), fitter);
    const auto same = [](const Individual& a, const Individual& b) { return a.levels == b.levels; };
    population.erase(std::unique(population.begin(), population.end(), same), population.end());
    population.resize(std::min(population.size(), kPopulation));
    return {};
  }
};

}  // namespace

const Strategy& evolution_strategy() {
  static const Evolution kEvolution;
  return kEvolution;
}

}  // namespace halfulp
