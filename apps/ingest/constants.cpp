#include "constants.hpp"

#include <cmath>

#include "refusal.hpp"

namespace halfulp::ingest_child {
namespace {

constexpr double kLargestExactInteger = 9007199254740992.0;  // 2^53

void check_finite(const std::vector<double>& values, const std::string& name) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    refuse("E0414",
           "the parameter '" + name + "' holds " + (std::isnan(values[i]) ? "NaN" : "an infinity") +
               " at element " + std::to_string(i) + "; every parameter must be finite",
           name);
  }
}

void check_integers(const std::vector<double>& values, const std::string& name) {
  for (const double value : values) {
    if (std::abs(value) < kLargestExactInteger) continue;
    refuse("E0121", "the integer parameter '" + name + "' holds a value beyond 2^53", name, {},
           ExitCode::kUnsupportedOperator);
  }
}

std::vector<std::int64_t> strides_of(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

// Copies `from`, element (i0, i1, ..) of the result from offset + sum i_k stride_k.
Tensor strided(const Tensor& from, Shape shape, const std::vector<std::int64_t>& strides, std::int64_t offset) {
  Tensor result{std::move(shape), {}};
  const auto count = static_cast<std::size_t>(element_count(result.shape));
  result.data.reserve(count);
  std::vector<std::int64_t> index(result.shape.size(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t at = offset;
    for (std::size_t k = 0; k < index.size(); ++k) at += index[k] * strides[k];
    result.data.push_back(from.data[static_cast<std::size_t>(at)]);
    for (std::size_t k = index.size(); k-- > 0 && ++index[k] == result.shape[k];) index[k] = 0;
  }
  return result;
}

}  // namespace

Tensor widen(const at::Tensor& tensor, const std::string& name) {
  const auto type = tensor.scalar_type();
  const bool is_real = at::isFloatingType(type);
  const bool is_integer = at::isIntegralType(type, /*includeBool=*/true) && !tensor.is_quantized();
  if (!tensor.device().is_cpu() || tensor.layout() != at::kStrided || !(is_real || is_integer)) {
    refuse("E0121", std::string("the tensor '") + name + "' has the element type " + c10::toString(type) +
                        "; float16, bfloat16, float32, float64 and integers are supported",
           name, {}, ExitCode::kUnsupportedOperator);
  }
  const at::Tensor wide = tensor.detach().to(at::kDouble).contiguous();
  const double* data = wide.data_ptr<double>();
  Tensor result{wide.sizes().vec(), std::vector<double>(data, data + wide.numel())};
  check_finite(result.data, name);
  if (is_integer) check_integers(result.data, name);
  return result;
}

Tensor permuted(const Tensor& from, const std::vector<std::int64_t>& dims) {
  const auto old_strides = strides_of(from.shape);
  Shape shape;
  std::vector<std::int64_t> strides;
  for (const std::int64_t dim : dims) {
    shape.push_back(from.shape[static_cast<std::size_t>(dim)]);
    strides.push_back(old_strides[static_cast<std::size_t>(dim)]);
  }
  return strided(from, std::move(shape), strides, 0);
}

Tensor sliced(const Tensor& from, std::size_t dim, std::int64_t start, std::int64_t step, std::int64_t count) {
  auto strides = strides_of(from.shape);
  const std::int64_t offset = start * strides[dim];
  strides[dim] *= step;
  Shape shape = from.shape;
  shape[dim] = count;
  return strided(from, std::move(shape), strides, offset);
}

}  // namespace halfulp::ingest_child
