#include "halfulp/support/tensor.hpp"

#include "halfulp/support/assert.hpp"

namespace halfulp {

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    HALFULP_ASSERT(extent >= 0);
    HALFULP_ASSERT(!__builtin_mul_overflow(count, extent, &count));
  }
  return count;
}

std::string to_string(const Shape& shape) {
  if (shape.empty()) return "scalar";
  std::string text;
  for (const std::int64_t extent : shape) {
    if (!text.empty()) text += 'x';
    text += std::to_string(extent);
  }
  return text;
}

}  // namespace halfulp
