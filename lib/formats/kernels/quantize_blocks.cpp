// bfp, mx and nvfp4: blocks along the axis.
#include <hwy/cache_control.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <vector>

#include "block_plan.hpp"
#include "halfulp/formats/round.hpp"
#include "parallel.hpp"
#include "quantize_group.hpp"

namespace halfulp::kernels {
namespace {

constexpr std::size_t kPadding = 16;  // the longest vector

template <typename T>
class PowerScales {
 public:
  explicit PowerScales(const BlockPlan<T>& plan) : plan_(plan) {}
  void find(const BitsOf<T>* maxima, std::size_t count, T* scales) const { find_block_scales(plan_, maxima, count, scales); }
  bool round(const GroupJob<T>& job, const T* scales) const { return round_blocks(plan_, job, scales); }
  bool round_at_once(const GroupJob<T>& job) const { return round_small_blocks(plan_, job); }
  double tensor_scale() const { return 1; }

 private:
  const BlockPlan<T>& plan_;
};

template <typename T>
class Nvfp4Scales {
 public:
  explicit Nvfp4Scales(const Nvfp4Plan<T>& plan) : plan_(plan) {}
  void find(const BitsOf<T>* maxima, std::size_t count, T* scales) const { find_nvfp4_scales(plan_, maxima, count, scales); }
  bool round(const GroupJob<T>& job, const T* scales) const { return round_nvfp4(plan_, job, scales); }
  bool round_at_once(const GroupJob<T>&) const { return false; }
  double tensor_scale() const { return plan_.tensor_scale; }

 private:
  const Nvfp4Plan<T>& plan_;
};

// Scales of consecutive blocks or columns. Those the kernel does not find are chosen by the scalar path, and so are the elements.
template <typename T, class Scales>
class BlockTensor {
 public:
  // The maxima of all blocks, if they lie one after the other and are known.
  BlockTensor(const TensorJob<T>& job, const Scales& scales, std::span<const BitsOf<T>> known_maxima = {})
      : job_(job), scales_(scales), known_maxima_(known_maxima), block_(static_cast<std::size_t>(job.format.block_size)), in_place_(job.in.data() == job.out.data()) {}

  void run() {
    const View& view = job_.view;
    if (view.inner == 1) {
      run_rows();
    } else {
      share(job_.threads, view.outer, 1, view.extent * view.inner, [&](std::size_t begin, std::size_t end) {
        for (std::size_t o = begin; o < end; ++o) run_columns(o * view.extent * view.inner);
      });
    }
    if (job_.streams()) hwy::FlushStream();
  }

 private:
  struct Exception {
    std::size_t place;
    Format element;
  };

  // Rows of whole blocks are one long row.
  void run_rows() {
    const View& view = job_.view;
    const bool whole = view.extent % block_ == 0;
    const std::size_t length = whole ? job_.in.size() : view.extent, rows = whole ? 1 : view.outer;
    if (rows == 1) {
      const std::size_t granule = std::max<std::size_t>(1, kMaxElements / block_);
      const std::size_t blocks = (length + block_ - 1) / block_;
      return share(job_.threads, blocks, granule, block_, [&](std::size_t begin, std::size_t end) {
        run_blocks(begin * block_, std::min(length, end * block_) - begin * block_);
      });
    }
    share(job_.threads, rows, 1, length, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = begin; row < end; ++row) run_blocks(row * length, length);
    });
  }

  void run_blocks(std::size_t first, std::size_t count) const {
    const std::size_t chunk = block_ <= kMaxElements ? kMaxElements / block_ * block_ : block_;
    for (std::size_t i = first; i < first + count; i += chunk) {
      const std::size_t size = std::min(chunk, first + count - i);
      if (block_ <= kMaxElements) {
        run_chunk(i, size);
      } else {
        run_long_block(i, size);
      }
    }
  }

  void run_chunk(std::size_t first, std::size_t count) const {
    T copy[kMaxElements], scale[kMaxElements + kPadding];
    BitsOf<T> maxima[kMaxElements];
    const std::size_t blocks = (count + block_ - 1) / block_;
    const T* in = source(first, count, copy);
    const GroupJob<T> part = part_of(in, first, count, block_);
    if (scales_.round_at_once(part)) return;
    if (known_maxima_.empty()) find_maxima({in, count}, block_, maxima);
    scales_.find(known_maxima_.empty() ? maxima : known_maxima_.data() + first / block_, blocks, scale);
    const auto exceptions = replace_unknown(scale, blocks, [&](std::size_t b) {
      return std::vector<double>(in + b * block_, in + std::min(count, (b + 1) * block_));
    });
    if (!scales_.round(part, scale)) {
      for (std::size_t b = 0; b < blocks; ++b) round_slowly(part, b * block_, (b + 1) * block_, element_for(scale[b]));
    }
    for (const Exception& exception : exceptions) {
      round_slowly(part, exception.place * block_, (exception.place + 1) * block_, exception.element);
    }
  }

  void run_long_block(std::size_t first, std::size_t count) const {
    T copy[kMaxElements], scale[1];
    BitsOf<T> maximum = 0;
    find_maxima(job_.in.subspan(first, count), count, &maximum);
    scales_.find(&maximum, 1, scale);
    const auto exceptions = replace_unknown(scale, 1, [&](std::size_t) {
      return std::vector<double>(job_.in.begin() + static_cast<std::ptrdiff_t>(first), job_.in.begin() + static_cast<std::ptrdiff_t>(first + count));
    });
    for (std::size_t i = first; i < first + count; i += kMaxElements) {
      const std::size_t size = std::min(kMaxElements, first + count - i);
      const GroupJob<T> part = part_of(source(i, size, copy), i, size, size);
      if (exceptions.empty() && scales_.round(part, scale)) continue;
      round_slowly(part, 0, size, exceptions.empty() ? element_for(scale[0]) : exceptions[0].element);
    }
  }

  // A slice of the axis at one place outside it: blocks of rows, a column each.
  void run_columns(std::size_t base) const {
    const View& view = job_.view;
    for (std::size_t row = 0; row < view.extent; row += block_) {
      const std::size_t rows = std::min(block_, view.extent - row);
      for (std::size_t column = 0; column < view.inner; column += kMaxElements) {
        run_column_block(base + row * view.inner + column, rows, std::min(kMaxElements, view.inner - column));
      }
    }
  }

  void run_column_block(std::size_t first, std::size_t rows, std::size_t columns) const {
    T copy[kMaxElements], scale[kMaxElements + kPadding];
    BitsOf<T> maxima[kMaxElements] = {};
    const std::size_t stride = job_.view.inner;
    for (std::size_t k = 0; k < rows; ++k) raise_maxima(job_.in.data() + first + k * stride, columns, maxima);
    scales_.find(maxima, columns, scale);
    std::fill_n(scale + columns, kPadding, T{1});
    const auto exceptions = replace_unknown(scale, columns, [&](std::size_t c) {
      std::vector<double> values;
      for (std::size_t k = 0; k < rows; ++k) values.push_back(static_cast<double>(job_.in[first + k * stride + c]));
      return values;
    });
    for (std::size_t k = 0; k < rows; ++k) {
      const std::size_t i = first + k * stride;
      const GroupJob<T> part = part_of(source(i, columns, copy), i, columns, 1);
      if (!scales_.round(part, scale)) {
        for (std::size_t c = 0; c < columns; ++c) round_slowly(part, c, c + 1, element_for(scale[c]));
      }
      for (const Exception& exception : exceptions) round_slowly(part, exception.place, exception.place + 1, exception.element);
    }
  }

  template <typename Gather>
  std::vector<Exception> replace_unknown(T* scale, std::size_t count, const Gather& gather) const {
    std::vector<Exception> exceptions;
    for (std::size_t i = 0; i < count; ++i) {
      if (scale[i] != 0) continue;
      scale[i] = 1;
      const std::vector<double> values = gather(i);
      exceptions.push_back({i, element_of(job_.format, choose_scale(job_.format, values, scales_.tensor_scale()))});
    }
    return exceptions;
  }
  Format element_for(T scale) const { return element_of(job_.format, {static_cast<double>(scale) * scales_.tensor_scale(), 0}); }

  const T* source(std::size_t first, std::size_t count, T* copy) const {
    if (!in_place_) return job_.in.data() + first;
    std::copy_n(job_.in.data() + first, count, copy);
    return copy;
  }
  GroupJob<T> part_of(const T* in, std::size_t first, std::size_t count, std::size_t block) const {
    return {.in = in, .key = {job_.key.seed, job_.key.stream, job_.key.first + first}, .out = job_.out.data() + first, .count = count,
            .block = block, .stream = job_.streams()};
  }
  void round_slowly(const GroupJob<T>& part, std::size_t first, std::size_t last, const Format& element) const {
    const bool draws = element.rounding == RoundingMode::kStochastic;
    for (std::size_t i = first; i < std::min(part.count, last); ++i) {
      const std::uint32_t draw = draws ? random_bits(part.key.seed, part.key.stream, part.key.first + i) : 0;
      part.out[i] = static_cast<T>(round_to(element, static_cast<double>(part.in[i]), draw));
    }
  }

  const TensorJob<T>& job_;
  const Scales& scales_;
  std::span<const BitsOf<T>> known_maxima_;
  std::size_t block_;
  bool in_place_;
};

// The maxima of blocks that lie one after the other, which are those of the tensor too.
template <typename T>
std::vector<BitsOf<T>> all_maxima(const TensorJob<T>& job) {
  const auto block = static_cast<std::size_t>(job.format.block_size);
  if (job.view.inner != 1 || job.view.extent % block != 0) return {};
  std::vector<BitsOf<T>> maxima(job.in.size() / block);
  share(job.threads, maxima.size(), 1, block, [&](std::size_t begin, std::size_t end) {
    find_maxima(job.in.subspan(begin * block, (end - begin) * block), block, maxima.data() + begin);
  });
  return maxima;
}

template <typename T>
GroupExtent extent_of_maxima(const TensorJob<T>& job, std::span<const BitsOf<T>> maxima) {
  if (maxima.empty()) return tensor_extent(job.in);
  const T most = std::bit_cast<T>(*std::max_element(maxima.begin(), maxima.end()));
  return std::isfinite(most) ? GroupExtent{0, static_cast<double>(most)} : tensor_extent(job.in);
}

template <typename T>
bool quantize_nvfp4(const TensorJob<T>& job) {
  constexpr double kLeastScale = 0x1p-90, kGreatestScale = 0x1p100;
  if (!has_fused_kernels()) return false;
  const auto maxima = all_maxima(job);
  const double tensor_scale = choose_tensor_scale(job.format, extent_of_maxima<T>(job, maxima));
  if (tensor_scale < kLeastScale || tensor_scale > kGreatestScale) return false;
  const auto plan = plan_nvfp4<T>(job.format, tensor_scale);
  const Nvfp4Scales<T> scales(plan);
  BlockTensor<T, Nvfp4Scales<T>>(job, scales, maxima).run();
  return true;
}

}  // namespace

template <typename T>
bool quantize_blocks(const TensorJob<T>& job) {
  if (job.format.family == FormatFamily::kNvfp4) return quantize_nvfp4(job);
  const auto plan = plan_blocks<T>(job.format);
  if (!plan) return false;
  const PowerScales<T> scales(*plan);
  BlockTensor<T, PowerScales<T>>(job, scales).run();
  return true;
}

template bool quantize_blocks(const TensorJob<float>&);
template bool quantize_blocks(const TensorJob<double>&);

}  // namespace halfulp::kernels
