// Checked value types of the command line. Every error is E0105 and names the option, the value and what is allowed.
#pragma once

#include <cstdint>
#include <string>

#include "halfulp/enclosure/interval.hpp"
#include "halfulp/support/result.hpp"
#include "halfulp/support/tensor.hpp"

namespace halfulp::cli {

// An integer in [lo, hi]; no sign tricks: "-1" is never a huge count.
Result<std::int64_t> parse_count(const std::string& option, const std::string& text, std::int64_t lo, std::int64_t hi);
Result<std::uint64_t> parse_seed(const std::string& text);
// A share in [0, 1], also as a percentage: "0.95", "95%".
Result<double> parse_share(const std::string& option, const std::string& text);
// A finite number > 0. A tolerance is rounded down, so that meeting it meets what was asked.
Result<double> parse_tolerance(const std::string& option, const std::string& text);
// A finite number >= 0, rounded up: a radius encloses what was asked.
Result<double> parse_radius(const std::string& option, const std::string& text);
Result<double> parse_number(const std::string& option, const std::string& text);
// "1,3,32,32": extents >= 1, at most 2^31 elements.
Result<Shape> parse_shape(const std::string& option, const std::string& text);
// "[0,1]" or "0,1": decimals, enclosed outward. The bounds may be equal, never lo > hi.
Result<Interval> parse_interval(const std::string& place, const std::string& text);

}  // namespace halfulp::cli
