// The replay against bit-exact simulation; every certificate written is accepted, every damaged one is refused.
#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/analysis/certify.hpp"
#include "halfulp/report/certificate_json.hpp"
#include "halfulp/simulate/simulate.hpp"
#include "support/random_box.hpp"

namespace halfulp {
namespace {

using test::GraphBuilder;
using test::RandomGraph;

Interval value_of(const Expansion& x) { return Interval(x.part[0]) + Interval(x.part[1]) + Interval(x.part[2]); }

InputBox random_box(RandomGraph& random, const Graph& graph) {
  return test::box_of_radius(random, graph, random.chance(0.3) ? 0 : random.chance(0.5) ? 0.05 : 0.7);
}

std::vector<Interval> real_outputs(const LoweredGraph& lowered, const std::vector<std::vector<double>>& inputs) {
  return (*real_ranges(lowered, test::point_box(inputs)))[static_cast<std::size_t>(lowered.graph->outputs[0])];
}

// ---- the replay proves true claims -------------------------------------------------------------------------------------------

TEST(Replay, ClaimsHoldInSimulation) {
  std::int64_t checked = 0, wider = 0, compared = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    RandomGraph random(seed);
    const Graph graph = random.make();
    const FormatAssignment formats = random.formats(graph);
    const auto lowered = lower(graph);
    ASSERT_TRUE(lowered);
    const InputBox box = random_box(random, graph);
    CertifyOptions options;
    options.analyze.split_boxes = random.chance(0.3) ? 3 : 0;
    const auto certificate = certify(*lowered, formats, box, options);
    if (!certificate && (certificate.error().code == "E0602" || certificate.error().code == "E0624")) continue;
    ASSERT_TRUE(certificate) << seed << " " << certificate.error().message;
    const auto simulator = Simulator::create(*lowered, formats, {.seed = seed});
    ASSERT_TRUE(simulator);
    for (int sample = 0; sample < 6; ++sample) {
      const auto inputs = test::random_point(random, box);
      const auto outputs = simulator->run(inputs, static_cast<std::uint64_t>(sample));
      ASSERT_TRUE(outputs);
      const auto real = real_outputs(*lowered, inputs);
      for (std::size_t i = 0; i < real.size(); ++i) {
        ASSERT_TRUE(real[i].hi >= certificate->ranges[0][i].lo && real[i].lo <= certificate->ranges[0][i].hi) << "seed " << seed;
        ASSERT_LE(mignitude(value_of((*outputs)[0][i]) - real[i]), certificate->errors[0][i]) << "seed " << seed << " element " << i;
        ++checked;
      }
    }
    const auto analysis = analyze_box(*lowered, formats, box);
    double largest = 0;
    for (const double e : certificate->errors[0]) largest = std::max(largest, e);
    ++compared;
    wider += largest > 1.05 * analysis->max_error ? 1 : 0;
  }
  std::printf("values checked: %lld; claims more than 5 %% above the analysis': %lld of %lld\n", static_cast<long long>(checked),
              static_cast<long long>(wider), static_cast<long long>(compared));
  EXPECT_GT(checked, 500);
  EXPECT_LT(wider, compared / 3);
}

// ---- accepted as written, refused when damaged -------------------------------------------------------------------------------

struct Case {
  Graph graph;
  FormatAssignment formats;
  InputBox box;
  DataSet data;
  CertifiedSet set(bool samples) const {
    return samples ? CertifiedSet{.samples = &data.samples, .radius = data.radius} : CertifiedSet{.box = &box};
  }
};

// 3 inputs, two hidden layers of six, three outputs.
Case small_case() {
  RandomGraph random(7);
  GraphBuilder b;
  const auto dense = [&](NodeId x, std::int64_t width) {
    const std::int64_t depth = b.graph[x].shape.back();
    std::vector<double> weights, biases;
    for (std::int64_t i = 0; i < width * depth; ++i) weights.push_back(random.uniform(-0.8, 0.8));
    for (std::int64_t i = 0; i < width; ++i) biases.push_back(random.uniform(-0.2, 0.2));
    return b.add("linear", {x, b.constant({width, depth}, weights), b.constant({width}, biases)}, {1, width});
  };
  const NodeId x = b.input({1, 3});
  const NodeId h = b.add("relu", {dense(x, 6)}, {1, 6});
  const NodeId g = b.add("tanh", {dense(h, 6)}, {1, 6});
  b.graph.outputs = {dense(g, 3)};
  Case result{b.graph, uniform_assignment(b.graph, make_fixed(14, 4)), {{Interval(-1, 1), Interval(-0.5, 0.5), Interval(0, 1)}}, {}};
  for (int s = 0; s < 4; ++s) result.data.samples.push_back(test::random_point(random, result.box));
  result.data.radius = 0x1p-9;
  return result;
}

Certificate certified(const Case& c, const LoweredGraph& lowered, bool samples) {
  CertifyOptions options;
  options.analyze.split_boxes = 3;
  auto certificate = samples ? certify(lowered, c.formats, c.data, options) : certify(lowered, c.formats, c.box, options);
  EXPECT_TRUE(certificate);
  certificate->tool = "halfulp";
  return *std::move(certificate);
}

bool accepted(const Case& c, const LoweredGraph& lowered, bool samples, const std::string& text) {
  const auto read = read_certificate(text, "test");
  if (!read) return false;
  const auto refusals = check_certificate(lowered, c.formats, c.set(samples), *read);
  return refusals && refusals->empty();
}

TEST(Certificates, AcceptedAsWritten) {
  const Case c = small_case();
  const auto lowered = lower(c.graph);
  for (const bool samples : {false, true}) EXPECT_TRUE(accepted(c, *lowered, samples, write_certificate(certified(c, *lowered, samples))));
}

TEST(Certificates, RefusedWhenACharacterIsDamaged) {
  const Case c = small_case();
  const auto lowered = lower(c.graph);
  RandomGraph random(3);
  for (const bool samples : {false, true}) {
    const std::string text = write_certificate(certified(c, *lowered, samples));
    for (int trial = 0; trial < 600; ++trial) {
      std::string damaged = text;
      const auto at = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(text.size()) - 1));
      const char other = static_cast<char>(random.integer(33, 126));
      if (other == damaged[at]) continue;
      damaged[at] = other;
      EXPECT_FALSE(accepted(c, *lowered, samples, damaged)) << "character " << at;
    }
  }
}

// A forger who can hash: one claim is made stronger, everything else stays as it was.
void strengthen(Certificate& certificate, RandomGraph& random, bool samples) {
  const double factor = 1 - std::ldexp(1.0, -static_cast<int>(random.integer(1, 40)));
  if (samples) {
    auto& claim = certificate.samples[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(certificate.samples.size()) - 1))];
    const bool other_class = claim.argmax_kept && random.chance(0.3);
    if (other_class) claim.real_class = (claim.real_class + random.integer(1, 2)) % 3;
    else claim.error_bound *= factor;
    return;
  }
  const auto i = static_cast<std::size_t>(random.integer(0, 2));
  Interval& range = certificate.ranges[0][i];
  switch (random.integer(0, 2)) {
    case 0: certificate.errors[0][i] *= factor; break;
    case 1: range.hi -= (range.hi - range.lo) * (1 - factor); break;
    default: range.lo += (range.hi - range.lo) * (1 - factor); break;
  }
}

TEST(Certificates, ForgedStrongerClaimsAreNotProved) {
  const Case c = small_case();
  const auto lowered = lower(c.graph);
  RandomGraph random(11);
  for (const bool samples : {false, true}) {
    const Certificate original = certified(c, *lowered, samples);
    for (int trial = 0; trial < 60; ++trial) {
      Certificate forged = original;
      strengthen(forged, random, samples);
      EXPECT_FALSE(accepted(c, *lowered, samples, write_certificate(forged))) << "samples " << samples << " trial " << trial;
    }
  }
}

// A changed slope gives another linear bound. The claims are true whatever the slope; the replay accepts only what it proves with it.
TEST(Certificates, ForgedSlopesProveNoMoreThanTheyCan) {
  const Case c = small_case();
  const auto lowered = lower(c.graph);
  RandomGraph random(13);
  const Certificate original = certified(c, *lowered, false);
  int refused = 0;
  for (int trial = 0; trial < 60; ++trial) {
    Certificate forged = original;
    auto& steps = forged.steps[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(forged.steps.size()) - 1))];
    ASSERT_FALSE(steps.slopes.empty());
    auto node = std::next(steps.slopes.begin(), random.integer(0, static_cast<std::int64_t>(steps.slopes.size()) - 1));
    auto pair = std::next(node->second.begin(), random.integer(0, static_cast<std::int64_t>(node->second.size()) - 1));
    (random.chance(0.5) ? pair->second.lower : pair->second.upper) += random.uniform(-1, 1);
    const auto proved = replay(*lowered, c.formats, c.set(false), forged);
    ASSERT_TRUE(proved);
    bool as_strong = true;
    for (std::size_t i = 0; i < 3; ++i) {
      as_strong = as_strong && proved->errors[0][i] <= original.errors[0][i] && proved->ranges[0][i].lo >= original.ranges[0][i].lo &&
                  proved->ranges[0][i].hi <= original.ranges[0][i].hi;
    }
    EXPECT_EQ(accepted(c, *lowered, false, write_certificate(forged)), as_strong);
    refused += as_strong ? 0 : 1;
  }
  EXPECT_GT(refused, 10);
}

TEST(Certificates, RefusedForOtherFormatsWeightsAndInputs) {
  const Case c = small_case();
  const auto lowered = lower(c.graph);
  RandomGraph random(17);
  for (const bool samples : {false, true}) {
    const std::string text = write_certificate(certified(c, *lowered, samples));
    for (int trial = 0; trial < 60; ++trial) {
      Case other = c;
      const std::int64_t kind = random.integer(0, 2);
      const auto node = static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(c.graph.nodes.size()) - 1));
      if (kind == 0) {
        other.formats[node].output = make_fixed(static_cast<int>(random.integer(8, 13)), 4);
      } else if (kind == 1) {
        if (other.graph.nodes[node].constant.empty()) continue;
        auto& weights = other.graph.nodes[node].constant;
        double& weight = weights[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(weights.size()) - 1))];
        weight = std::nextafter(weight, random.chance(0.5) ? 9 : -9);
      } else {
        other.box[0][0].hi = std::nextafter(other.box[0][0].hi, 9);
        other.data.samples[0][0][0] = std::nextafter(other.data.samples[0][0][0], 9);
      }
      const auto other_lowered = lower(other.graph);
      EXPECT_FALSE(accepted(other, *other_lowered, samples, text)) << "kind " << kind;
    }
  }
}

}  // namespace
}  // namespace halfulp
