// int and uint: a scale and a zero point for the tensor, or for each index of the axis.
#include <hwy/cache_control.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "halfulp/formats/round.hpp"
#include "parallel.hpp"
#include "quantize_group.hpp"

namespace halfulp::kernels {
namespace {

constexpr std::size_t kPadding = 16;       // the longest vector
constexpr std::size_t kShortSegment = 64;  // shorter ones are rounded with a scale for each element

template <typename T>
constexpr int kWidest = sizeof(T) == 4 ? 16 : 24;
// Away from subnormal scales, and from scales that saturated.
constexpr double kLeastScale = 0x1p-100, kGreatestScale = 0x1p100;

bool is_usable(const GroupScale& scale) { return scale.scale >= kLeastScale && scale.scale <= kGreatestScale; }

// The parameters of a kernel for each of `count` elements.
template <typename T>
struct Parameters {
  explicit Parameters(std::size_t count) : scale(count + kPadding, 1), zero(count + kPadding), low(count + kPadding), high(count + kPadding) {}
  std::vector<T> scale, zero, low, high;
};

template <typename T>
class IntegerTensor {
 public:
  explicit IntegerTensor(const TensorJob<T>& job)
      : job_(job), lowest_(lowest(*job.format.element) + (job.format.is_symmetric && job.format.is_signed ? 1 : 0)), largest_(largest(*job.format.element)) {}

  bool run() {
    const View& view = job_.view;
    if (view.outer == 1) return run_rows();
    const bool is_short = view.inner < kShortSegment;
    const auto extents = is_short ? extents_of_columns() : extents_of_segments();
    Parameters<T> channels(view.extent);
    for (std::size_t c = 0; c < view.extent; ++c) {
      if (!set(channels, c, choose_scale(job_.format, extents[c]))) return false;
    }
    if (is_short) {
      run_columns(channels);
    } else {
      run_segments(channels);
    }
    return true;
  }

 private:
  bool set(Parameters<T>& parameters, std::size_t i, const GroupScale& scale) const {
    parameters.scale[i] = static_cast<T>(scale.scale);
    parameters.zero[i] = static_cast<T>(scale.zero);
    parameters.low[i] = static_cast<T>(lowest_ - scale.zero);
    parameters.high[i] = static_cast<T>(largest_ - scale.zero);
    return is_usable(scale);
  }
  IntegerPlan<T> plan(const Parameters<T>& parameters, std::size_t i, bool each) const {
    return {.format = &job_.format, .each = each, .scale = &parameters.scale[i], .zero = &parameters.zero[i], .low = &parameters.low[i],
            .high = &parameters.high[i]};
  }

  // Channels whose values lie together: each is rounded as soon as its scale is known, while it is in the caches.
  bool run_rows() {
    const std::size_t inner = job_.view.inner;
    share(job_.threads, job_.view.extent, 1, inner, [&](std::size_t begin, std::size_t end) {
      Parameters<T> one(1);
      for (std::size_t row = begin; row < end; ++row) {
        const std::span<const T> values = job_.in.subspan(row * inner, inner);
        const GroupScale scale = choose_scale(job_.format, tensor_extent(values));
        if (set(one, 0, scale)) {
          round(plan(one, 0, false), row * inner, inner);
        } else {
          round_slowly(element_of(job_.format, scale), row * inner, inner);
        }
      }
    });
    if (job_.streams()) hwy::FlushStream();
    return true;
  }

  std::vector<GroupExtent> extents_of_segments() const {
    const View& view = job_.view;
    std::vector<GroupExtent> extents(view.extent);
    std::vector<bool> begun(view.extent);
    for (std::size_t row = 0; row < view.outer * view.extent; ++row) {
      GroupExtent& all = extents[row % view.extent];
      const GroupExtent here = tensor_extent(job_.in.subspan(row * view.inner, view.inner));
      if (here.lowest == 0 && here.largest == 0 && !has_finite(row)) continue;
      all = begun[row % view.extent] ? GroupExtent{std::fmin(all.lowest, here.lowest), std::fmax(all.largest, here.largest)} : here;
      begun[row % view.extent] = true;
    }
    return extents;
  }
  bool has_finite(std::size_t row) const {
    const auto values = job_.in.subspan(row * job_.view.inner, job_.view.inner);
    return std::any_of(values.begin(), values.end(), [](T x) { return std::isfinite(x); });
  }

  std::vector<GroupExtent> extents_of_columns() const {
    const std::size_t columns = job_.view.extent * job_.view.inner;
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    std::vector<T> low(columns, kInfinity), high(columns, -kInfinity);
    for (std::size_t row = 0; row < job_.view.outer; ++row) widen_columns(job_.in.data() + row * columns, columns, low.data(), high.data());
    std::vector<GroupExtent> extents(job_.view.extent);
    for (std::size_t c = 0; c < extents.size(); ++c) {
      const auto first = static_cast<std::ptrdiff_t>(c * job_.view.inner), last = first + static_cast<std::ptrdiff_t>(job_.view.inner);
      const T least = *std::min_element(low.begin() + first, low.begin() + last), most = *std::max_element(high.begin() + first, high.begin() + last);
      extents[c] = std::isfinite(least) && std::isfinite(most) ? GroupExtent{static_cast<double>(least), static_cast<double>(most)} : extent_of(gathered(c));
    }
    return extents;
  }
  std::vector<double> gathered(std::size_t channel) const {
    std::vector<double> values;
    for (std::size_t o = 0; o < job_.view.outer; ++o) {
      const auto segment = job_.in.subspan((o * job_.view.extent + channel) * job_.view.inner, job_.view.inner);
      values.insert(values.end(), segment.begin(), segment.end());
    }
    return values;
  }

  void run_segments(const Parameters<T>& channels) const {
    const View& view = job_.view;
    share(job_.threads, view.outer * view.extent, 1, view.inner, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = begin; row < end; ++row) round(plan(channels, row % view.extent, false), row * view.inner, view.inner);
    });
    if (job_.streams()) hwy::FlushStream();
  }

  void run_columns(const Parameters<T>& channels) const {
    const View& view = job_.view;
    const std::size_t columns = view.extent * view.inner;
    Parameters<T> each(columns);
    for (std::size_t i = 0; i < columns; ++i) {
      const std::size_t c = i / view.inner;
      each.scale[i] = channels.scale[c];
      each.zero[i] = channels.zero[c];
      each.low[i] = channels.low[c];
      each.high[i] = channels.high[c];
    }
    share(job_.threads, view.outer, 1, columns, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = begin; row < end; ++row) {
        for (std::size_t i = 0; i < columns; i += kMaxElements) {
          round(plan(each, i, true), row * columns + i, std::min(kMaxElements, columns - i));
        }
      }
    });
    if (job_.streams()) hwy::FlushStream();
  }

  void round(const IntegerPlan<T>& plan, std::size_t first, std::size_t count) const {
    T copy[kMaxElements];
    // After the first chunk the outputs start at cache lines.
    constexpr std::size_t kLine = 64;
    std::size_t size = kMaxElements - reinterpret_cast<std::uintptr_t>(job_.out.data() + first) % kLine / sizeof(T);
    for (std::size_t i = first; i < first + count; i += size, size = kMaxElements) {
      size = std::min(size, first + count - i);
      const bool in_place = job_.in.data() == job_.out.data();
      if (in_place) std::copy_n(job_.in.data() + i, size, copy);
      const GroupJob<T> part{.in = in_place ? copy : job_.in.data() + i, .key = {job_.key.seed, job_.key.stream, job_.key.first + i},
                             .out = job_.out.data() + i, .count = size, .block = size, .stream = job_.streams()};
      const IntegerPlan<T> here = plan.each ? from(plan, i - first) : plan;
      if (!round_integers(here, part)) round_part_slowly(here, part);
    }
  }

  static IntegerPlan<T> from(const IntegerPlan<T>& plan, std::size_t i) {
    return {.format = plan.format, .each = true, .scale = plan.scale + i, .zero = plan.zero + i, .low = plan.low + i, .high = plan.high + i};
  }

  // Chunks with NaN or infinities.
  void round_part_slowly(const IntegerPlan<T>& plan, const GroupJob<T>& part) const {
    const auto element = [&](std::size_t i) { return element_of(job_.format, {static_cast<double>(plan.scale[i]), static_cast<double>(plan.zero[i])}); };
    Format format = element(0);
    for (std::size_t i = 0; i < part.count; ++i) {
      if (plan.each && i > 0) format = element(i);
      part.out[i] = rounded(format, part.in[i], part.key.first + i);
    }
  }
  void round_slowly(const Format& element, std::size_t first, std::size_t count) const {
    for (std::size_t i = first; i < first + count; ++i) job_.out[i] = rounded(element, job_.in[i], job_.key.first + i);
  }
  T rounded(const Format& element, T x, std::size_t index) const {
    const bool draws = element.rounding == RoundingMode::kStochastic;
    return static_cast<T>(round_to(element, static_cast<double>(x), draws ? random_bits(job_.key.seed, job_.key.stream, index) : 0));
  }

  const TensorJob<T>& job_;
  double lowest_, largest_;
};

}  // namespace

template <typename T>
bool quantize_integers(const TensorJob<T>& job) {
  if (!has_fused_kernels() || job.format.width_bits > kWidest<T>) return false;
  return IntegerTensor<T>(job).run();
}

template bool quantize_integers(const TensorJob<float>&);
template bool quantize_integers(const TensorJob<double>&);

}  // namespace halfulp::kernels
