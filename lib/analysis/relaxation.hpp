// Linear bounds of an element-wise function over a range [l, u]:
//   lower_slope x + lower_intercept <= f(x) <= upper_slope x + upper_intercept for all x in [l, u].
// Slopes are any doubles (chosen for tightness in plain arithmetic); intercepts are proved: piecewise linear functions from
// their break points, smooth ones from convexity (chord: end points; tangent at d: f(x) <= f(d) + f'(d)(x - d) where f is concave).
// Sources: Zhang et al., "Efficient neural network robustness certification with general activation functions", 2018;
// Singh et al., "An abstract domain for certifying neural networks", POPL 2019.
#pragma once

#include "halfulp/enclosure/interval.hpp"
#include "halfulp/operators/form.hpp"

namespace halfulp {

struct Relaxation {
  double lower_slope = 0, lower_intercept = 0;
  double upper_slope = 0, upper_intercept = 0;
};

// `alpha` in [0, 1] steers the lower slope of an undecided ReLU; negative: the area-minimal choice of 0 or 1.
Relaxation relax(const UnaryForm& form, double slope, const Interval& range, double alpha = -1);

}  // namespace halfulp
