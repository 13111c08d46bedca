// The deployed arithmetic once more, over rational numbers and straight from its definition, sharing no arithmetic with the
// simulator: what the simulator is compared with.
#pragma once

#include <gmpxx.h>

#include <vector>

#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp::oracle {

// A rational, or (special != 0) an infinity or NaN.
struct Number {
  mpq_class value;
  double special = 0;

  bool is_nan() const { return special != special; }
  bool is_finite() const { return special == 0; }
};

Number number(double x);
Number round(const Format& format, const Number& x, std::uint32_t random);

struct Run {
  std::vector<std::vector<Number>> nodes;
  NodeId undefined = -1;  // the first node with a NaN element; evaluation stops there
  bool divided_by_zero = false;  // the sign of zero, which rationals lack, would matter
};

Run run(const LoweredGraph& graph, const FormatAssignment& formats, const std::vector<std::vector<double>>& inputs,
        std::uint64_t seed, std::uint64_t sample);

}  // namespace halfulp::oracle
