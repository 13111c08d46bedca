// Error bounds of float32 dot products: one dense layer of n inputs and m outputs over the box [-1, 1]^n, in every order of summation.
// The counter `us_per_output` is the time of a whole analysis (ranges, errors, overflow) divided by m.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "halfulp/analysis/analysis.hpp"
#include "support/graph_builder.hpp"

namespace halfulp {
namespace {

Graph dense_layer(std::int64_t inputs, std::int64_t outputs) {
  test::RandomGraph random(7);
  test::GraphBuilder builder;
  const NodeId x = builder.input({1, inputs});
  std::vector<double> weights;
  for (std::int64_t i = 0; i < inputs * outputs; ++i) weights.push_back(static_cast<double>(random.integer(-1000000, 1000000)) / 1e6);
  builder.graph.outputs = {builder.add("linear", {x, builder.constant({outputs, inputs}, std::move(weights))}, {1, outputs})};
  return builder.graph;
}

void dot_products(benchmark::State& state, Engine engine, SummationOrder order) {
  const std::int64_t inputs = state.range(0), outputs = state.range(1);
  const Graph graph = dense_layer(inputs, outputs);
  const auto lowered = lower(graph);
  const Format single = parse_format("fp32").value();
  FormatAssignment formats(graph.nodes.size());
  NodeFormats& layer = formats[static_cast<std::size_t>(graph.outputs[0])];
  layer.weight = layer.product = layer.accumulator = layer.output = single;
  layer.order = order;
  const InputBox box = {std::vector<Interval>(static_cast<std::size_t>(inputs), Interval(-1, 1))};
  for (auto _ : state) {
    auto analysis = analyze_box(*lowered, formats, box, {.engine = engine});
    benchmark::DoNotOptimize(analysis);
  }
  state.counters["us_per_output"] = benchmark::Counter(static_cast<double>(outputs) * 1e-6 * static_cast<double>(state.iterations()),
                                                       benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

constexpr SummationOrder kSequential{.kind = SummationOrder::Kind::kSequential};
constexpr SummationOrder kBlocked{.kind = SummationOrder::Kind::kBlocked, .block = 16};
constexpr SummationOrder kTree{.kind = SummationOrder::Kind::kTree};

BENCHMARK_CAPTURE(dot_products, fast_sequential, Engine::kFast, kSequential)->ArgsProduct({{4, 32, 128, 512, 4096}, {64, 256}});
BENCHMARK_CAPTURE(dot_products, fast_blocked, Engine::kFast, kBlocked)->ArgsProduct({{4, 32, 128, 512, 4096}, {64}});
BENCHMARK_CAPTURE(dot_products, fast_tree, Engine::kFast, kTree)->ArgsProduct({{4, 32, 128, 512, 4096}, {64}});
BENCHMARK_CAPTURE(dot_products, mpfr_sequential, Engine::kMpfr, kSequential)->ArgsProduct({{4, 32, 128, 512}, {16}});

}  // namespace
}  // namespace halfulp
