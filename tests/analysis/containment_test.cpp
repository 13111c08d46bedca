// The property everything rests on: no simulated value leaves its proved range, and no simulated difference its proved bound.
#include <gtest/gtest.h>

#include <cstdlib>

#include "halfulp/analysis/analysis.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "support/random_box.hpp"

namespace halfulp {
namespace {

Interval value_of(const Expansion& x) { return Interval(x.part[0]) + Interval(x.part[1]) + Interval(x.part[2]); }

struct Case {
  Graph graph;
  FormatAssignment formats;
  InputBox box;
};

InputBox random_box(test::RandomGraph& random, const Graph& graph) {
  const bool point = random.chance(0.3);
  const double radius = random.chance(0.5) ? 0.05 : 1.0;
  return test::box_of_radius(random, graph, point ? 0 : radius);
}

std::vector<std::vector<double>> random_input(test::RandomGraph& random, const InputBox& box) {
  std::vector<std::vector<double>> inputs;
  const bool corner = random.chance(0.3);
  for (const auto& elements : box) {
    auto& input = inputs.emplace_back();
    for (const Interval& x : elements) {
      const double share = corner ? static_cast<double>(random.integer(0, 1)) : random.uniform(0, 1);
      input.push_back(std::min(x.hi, std::max(x.lo, x.lo + share * (x.hi - x.lo))));
    }
  }
  return inputs;
}

// Checks every needed node's deployed values against the bounds; counts the outputs checked.
void expect_contained(const LoweredGraph& lowered, const BoxAnalysis& analysis, const std::vector<std::vector<Expansion>>& values,
                      const BoxAnalysis& point, std::uint64_t seed, std::int64_t& checked) {
  for (std::size_t node = 0; node < values.size(); ++node) {
    const NodeBounds& bounds = analysis.nodes[node];
    if (bounds.deployed.empty()) continue;
    for (std::size_t e = 0; e < values[node].size(); ++e) {
      const Interval value = value_of(values[node][e]);
      const std::string where = "seed " + std::to_string(seed) + " node " + (*lowered.graph)[static_cast<NodeId>(node)].name +
                                " element " + std::to_string(e);
      ASSERT_TRUE(value.hi >= bounds.deployed[e].lo && value.lo <= bounds.deployed[e].hi)
          << where << " value " << value.lo << " outside [" << bounds.deployed[e].lo << ", " << bounds.deployed[e].hi << "]";
      const Interval difference = value - point.nodes[node].real[e];
      ASSERT_TRUE(difference.hi >= bounds.error[e].lo && difference.lo <= bounds.error[e].hi)
          << where << " error [" << difference.lo << ", " << difference.hi << "] outside [" << bounds.error[e].lo << ", "
          << bounds.error[e].hi << "]";
      ++checked;
    }
  }
}

void check_seed(std::uint64_t seed, int samples, Engine engine, std::int64_t& checked, bool every_family = false) {
  test::RandomGraph random(seed, every_family);
  Case c{random.make(), {}, {}};
  c.formats = random.formats(c.graph);
  c.box = random_box(random, c.graph);
  const auto lowered = lower(c.graph);
  ASSERT_TRUE(lowered) << lowered.error().message;
  AnalyzeOptions options{.engine = engine};
  options.layer_errors = random.chance(0.5);
  if (random.chance(0.2)) options.method = Method::kInterval;
  const auto analysis = analyze_box(*lowered, c.formats, c.box, options);
  if (!analysis && analysis.error().code == "E0602") return;  // a constant overflows its format
  ASSERT_TRUE(analysis) << analysis.error().message;
  const auto simulator = Simulator::create(*lowered, c.formats, {.seed = seed});
  ASSERT_TRUE(simulator) << simulator.error().message;
  for (int sample = 0; sample < samples; ++sample) {
    const auto inputs = random_input(random, c.box);
    const auto values = simulator->run_all(inputs, static_cast<std::uint64_t>(sample));
    ASSERT_TRUE(values) << values.error().message;
    const auto point = analyze_box(*lowered, std::nullopt, test::point_box(inputs));
    ASSERT_TRUE(point);
    expect_contained(*lowered, *analysis, *values, *point, seed, checked);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

// HALFULP_CAMPAIGN_SEED and HALFULP_CAMPAIGN_GRAPHS make a campaign of any length out of it.
void check_many(bool every_family, std::uint64_t default_graphs) {
  const char* wanted = std::getenv("HALFULP_CAMPAIGN_GRAPHS");
  const char* first = std::getenv("HALFULP_CAMPAIGN_SEED");
  const std::uint64_t graphs = wanted == nullptr ? default_graphs : std::strtoull(wanted, nullptr, 10);
  const std::uint64_t start = first == nullptr ? 1 : std::strtoull(first, nullptr, 10);
  std::int64_t checked = 0;
  for (std::uint64_t seed = start; seed < start + graphs; ++seed) {
    check_seed(seed, 8, Engine::kFast, checked, every_family);
    if (::testing::Test::HasFatalFailure()) return;
  }
  ::testing::Test::RecordProperty("values_checked", std::to_string(checked));
  std::printf("values checked: %lld, bounds violated: 0\n", static_cast<long long>(checked));
  EXPECT_GT(checked, static_cast<std::int64_t>(graphs));
}

TEST(Containment, RandomGraphsUnderRandomSchedules) { check_many(false, 1500); }
TEST(Containment, RandomGraphsUnderSchedulesOfEveryFamily) { check_many(true, 1000); }

// 1163: a maximum that saturates leaves the coarse grid of its operands, so that a later rounding is not exact.
TEST(Containment, SaturatedValuesLeaveTheGridTheyCameFrom) {
  std::int64_t checked = 0;
  check_seed(1163, 50, Engine::kFast, checked);
  EXPECT_GT(checked, 0);
}

// 60: constants rounded stochastically may be either neighbour, whatever the seed.
TEST(Containment, StochasticConstantsStayOpen) {
  std::int64_t checked = 0;
  for (int run = 0; run < 5; ++run) check_seed(60, 20, Engine::kFast, checked);
  EXPECT_GT(checked, 0);
}

TEST(Containment, ReferenceEngine) {
  std::int64_t checked = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    check_seed(seed, 2, Engine::kMpfr, checked);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(checked, 150);
}

TEST(Engines, FastEnclosesReference) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    test::RandomGraph random(seed);
    const Graph graph = random.make();
    const FormatAssignment formats = random.formats(graph);
    const InputBox box = random_box(random, graph);
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    AnalyzeOptions fast, reference{.engine = Engine::kMpfr, .bits = 128};
    fast.method = reference.method = Method::kInterval;
    const auto a = analyze_box(*lowered, formats, box, fast), b = analyze_box(*lowered, formats, box, reference);
    ASSERT_EQ(a.has_value(), b.has_value());
    if (!a) continue;
    for (std::size_t node = 0; node < a->nodes.size(); ++node) {
      for (std::size_t e = 0; e < a->nodes[node].real.size(); ++e) {
        const Interval &wide = a->nodes[node].real[e], &narrow = b->nodes[node].real[e];
        ASSERT_TRUE(wide.lo <= narrow.lo && narrow.hi <= wide.hi)
            << "seed " << seed << " node " << node << " [" << wide.lo << ", " << wide.hi << "] [" << narrow.lo << ", " << narrow.hi << "]";
      }
      for (std::size_t e = 0; e < a->nodes[node].error.size(); ++e) {
        const Interval &wide = a->nodes[node].error[e], &narrow = b->nodes[node].error[e];
        ASSERT_TRUE(wide.lo <= narrow.lo && narrow.hi <= wide.hi) << "error, seed " << seed << " node " << graph.nodes[node].name
            << " [" << wide.lo << ", " << wide.hi << "] [" << narrow.lo << ", " << narrow.hi << "]";
      }
    }
  }
}

}  // namespace
}  // namespace halfulp
