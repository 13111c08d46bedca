// Rounding of tensors to group formats in vectors, a family of formats each. Each says whether it could; if not, `out` is untouched.
#pragma once

#include <span>

#include "../tensor_view.hpp"
#include "group.hpp"
#include "halfulp/formats/group.hpp"

namespace halfulp::kernels {

template <typename T>
struct TensorJob {
  const Format& format;
  std::span<const T> in;
  std::span<T> out;  // in, or apart from it
  View view;         // along the axis of blocks or channels
  DrawKey key;
  int threads = 1;

  bool streams() const { return in.data() != out.data() && in.size_bytes() >= kStreamBytes; }
};

// Of the finite values.
template <typename T>
GroupExtent tensor_extent(std::span<const T> values);

template <typename T>
bool quantize_blocks(const TensorJob<T>& job);  // bfp, mx, nvfp4
template <typename T>
bool quantize_integers(const TensorJob<T>& job);  // int, uint

extern template bool quantize_blocks(const TensorJob<float>&);
extern template bool quantize_blocks(const TensorJob<double>&);
extern template bool quantize_integers(const TensorJob<float>&);
extern template bool quantize_integers(const TensorJob<double>&);
extern template GroupExtent tensor_extent(std::span<const float>);
extern template GroupExtent tensor_extent(std::span<const double>);

}  // namespace halfulp::kernels
