// Elementary functions in plain double arithmetic with a proved error, for formats much shorter
// than double.
#pragma once

#include <optional>

#include "halfulp/enclosure/correct_rounding.hpp"

namespace halfulp::detail {

// |quick_value - f(x)| <= kQuickError * |f(x)|. Nothing where no such value is known.
inline constexpr double kQuickError = 0x1p-46;
std::optional<double> quick_value(ElementaryFunction f, double x);

}  // namespace halfulp::detail
