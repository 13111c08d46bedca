#include "vectors.hpp"

#include <algorithm>
#include <cmath>

#include "codes.hpp"
#include "extent.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/simulate/simulate.hpp"

namespace halfulp::emit_detail {
namespace {

constexpr std::uint64_t kDefaultSamples = 16;
constexpr std::uint64_t kSeed = 1;

using Sample = std::vector<std::vector<double>>;

// Values spread over the format's range, evenly for half the elements, towards zero for the others.
double random_value(const Format& format, std::uint32_t random) {
  const double unit = std::ldexp(static_cast<double>(random >> 2), -30);
  const double top = std::min(largest(format), 0x1p20);
  const double x = (random & 2) != 0 ? top * unit : std::min(top, 1.0) * unit;
  return format.is_signed && (random & 1) != 0 ? -x : x;
}

std::vector<Sample> random_samples(const Network& network) {
  std::vector<Sample> samples;
  std::uint64_t index = 0;
  for (std::uint64_t s = 0; s < kDefaultSamples; ++s) {
    Sample sample;
    for (const NodeId id : network.graph().inputs) {
      const Format& format = network.value_format(id);
      std::vector<double> values;
      for (std::int64_t i = 0; i < network.form(id).size; ++i) {
        values.push_back(random_value(format, random_bits(kSeed, 0, index++)));
      }
      sample.push_back(std::move(values));
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

void add_sample(const Network& network, const Sample& sample, const std::vector<std::vector<Expansion>>& results,
                TestVectors& vectors) {
  const Graph& graph = network.graph();
  for (std::size_t port = 0; port < graph.inputs.size(); ++port) {
    const Format& format = network.value_format(graph.inputs[port]);
    std::vector<std::uint64_t> codes;
    for (const double x : sample[port]) codes.push_back(code_of(format, round_value(format, x)));
    vectors.inputs[port].push_back(std::move(codes));
  }
  for (std::size_t port = 0; port < graph.outputs.size(); ++port) {
    const Format& format = network.value_format(graph.outputs[port]);
    std::vector<std::uint64_t> codes;
    for (const Expansion& y : results[port]) codes.push_back(code_of(format, y));
    vectors.outputs[port].push_back(std::move(codes));
  }
  ++vectors.samples;
}

}  // namespace

Result<TestVectors> make_vectors(const Network& network, const EmitOptions& options) {
  auto simulator = Simulator::create(*network.lowered, network.formats);
  if (!simulator) return fail(simulator.error());
  TestVectors vectors;
  vectors.inputs.resize(network.graph().inputs.size());
  vectors.outputs.resize(network.graph().outputs.size());
  const bool given = !options.test_inputs.empty();
  for (const Sample& sample : given ? options.test_inputs : random_samples(network)) {
    auto results = simulator->run(sample);
    if (!results && given) return fail(results.error());
    if (results) add_sample(network, sample, *results, vectors);
  }
  if (vectors.samples == 0) {
    return fail("E0702", "every random sample overflows a format whose overflow mode is `error`: no test bench can be made",
                "", {"give test inputs within the proved range"});
  }
  return vectors;
}

}  // namespace halfulp::emit_detail
