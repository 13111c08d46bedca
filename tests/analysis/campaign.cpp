// A campaign of any length against the bounds: random graphs, random graphs under formats of every family, and adversarial
// networks, one after another. Prints what was checked, kind by kind; exits with 1 at the first violated bound, naming its seed.
//
//   halfulp_campaign [FIRST-SEED [SEEDS [SAMPLES]]]        defaults 1 200 16
#include <cstdio>
#include <cstdlib>
#include <string>

#include "support/adversarial_graph.hpp"
#include "support/containment.hpp"

namespace {

using namespace halfulp;

struct Row {
  const char* name;
  test::ContainmentCount count;
};

void print(const Row& row, unsigned long long graphs) {
  std::printf("%-44s %10llu graphs %12lld values %11lld outputs %10lld without a finite bound %8lld NaN as foretold %6lld graphs refused\n", row.name, graphs,
              static_cast<long long>(row.count.values), static_cast<long long>(row.count.outputs),
              static_cast<long long>(row.count.infinite), static_cast<long long>(row.count.undefined), static_cast<long long>(row.count.refused));
}

std::string check_random(std::uint64_t seed, bool every_family, int samples, test::ContainmentCount& count) {
  test::RandomGraph random(seed, every_family);
  const test::ContainmentCase c = test::random_case(random);
  AnalyzeOptions options;
  options.layer_errors = random.chance(0.5);
  if (random.chance(0.2)) options.method = Method::kInterval;
  return test::check_case(c, options, seed, samples, random, count);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t first = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1;
  const std::uint64_t seeds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200;
  const int samples = argc > 3 ? std::atoi(argv[3]) : 16;
  Row rows[] = {{"random graphs, fixed and float", {}}, {"random graphs, every family", {}}, {"summation-order traps", {}},
                {"overflowing partial sums", {}}, {"catastrophic cancellation", {}}, {"absorbing constants", {}},
                {"pre-activations at the kink", {}}};
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    for (int kind = 0; kind < 3; ++kind) {
      test::AdversarialGraph adversary(seed);
      Row& row = kind < 2 ? rows[kind] : rows[2 + static_cast<int>(adversary.trap())];
      const std::string wrong = kind < 2 ? check_random(seed, kind == 1, samples, row.count)
                                         : test::check_case(adversary.make(), {}, seed, samples, adversary.random(), row.count);
      if (wrong.empty()) continue;
      std::printf("VIOLATED: %s, %s\n", row.name, wrong.c_str());
      return 1;
    }
  }
  test::ContainmentCount total;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    print(rows[i], i < 2 ? seeds : seeds / test::kTraps);
    total.values += rows[i].count.values;
    total.outputs += rows[i].count.outputs;
    total.infinite += rows[i].count.infinite;
    total.undefined += rows[i].count.undefined;
    total.refused += rows[i].count.refused;
  }
  print({"in all", total}, 3 * seeds);
  std::printf("bounds violated: 0\n");
  return 0;
}
