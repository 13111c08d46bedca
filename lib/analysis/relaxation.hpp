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

// Where lines may vary: each in [0, 1], from one end of the admissible lines to the other (an undecided ReLU's lower slope; the
// touching point of a tangent). Negative: the default, area-minimal or through the far end point.
struct SlopeChoice {
  float lower = -1, upper = -1;
};

Relaxation relax(const UnaryForm& form, double slope, const Interval& range, const SlopeChoice& choice = {});

// One line in plain arithmetic, for searching: value and derivative by the choice, both at x. `standard` is the choice the default
// amounts to; without freedom rate is 0.
struct FreeLine {
  double slope = 0, intercept = 0;
  double slope_rate = 0, intercept_rate = 0;
};
struct LineFamily {
  bool is_free = false;
  float standard = 0;
  enum class Kind { kFixed, kSlope, kTangent } kind = Kind::kFixed;
  double from = 0, to = 0;        // slopes, or touching points
  FreeLine fixed;
};
LineFamily line_family(const UnaryForm& form, double slope, const Interval& range, bool lower_line);
FreeLine line_at(const UnaryForm& form, const LineFamily& family, double choice);

}  // namespace halfulp
