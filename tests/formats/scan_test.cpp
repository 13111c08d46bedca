// What the modes mean, by looking at every value of the format: up is the least value not below x,
// and so on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

TEST(Scan, DirectedAndNearestModes) {
  std::vector<std::string> names = {"fixed<8,3>", "ufixed<7,0>", "float<3,3>", "float<5,2>",
                                    "dlfloat16"};
  for (const Format& format : all_named()) {
    if (format.width_bits <= 8) names.push_back(format.name);
  }
  for (const std::string& name : names) {
    const Format base = format_of(name);
    const std::vector<double> values = finite_values(base);
    for (std::uint64_t i = 0; i < 20000; ++i) {
      const double scale = std::ldexp(largest(base), -static_cast<int>(random_bits(3, 1, i) % 24));
      const double x = scale * (random_bits(3, 2, i) * 0x1p-31 - 1);
      if (x < values.front() || x > values.back()) continue;
      const auto above = std::lower_bound(values.begin(), values.end(), x);
      const double up = *above;
      const double down = up == x ? x : *(above - 1);
      ASSERT_EQ(round_to(format_of(name + ":up"), x), up) << name << " " << x;
      ASSERT_EQ(round_to(format_of(name + ":down"), x), down) << name << " " << x;
      ASSERT_EQ(round_to(format_of(name + ":toward-zero"), x), x < 0 ? up : down)
          << name << " " << x;
      const double nearest = round_to(base, x);
      ASSERT_EQ(std::fabs(nearest - x), std::min(up - x, x - down)) << name << " " << x;
      if (up - x == x - down && up != x) {
        ASSERT_EQ(encode(base, nearest).value() & 1, 0u) << name << " " << x;
      }
      const double odd = round_to(format_of(name + ":odd"), x);
      ASSERT_TRUE(odd == up || odd == down);
      if (up != x) {
        ASSERT_EQ(encode(base, odd).value() & 1, 1u) << name << " " << x;
      }
    }
  }
}

}  // namespace
}  // namespace halfulp::test
