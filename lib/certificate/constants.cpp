#include "constants.hpp"

#include <algorithm>
#include <cmath>

namespace halfulp::certificate {
namespace {

// Stochastic rounding leaves either neighbour open.
M rounded(const Format& format, double x) {
  if (format.rounding == RoundingMode::kStochastic) {
    const double ulp = max_rounding_error(format, std::fabs(x));
    return M(x) + M(-ulp, ulp);
  }
  LongAccumulator exact;
  exact.clear();
  exact.add(x);
  const Expansion y = round_exact(format, exact);
  return M(y.part[0]) + M(y.part[1]) + M(y.part[2]);
}

}  // namespace

Result<Constants> deploy(const std::optional<Format>& format, const std::vector<double>& stored, const std::vector<double>& radius) {
  Constants result;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const double open = radius.empty() ? 0 : radius[i];
    result.real.push_back(open == 0 ? M(stored[i]) : M(stored[i]) + M(-open, open));
    result.deployed.push_back(format ? rounded(*format, stored[i]) : M(stored[i]));
    if (!is_bounded(result.deployed[i])) return fail("E0624", "a constant has no finite value in " + format->name);
    result.residual.push_back(result.deployed[i] - result.real[i]);
    result.exact = result.exact && is_zero(result.residual[i]);
    result.lsb = std::min(result.lsb, format ? lsb_of(*format) : lsb_of(stored[i]));
    result.overflow = result.overflow || (format && (stored[i] > largest(*format) || stored[i] < lowest(*format)));
  }
  return result;
}

}  // namespace halfulp::certificate
