// What `halfulp formats` says of a format and of one value in it.
#pragma once

#include "halfulp/formats/format.hpp"
#include "halfulp/report/json.hpp"

namespace halfulp::cli {

Json format_json(const Format& format);
// Spacing of the format's values at x: ulp(x) of Muller et al., Handbook of Floating-Point Arithmetic, section 2.3.2; of other
// families the distance from the value |x| to the next larger one.
double ulp_at(const Format& format, double x);

}  // namespace halfulp::cli
