#include "halfulp/formats/quantize.hpp"

#include <hwy/cache_control.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "draws.hpp"
#include "element_plan.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

using kernels::DrawsPointer;
using kernels::kDrawGroup;

constexpr std::size_t kChunk = 2048;                  // elements whose draws stay in the first-level cache
constexpr std::size_t kStreamBytes = std::size_t{8} << 20;  // from here on results go past the caches
constexpr std::size_t kFewest = std::size_t{1} << 14;       // elements worth a thread
constexpr std::size_t kCacheLine = 64;

// A part of the arrays: element i is number `first` + i of the stream.
template <typename T>
struct Part {
  const T* in;
  T* out;
  std::size_t count;
  std::uint64_t first;
};

// Calls round(part, draws) for consecutive chunks; after the first one the outputs start at cache lines.
template <typename T, typename Round>
void in_chunks(const Part<T>& whole, std::uint64_t seed, std::uint64_t stream, bool stochastic, const Round& round) {
  alignas(kCacheLine) std::uint32_t draws[kChunk + 2 * kDrawGroup];
  const std::size_t misplaced = reinterpret_cast<std::uintptr_t>(whole.out) % kCacheLine / sizeof(T);
  std::size_t size = kChunk - misplaced;
  for (std::size_t i = 0; i < whole.count; i += size, size = kChunk) {
    size = std::min(size, whole.count - i);
    const Part<T> part{whole.in + i, whole.out + i, size, whole.first + i};
    if (!stochastic) {
      round(part, nullptr);
      continue;
    }
    const std::size_t skipped = part.first % kDrawGroup;
    const std::size_t drawn = (skipped + size + kDrawGroup - 1) / kDrawGroup * kDrawGroup;
    kernels::fill_draws(seed, stream, part.first - skipped, draws, drawn);
    round(part, draws + skipped);
  }
}

// Through a buffer of doubles, for formats that a kernel of doubles rounds to and one of floats does not.
void round_widened(const kernels::ElementPlan<double>& plan, const Part<float>& part, DrawsPointer draws) {
  alignas(kCacheLine) double wide[kChunk];
  std::copy_n(part.in, part.count, wide);
  kernels::round_elements(plan, wide, draws, wide, part.count, false);
  std::transform(wide, wide + part.count, part.out, [](double x) { return static_cast<float>(x); });
}

template <typename T>
class Quantizer {
 public:
  Quantizer(const Format& format, std::uint64_t seed, std::uint64_t stream, bool past_caches)
      : format_(format), seed_(seed), stream_(stream), past_caches_(past_caches), plan_(kernels::plan_elements<T>(format)) {
    if constexpr (sizeof(T) == 4) {
      if (!plan_) wide_plan_ = kernels::plan_elements<double>(format);
    }
  }

  void run(const Part<T>& part) const {
    const bool stochastic = format_.rounding == RoundingMode::kStochastic;
    in_chunks(part, seed_, stream_, stochastic, [&](const Part<T>& chunk, DrawsPointer draws) { round(chunk, draws); });
    if (past_caches_) hwy::FlushStream();
  }

 private:
  void round(const Part<T>& chunk, DrawsPointer draws) const {
    if (plan_) return kernels::round_elements(*plan_, chunk.in, draws, chunk.out, chunk.count, past_caches_);
    if constexpr (sizeof(T) == 4) {
      if (wide_plan_) return round_widened(*wide_plan_, chunk, draws);
    }
    kernels::round_scalar(format_, chunk.in, draws, chunk.out, chunk.count);
  }

  const Format& format_;
  std::uint64_t seed_, stream_;
  bool past_caches_;
  std::optional<kernels::ElementPlan<T>> plan_;
  std::optional<kernels::ElementPlan<double>> wide_plan_;
};

std::size_t workers(int threads, std::size_t count) {
  const std::size_t wanted = threads > 0 ? static_cast<std::size_t>(threads) : std::max(1u, std::thread::hardware_concurrency());
  return std::clamp<std::size_t>(count / kFewest, 1, wanted);
}

template <typename T>
void quantize_any(const Format& format, std::span<const T> in, std::span<T> out, std::uint64_t seed, std::uint64_t stream, int threads,
                  std::uint64_t first) {
  HALFULP_ASSERT(fits_double(format));
  HALFULP_ASSERT(in.size() == out.size());
  const bool past_caches = in.data() != out.data() && in.size_bytes() >= kStreamBytes;
  const Quantizer<T> quantizer(format, seed, stream, past_caches);
  const std::size_t parts = workers(threads, in.size());
  const std::size_t share = (in.size() / parts + kChunk) / kChunk * kChunk;
  const auto part = [&](std::size_t i) {
    const std::size_t begin = std::min(in.size(), i * share), end = std::min(in.size(), begin + share);
    quantizer.run(Part<T>{in.data() + begin, out.data() + begin, end - begin, first + begin});
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < parts; ++i) others.emplace_back(part, i);
  part(0);
}

}  // namespace

void quantize(const Format& format, std::span<const float> in, std::span<float> out, std::uint64_t seed, std::uint64_t stream,
              int threads, std::uint64_t first_element) {
  quantize_any(format, in, out, seed, stream, threads, first_element);
}

void quantize(const Format& format, std::span<const double> in, std::span<double> out, std::uint64_t seed, std::uint64_t stream,
              int threads, std::uint64_t first_element) {
  quantize_any(format, in, out, seed, stream, threads, first_element);
}

bool has_vector_kernel(const Format& format, bool single_precision) {
  const bool wide = kernels::plan_elements<double>(format).has_value();
  return wide || (single_precision && kernels::plan_elements<float>(format).has_value());
}

}  // namespace halfulp
