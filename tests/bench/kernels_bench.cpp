// Rounding of arrays and quantised matrix products; memcpy and sgemm beside them.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "halfulp/formats/quantize.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/simulate/gemm.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kElements = std::size_t{16} << 20;
constexpr std::size_t kSize = 256;

std::vector<float> values(std::size_t count) {
  std::vector<float> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<float>(random_bits(1, 2, i) * 0x1p-30 - 2);
  return x;
}

void copy(benchmark::State& state) {
  const auto in = values(kElements);
  std::vector<float> out(kElements);
  for (auto _ : state) {
    std::memcpy(out.data(), in.data(), kElements * sizeof(float));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kElements));
}
BENCHMARK(copy);

void round_array(benchmark::State& state, const std::string& spelling) {
  const Format format = parse_format(spelling).value();
  const auto in = values(kElements);
  std::vector<float> out(kElements);
  for (auto _ : state) quantize(format, std::span<const float>(in), std::span<float>(out));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kElements));
}
BENCHMARK_CAPTURE(round_array, e5m2, "e5m2");
BENCHMARK_CAPTURE(round_array, bf16, "bf16");
BENCHMARK_CAPTURE(round_array, fixed, "fixed<8,4>");
BENCHMARK_CAPTURE(round_array, e5m2_odd, "e5m2:odd");
BENCHMARK_CAPTURE(round_array, e5m2_stochastic, "e5m2:stochastic");

void single(benchmark::State& state) {
  const auto a = values(kSize * kSize), b = a;
  std::vector<float> c(kSize * kSize);
  for (auto _ : state) single_product({kSize, kSize, kSize}, a, b, c);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSize * kSize * kSize));
}
BENCHMARK(single);

void product(benchmark::State& state, const std::string& input, const std::string& rounded_product, const std::string& accumulator) {
  const auto x = values(kSize * kSize);
  std::vector<double> a(x.begin(), x.end()), c(a.size());
  quantize(parse_format(input).value(), a, a);
  GemmOptions options{.accumulator = parse_format(accumulator).value()};
  if (!rounded_product.empty()) options.product = parse_format(rounded_product).value();
  for (auto _ : state) gemm({kSize, kSize, kSize}, a, a, {}, c, options);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSize * kSize * kSize));
}
BENCHMARK_CAPTURE(product, e6m9_product_and_sum, "float<6,9>", "float<6,9>", "float<6,9>");
BENCHMARK_CAPTURE(product, e4m3_into_fp16, "e4m3", "", "fp16");
BENCHMARK_CAPTURE(product, fixed, "fixed<16,8>", "", "fixed<16,8>");

}  // namespace
}  // namespace halfulp
