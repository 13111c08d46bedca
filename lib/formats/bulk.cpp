#include <algorithm>

#include "halfulp/support/assert.hpp"
#include "kernel.hpp"
#include "philox.hpp"

namespace halfulp {

void round_to(const Format& format, std::span<const double> in, std::span<double> out,
              std::uint64_t seed, std::uint64_t stream) {
  HALFULP_ASSERT(fits_double(format));
  HALFULP_ASSERT(in.size() == out.size());
  const Grid grid = make_grid(format);
  with_mode(format.rounding, [&]<RoundingMode mode>() {
    if constexpr (mode != RoundingMode::kStochastic) {
      for (std::size_t i = 0; i < in.size(); ++i) {
        out[i] = round_on_grid<mode>(format, grid, in[i], 0);
      }
    } else {
      for (std::size_t start = 0; start < in.size(); start += kPhiloxWords) {
        const PhiloxBlock words = philox_block(seed, stream, start / kPhiloxWords);
        const std::size_t count = std::min(kPhiloxWords, in.size() - start);
        for (std::size_t i = 0; i < count; ++i) {
          out[start + i] = round_on_grid<mode>(format, grid, in[start + i], words[i]);
        }
      }
    }
  });
}

}  // namespace halfulp
