// A dense row-major array of doubles with a shape. Float32 data is widened exactly.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace halfulp {

using Shape = std::vector<std::int64_t>;

// Number of elements: the product of the extents, 1 for a scalar.
std::int64_t element_count(const Shape& shape);
// "1x3x32x32"; "scalar" for rank 0.
std::string to_string(const Shape& shape);

struct Tensor {
  Shape shape;
  std::vector<double> data;  // element_count(shape) values, row-major
};

}  // namespace halfulp
