// NumPy .npy files (format versions 1.0 to 3.0), C order, little-endian: bool, int8..64, uint8..64, float16/32/64 in;
// float64 out. Every value is widened to double exactly; int64 beyond 2^53 is an error. Errors: E0102.
#pragma once

#include <string>
#include <string_view>

#include "halfulp/support/result.hpp"
#include "halfulp/support/tensor.hpp"

namespace halfulp {

Result<Tensor> read_npy(const std::string& path);
// From the bytes of such a file; `path` is for messages.
Result<Tensor> parse_npy(std::string_view content, const std::string& path);
Result<void> write_npy(const Tensor& tensor, const std::string& path);  // atomic

}  // namespace halfulp
