#include "shapes.hpp"

#include <algorithm>

namespace halfulp::ingest_child {
namespace {

constexpr std::int64_t kLargestExtent = std::int64_t{1} << 31;

}  // namespace

std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  Shape result(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    result[result.size() - 1 - i] = x == 1 ? y : x;
  }
  return result;
}

std::optional<std::int64_t> normal_dim(std::int64_t dim, std::size_t rank) {
  const auto size = static_cast<std::int64_t>(rank);
  if (dim < -size || dim >= size) return std::nullopt;
  return dim < 0 ? dim + size : dim;
}

std::optional<Shape> completed_shape(const Shape& wanted, std::int64_t count) {
  Shape result = wanted;
  std::int64_t known = 1;
  std::int64_t* unknown = nullptr;
  for (std::int64_t& extent : result) {
    if (extent == -1 && unknown == nullptr) {
      unknown = &extent;
      continue;
    }
    if (extent < 0 || extent > kLargestExtent || (extent > 0 && known > kLargestExtent / extent)) return std::nullopt;
    known *= extent;
  }
  if (unknown == nullptr) return known == count ? std::optional(result) : std::nullopt;
  if (known == 0 || count % known != 0) return std::nullopt;
  *unknown = count / known;
  return result;
}

std::optional<std::int64_t> window_count(std::int64_t extent, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                                         std::int64_t dilation, bool ceil_mode) {
  const auto in_range = [](std::int64_t value, std::int64_t lowest) { return value >= lowest && value <= kLargestExtent; };
  if (!in_range(kernel, 1) || !in_range(stride, 1) || !in_range(padding, 0) || !in_range(dilation, 1)) return std::nullopt;
  const std::int64_t reach = extent + 2 * padding - dilation * (kernel - 1) - 1;
  if (reach < 0) return std::nullopt;
  std::int64_t count = (reach + (ceil_mode ? stride - 1 : 0)) / stride + 1;
  if (ceil_mode && (count - 1) * stride >= extent + padding) --count;
  return count;
}

}  // namespace halfulp::ingest_child
