// Constants as deployed: rounded once, their residual known.
#pragma once

#include <vector>

#include "elementwise.hpp"
#include "rounding.hpp"

namespace halfulp::certificate {

struct Constants {
  std::vector<M> real, deployed, residual;  // residual = deployed - real
  bool exact = true;                        // every residual is zero
  bool overflow = false;                    // a constant lies beyond its format
  int lsb = Grid::kZero;                    // of the deployed ones
};

// Real constants lie within `radius` (empty: zero) of `stored`; the stored ones are what is rounded. Errors: E0624 a constant without a
// finite value in its format.
Result<Constants> deploy(const std::optional<Format>& format, const std::vector<double>& stored, const std::vector<double>& radius);

}  // namespace halfulp::certificate
