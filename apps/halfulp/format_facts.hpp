// What `halfulp formats` says of a format and of one value in it.
#pragma once

#include <string>

#include "halfulp/formats/format.hpp"
#include "halfulp/report/json.hpp"

namespace halfulp::cli {

std::string family_name(const Format& format);
// "float, 8 bits, precision 4, bias 7, emin -6, emax 8, subnormals, no infinities, 2 NaN codes"
std::string format_sentence(const Format& format);
Json format_json(const Format& format);
// Spacing of the format's values at x: ulp(x) of Muller et al., Handbook of Floating-Point Arithmetic, section 2.3.2.
double ulp_at(const Format& format, double x);

}  // namespace halfulp::cli
