// Element-wise functions: values over an interval, chord slopes between two values, and linear bounds for given slopes.
#pragma once

#include "halfulp/enclosure/mp_interval.hpp"
#include "halfulp/operators/form.hpp"

namespace halfulp::certificate {

using M = MpInterval;

// Sign tests that never claim too much: a number below the smallest double counts as of unknown sign.
inline bool not_negative(const M& x) { return lower(x) >= 0; }
inline bool not_positive(const M& x) { return upper(x) <= 0; }
inline bool is_zero(const M& x) { return lower(x) == 0 && upper(x) == 0; }
inline bool is_point(const M& x) { return lower(x) == upper(x); }
inline bool is_bounded(const M& x) { return lower(x) > -HUGE_VAL && upper(x) < HUGE_VAL; }
M low_end(const M& x);
M high_end(const M& x);

// f over x; `leak` is the slope of a leaky function for x < 0.
M value(const UnaryForm& form, const M& leak, const M& x);
// (f(b) - f(a)) / (b - a) over all a in `real`, b in `deployed` (f' where a = b).
M chords(const UnaryForm& form, double leak, const M& real, const M& deployed);
// f(x) - slope x over x in `range`.
M offset(const UnaryForm& form, double leak, double slope, const M& range);
// The slope of f if it is one line on `range`.
bool is_line(const UnaryForm& form, double leak, const M& range, double& slope);

}  // namespace halfulp::certificate
