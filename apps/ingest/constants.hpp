// Tensors of the file as our constants, and data movement on constants, which is exact and done at once.
#pragma once

#include <torch/script.h>

#include <string>

#include "halfulp/support/tensor.hpp"

namespace halfulp::ingest_child {

// Widens exactly: float16, bfloat16, float32, float64, bool and integers of at most 2^53. Throws Refusal otherwise, and for
// NaN and infinity, naming `name`.
Tensor widen(const at::Tensor& tensor, const std::string& name);

// Element `index` of the result is element at(index) of `from`.
Tensor permuted(const Tensor& from, const std::vector<std::int64_t>& dims);
Tensor sliced(const Tensor& from, std::size_t dim, std::int64_t start, std::int64_t step, std::int64_t count);

}  // namespace halfulp::ingest_child
