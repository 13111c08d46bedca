#include "halfulp/formats/quantize.hpp"

#include <hwy/cache_control.h>

#include <algorithm>

#include "draws.hpp"
#include "element_plan.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"
#include "logarithm_table.hpp"
#include "parallel.hpp"

namespace halfulp {
namespace {

using kernels::DrawKey;
using kernels::kDrawGroup;
using kernels::kMaxElements;

constexpr std::size_t kCacheLine = 64;

template <typename T>
struct Part {
  const T* in;
  T* out;
  std::size_t count;
  DrawKey key;
};

// Calls round(part) for consecutive chunks; after the first one the outputs start at cache lines.
template <typename T, typename Round>
void in_chunks(const Part<T>& whole, const Round& round) {
  std::size_t size = kMaxElements - reinterpret_cast<std::uintptr_t>(whole.out) % kCacheLine / sizeof(T);
  for (std::size_t i = 0; i < whole.count; i += size, size = kMaxElements) {
    size = std::min(size, whole.count - i);
    round(Part<T>{whole.in + i, whole.out + i, size, {whole.key.seed, whole.key.stream, whole.key.first + i}});
  }
}

// Through a buffer of doubles, for formats that a kernel of doubles rounds to and one of floats does not.
void round_widened(const kernels::ElementPlan<double>& plan, const Part<float>& part) {
  alignas(kCacheLine) double wide[kMaxElements], rounded[kMaxElements];
  std::copy_n(part.in, part.count, wide);
  kernels::round_elements(kernels::ElementJob<double>{plan, wide, part.key, rounded, part.count, false});
  std::transform(rounded, rounded + part.count, part.out, [](double x) { return static_cast<float>(x); });
}

template <typename T>
void round_unvectorised(const Format& format, const Part<T>& part) {
  if (format.rounding != RoundingMode::kStochastic) return kernels::round_scalar(format, part.in, nullptr, part.out, part.count);
  std::uint32_t draws[kMaxElements + 2 * kDrawGroup];
  const std::size_t skipped = part.key.first % kDrawGroup;
  const std::size_t drawn = (skipped + part.count + kDrawGroup - 1) / kDrawGroup * kDrawGroup;
  kernels::fill_draws(part.key.seed, part.key.stream, part.key.first - skipped, draws, drawn);
  kernels::round_scalar(format, part.in, draws + skipped, part.out, part.count);
}

template <typename T>
class Quantizer {
 public:
  Quantizer(const Format& format, std::size_t count, bool past_caches)
      : format_(format), past_caches_(past_caches), plan_(kernels::plan_elements<T>(format)) {
    if constexpr (sizeof(T) == 4) {
      if (!plan_) wide_plan_ = kernels::plan_elements<double>(format);
      table_ = kernels::LogarithmTable::make(format, count);
    }
  }

  void run(const Part<T>& part) const {
    if (part.in != part.out) {
      in_chunks(part, [&](const Part<T>& chunk) { round(chunk); });
    } else {
      alignas(kCacheLine) T copy[kMaxElements];
      in_chunks(part, [&](const Part<T>& chunk) {
        std::copy_n(chunk.in, chunk.count, copy);
        round({copy, chunk.out, chunk.count, chunk.key});
      });
    }
    if (past_caches_) hwy::FlushStream();
  }

 private:
  void round(const Part<T>& chunk) const {
    if (plan_) return kernels::round_elements(kernels::ElementJob<T>{*plan_, chunk.in, chunk.key, chunk.out, chunk.count, past_caches_});
    if constexpr (sizeof(T) == 4) {
      if (wide_plan_) return round_widened(*wide_plan_, chunk);
      if (table_) return table_->round(chunk.in, chunk.out, chunk.count);
    }
    round_unvectorised(format_, chunk);
  }

  const Format& format_;
  bool past_caches_;
  std::optional<kernels::ElementPlan<T>> plan_;
  std::optional<kernels::ElementPlan<double>> wide_plan_;
  std::optional<kernels::LogarithmTable> table_;
};

template <typename T>
void quantize_any(const Format& format, std::span<const T> in, std::span<T> out, std::uint64_t seed, std::uint64_t stream, int threads,
                  std::uint64_t first) {
  HALFULP_ASSERT(fits_double(format));
  HALFULP_ASSERT(in.size() == out.size());
  const bool past_caches = in.data() != out.data() && in.size_bytes() >= kernels::kStreamBytes;
  const Quantizer<T> quantizer(format, in.size(), past_caches);
  kernels::share(threads, in.size(), kMaxElements, 1, [&](std::size_t begin, std::size_t end) {
    quantizer.run(Part<T>{in.data() + begin, out.data() + begin, end - begin, {seed, stream, first + begin}});
  });
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
