// Timing on the user's machine: processor time of one thread, the median of repetitions, beside a reference timed in turn.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "halfulp/formats/format.hpp"
#include "halfulp/simulate/gemm.hpp"

namespace halfulp::cli {

struct Measured {
  double seconds = 0, reference_seconds = 0;  // medians
  double ratio() const { return reference_seconds / seconds; }
};

// Of the calling thread.
double processor_seconds();

// Runs reference and work in turn, `repetitions` times each after one run that is not counted.
Measured measure_beside(const std::function<void()>& work, const std::function<void()>& reference, int repetitions);

// Rounds `elements` normally distributed float32 values into another array, seen as rows of 4096: blocks lie along the rows, and a
// channel is a row. The reference is memcpy of the array.
Measured measure_quantize(const Format& format, std::size_t elements, int repetitions, std::uint64_t seed);

// A product of square matrices of values of `input`; the reference is a float32 product by BLAS.
struct GemmCase {
  std::string name;
  Format input;
  GemmOptions options;
};
Measured measure_gemm(const GemmCase& formats, std::size_t size, int repetitions, std::uint64_t seed);

}  // namespace halfulp::cli
