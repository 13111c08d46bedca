#include "bench_measure.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <numbers>
#include <vector>

#include "halfulp/formats/group.hpp"
#include "halfulp/formats/quantize.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp::cli {
namespace {

double time_of(const std::function<void()>& work) {
  const double start = processor_seconds();
  work();
  return processor_seconds() - start;
}

double median(std::vector<double> x) {
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
  return x[x.size() / 2];
}

// Box and Muller; a table of distinct values repeated, because the data's size is what matters.
std::vector<float> normal_values(std::size_t count, std::uint64_t seed, std::uint64_t stream) {
  constexpr std::size_t kDistinct = std::size_t{1} << 20;
  std::vector<float> values(count);
  for (std::size_t i = 0; i < std::min(count, kDistinct); ++i) {
    const double u = (random_bits(seed, stream, 2 * i) + 1.0) * 0x1p-32, v = random_bits(seed, stream, 2 * i + 1) * 0x1p-32;
    values[i] = static_cast<float>(std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v));
  }
  for (std::size_t i = kDistinct; i < count; ++i) values[i] = values[i - kDistinct];
  return values;
}

constexpr std::size_t kColumns = 4096;

}  // namespace

double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

Measured measure_beside(const std::function<void()>& work, const std::function<void()>& reference, int repetitions) {
  reference();
  work();
  std::vector<double> times, reference_times;
  for (int i = 0; i < repetitions; ++i) {
    reference_times.push_back(time_of(reference));
    times.push_back(time_of(work));
  }
  return {median(times), median(reference_times)};
}

Measured measure_quantize(const Format& format, std::size_t elements, int repetitions, std::uint64_t seed) {
  const std::vector<float> in = normal_values(elements, seed, 1);
  std::vector<float> out(elements);
  const std::size_t columns = elements % kColumns == 0 ? kColumns : elements;
  const std::int64_t shape[] = {static_cast<std::int64_t>(elements / columns), static_cast<std::int64_t>(columns)};
  const int axis = format.per_channel ? 0 : 1;
  return measure_beside([&] { quantize_tensor(format, std::span<const float>(in), std::span<float>(out), shape, axis, seed); },
                        [&] { std::memcpy(out.data(), in.data(), elements * sizeof(float)); }, repetitions);
}

Measured measure_gemm(const GemmCase& formats, std::size_t size, int repetitions, std::uint64_t seed) {
  const std::vector<float> left = normal_values(size * size, seed, 1), right = normal_values(size * size, seed, 2);
  std::vector<double> a(left.begin(), left.end()), b(right.begin(), right.end()), c(size * size);
  // Blocks run along the sums.
  const std::int64_t shape_of_both[] = {static_cast<std::int64_t>(size), static_cast<std::int64_t>(size)};
  round_tensor(formats.input, a, a, shape_of_both, 1);
  round_tensor(formats.input, b, b, shape_of_both, 0);
  std::vector<float> product(size * size);
  const GemmShape shape{size, size, size};
  return measure_beside([&] { gemm(shape, a, b, {}, c, formats.options); }, [&] { single_product(shape, left, right, product); }, repetitions);
}

}  // namespace halfulp::cli
