// The header of a .npy file: magic, version, and a Python dict literal with descr, fortran_order
// and shape (NumPy Enhancement Proposal 1). Checked against the size of the file before anything is
// allocated.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "halfulp/support/result.hpp"
#include "halfulp/support/tensor.hpp"

namespace halfulp {

struct NpyHeader {
  char kind = 'f';  // b, i, u, f
  std::size_t element_bytes = 8;
  bool fortran_order = false;
  Shape shape;
  std::int64_t count = 0;
  std::size_t data_offset = 0;
};

Result<NpyHeader> parse_npy_header(std::string_view content, const std::string& path);
std::string npy_header_float64(const Shape& shape);

}  // namespace halfulp
