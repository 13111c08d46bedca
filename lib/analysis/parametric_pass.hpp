// The difference recursion in units of the unit roundoff, for one input set and one rung u0 = 2^-p0 (parametric.hpp).
//
// NodeState is used with every difference and perturbation in units of u: |d| <= |error| u for all u <= u0. They are symmetric
// about zero, so that `deployed` = real + u0 error holds the deployed values of every u <= u0. The reverse pass of adjoint.hpp
// then bounds functionals in units of u as well.
#pragma once

#include "adjoint.hpp"
#include "forward.hpp"
#include "halfulp/analysis/parametric.hpp"

namespace halfulp {

struct ParametricSettings {
  int p = 53;
  bool exact_inputs = false;
  bool rounded_sums = false;
  bool forward_only = false;   // no reverse passes to inner nodes
  double work_limit = 4e9;     // multiply-adds of those
};

// Significand bits of x: it is a float of every precision from there on. 0 for zero.
int significand_bits(double x);
// |round(x) - x| <= u binade_up(bound) for |x| <= bound.
double binade_up(double bound);

// The graph with constants that are rounded to any precision >= p: residuals in units of u.
Prepared prepare_open(const Prepared& exact, int p, bool exact_weights);

// `ranges` are the real network's.
States<Interval> parametric_pass(const Prepared& open, const RealRanges& ranges, const ParametricSettings& settings);

}  // namespace halfulp
