// Group formats: scales by their definition (MPFR or a search over all scales), values of the
// chosen element, proved bounds.
#include "halfulp/formats/group.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "halfulp/formats/round.hpp"
#include "oracle.hpp"

namespace halfulp::test {
namespace {

std::vector<double> random_group(std::mt19937_64& generator, std::size_t size) {
  std::vector<double> values;
  const int scale = static_cast<int>(generator() % 80) - 40;
  for (std::size_t i = 0; i < size; ++i) {
    const int spread = static_cast<int>(generator() % 6);
    const double x = static_cast<double>(static_cast<std::int64_t>(generator())) * 0x1p-63;
    values.push_back(std::ldexp(generator() % 9 == 0 ? std::round(x * 8) / 8 : x, scale - spread));
  }
  return values;
}

double magnitude(const std::vector<double>& values) {
  double result = 0;
  for (const double x : values) result = std::fmax(result, std::fabs(x));
  return result;
}

const std::vector<std::string> kGroups = {
    "int<8>",      "int<4>",           "int<8>:asymmetric", "uint<8>",     "uint<3>",
    "int<24>",     "dynamic-fixed<8>", "dynamic-fixed<2>",  "bfp<8,16>",   "bfp<2,4>",
    "mx<e4m3,32>", "mx<e5m2,32>",      "mx<e3m2,32>",       "mx<e2m3,32>", "mx<e2m1,32>",
    "mx<int8,32>", "mx<float<3,4>,8>", "mx<fixed<6,1>,8>",  "nvfp4"};

std::vector<std::string> all_groups() {
  std::vector<std::string> names = kGroups;
  for (const char* rule : {"scale-ceil", "scale-nearest", "scale-even", "scale-saturation-free"}) {
    for (const char* base :
         {"bfp<8,16>", "mx<e4m3,32>", "mx<e5m2,32>", "mx<e2m1,32>", "mx<int8,32>"}) {
      names.push_back(std::string(base) + ":" + rule);
    }
  }
  return names;
}

// log2 of a by MPFR, rounded toward the wanted side where it is no integer.
int log2_floor(double a) { return std::ilogb(a); }
int log2_ceil(double a) {
  return std::ldexp(1.0, std::ilogb(a)) == a ? std::ilogb(a) : std::ilogb(a) + 1;
}

TEST(Groups, BlockScalesAreThoseOfTheRule) {
  std::mt19937_64 generator(41);
  for (const std::string name :
       {"mx<e4m3,32>", "mx<e5m2,32>", "mx<e2m1,32>", "mx<e3m2,32>", "mx<int8,32>", "bfp<5,32>"}) {
    const Format plain = format_of(name);
    const double limit = largest(*plain.element);
    const int emax = std::ilogb(limit);
    for (int run = 0; run < 3000; ++run) {
      double a = std::ldexp(1 + static_cast<double>(generator() % 4096) / 4096,
                            static_cast<int>(generator() % 60) - 30);
      if (run % 7 == 0) a = std::ldexp(limit, static_cast<int>(generator() % 9));
      if (run % 7 == 1) a = std::ldexp(1.5 * limit, static_cast<int>(generator() % 9));
      const auto exponent = [&](const std::string& rule) {
        return std::ilogb(choose_scale(format_of(name + rule), GroupExtent{-a, a / 2}).scale);
      };
      ASSERT_EQ(exponent(""), log2_floor(a) - emax) << name << " " << a;
      ASSERT_EQ(exponent(":scale-ceil"), log2_ceil(a) - emax) << name << " " << a;
      int least = -80;
      while (std::ldexp(limit, least) < a) ++least;
      ASSERT_EQ(exponent(":scale-saturation-free"), least) << name << " " << a;
      const double nearest = round_to(format_of("e8m0"), a / limit);
      if (a / limit * limit == a) {
        ASSERT_EQ(exponent(":scale-nearest"), std::ilogb(nearest)) << name << " " << a;
      }
      const bool is_float = plain.element->family == FormatFamily::kFloat;
      const int stored =
          is_float ? plain.element->stored_significand_bits : plain.element->width_bits - 2;
      const double rounded = round_to(make_float(11, stored), a);
      ASSERT_EQ(exponent(":scale-even"), std::ilogb(rounded) - emax) << name << " " << a;
    }
  }
}

TEST(Groups, ScalesStayInTheirRange) {
  for (const std::string rule :
       {"", ":scale-ceil", ":scale-nearest", ":scale-even", ":scale-saturation-free"}) {
    const Format format = format_of("mx<e4m3,32>" + rule);
    for (const double a : {0.0, 5e-324, 1e-300, 1e-40})
      EXPECT_EQ(choose_scale(format, GroupExtent{0, a}).scale, 0x1p-127);
    for (const double a : {1e300, 1.7976931348623157e308})
      EXPECT_EQ(choose_scale(format, GroupExtent{-a, 0}).scale, 0x1p127);
  }
  EXPECT_EQ(choose_scale(format_of("int<8>"), GroupExtent{0, 0}).scale, 1);
  EXPECT_EQ(choose_scale(format_of("int<8>"), GroupExtent{0, 1e-60}).scale, 0x1p-149);
  EXPECT_EQ(choose_scale(format_of("dynamic-fixed<8>"), GroupExtent{0, 0}).scale, 1);
}

// The scale of int is the least float32 that reaches the largest magnitude.
TEST(Groups, IntegerScaleIsTheLeastFloat32ThatReaches) {
  std::mt19937_64 generator(42);
  for (const std::string name : {"int<8>", "int<5>", "uint<8>", "int<8>:asymmetric", "uint<2>"}) {
    const Format format = format_of(name);
    const double steps = std::ldexp(1.0, format.width_bits - (format.is_symmetric ? 1 : 0)) - 1;
    for (int run = 0; run < 3000; ++run) {
      const std::vector<double> values = random_group(generator, 5);
      const GroupExtent extent = extent_of(values);
      const GroupScale scale = choose_scale(format, extent);
      ASSERT_EQ(static_cast<double>(static_cast<float>(scale.scale)), scale.scale);
      const Mp low = format.is_symmetric ? Mp(0.0) : Mp(std::fmin(extent.lowest, 0.0));
      const Mp high =
          format.is_symmetric ? Mp(magnitude(values)) : Mp(std::fmax(extent.largest, 0.0));
      const Mp range = high - low;
      const double below =
          static_cast<double>(std::nextafter(static_cast<float>(scale.scale), 0.0f));
      ASSERT_GE(mpfr_cmp((Mp(scale.scale) * Mp(steps)).get(), range.get()), 0) << name;
      ASSERT_LT(mpfr_cmp((Mp(below) * Mp(steps)).get(), range.get()), 0) << name;
      if (format.is_symmetric) {
        ASSERT_EQ(scale.zero, 0);
        continue;
      }
      // |q_min - lo / s - z| <= 1/2
      const double least_code = format.is_signed ? -std::ldexp(1.0, format.width_bits - 1) : 0;
      const Mp distance = (Mp(least_code) - Mp(scale.zero)) * Mp(scale.scale) - low;
      ASSERT_LE(mpfr_cmpabs(scaled(distance, 1).get(), Mp(scale.scale).get()), 0) << name;
      ASSERT_EQ(scale.zero, std::nearbyint(scale.zero));
    }
  }
}

// s is the largest with max 2^s <= h and -min 2^s <= h + 1.
TEST(Groups, DynamicFixedTakesTheLargestShift) {
  std::mt19937_64 generator(43);
  for (const int width : {2, 8, 12, 16}) {
    const Format format = format_of("dynamic-fixed<" + std::to_string(width) + ">");
    const double h = std::ldexp(1.0, width - 1) - 0.5;
    for (int run = 0; run < 3000; ++run) {
      std::vector<double> values = random_group(generator, 6);
      if (run % 5 == 0) values = {std::ldexp(h, static_cast<int>(generator() % 20)), -1.0};
      const GroupExtent extent = extent_of(values);
      const double scale = choose_scale(format, values).scale;
      const auto fits = [&](double unit) {
        return std::fabs(extent.largest) / unit <= h && std::fabs(extent.lowest) / unit <= h + 1;
      };
      ASSERT_EQ(std::ldexp(1.0, std::ilogb(scale)), scale);
      ASSERT_TRUE(fits(scale));
      ASSERT_FALSE(fits(scale / 2));
    }
  }
}

TEST(Groups, Nvfp4ScalesByDefinition) {
  std::mt19937_64 generator(44);
  const Format format = format_of("nvfp4");
  for (int run = 0; run < 3000; ++run) {
    const std::vector<double> values = random_group(generator, 64);
    const double tensor = choose_tensor_scale(format, extent_of(values));
    const Mp exact = oracle_round(format_of("fp32"), Mp(magnitude(values)), 0, 2688);
    ASSERT_EQ(tensor, exact.to_double());
    for (std::size_t start = 0; start < values.size(); start += 16) {
      const std::vector<double> block(values.begin() + start, values.begin() + start + 16);
      const double scale = choose_scale(format, block, tensor).scale;
      Mp quotient;
      mpfr_div(quotient.get(), Mp(magnitude(block)).get(), (Mp(tensor) * Mp(6.0)).get(), MPFR_RNDZ);
      const double expected =
          std::fmax(oracle_round(format_of("e4m3"), quotient).to_double(), 0x1p-9);
      ASSERT_EQ(scale, tensor * expected);
    }
  }
}

// Every value is the nearest number of its group, found by looking at all codes.
TEST(Groups, ValuesAreTheNearestCodes) {
  std::mt19937_64 generator(45);
  for (const std::string& name : all_groups()) {
    const Format format = format_of(name);
    if (format.width_bits > 8) continue;
    for (int run = 0; run < 40; ++run) {
      const std::vector<double> values = random_group(generator, 9);
      std::vector<double> rounded(values.size());
      const double tensor = choose_tensor_scale(format, extent_of(values));
      const GroupScale scale = round_group(format, values, rounded, {}, tensor);
      const Format element = element_of(format, scale);
      std::vector<double> codes;
      for (std::uint64_t code = 0; code >> element.width_bits == 0; ++code) {
        const double value = decode(element, code);
        if (std::isfinite(value) && value >= lowest(element)) codes.push_back(value);
      }
      for (std::size_t i = 0; i < values.size(); ++i) {
        double best = HUGE_VAL;
        for (const double code : codes) best = std::fmin(best, std::fabs(code - values[i]));
        ASSERT_TRUE(encode(element, rounded[i]).has_value()) << name << " " << rounded[i];
        ASSERT_EQ(decode(element, *encode(element, rounded[i])), rounded[i]) << name;
        ASSERT_LE(std::fabs(rounded[i] - values[i]), best * (1 + 1e-15))
            << name << " " << values[i];
        ASSERT_EQ(rounded[i], round_to(element, values[i])) << name;
      }
    }
  }
}

// The exact path of scaled elements against MPFR, ties and directed modes included.
TEST(Groups, ScaledElementsRoundTheExactQuotient) {
  std::mt19937_64 generator(46);
  for (const std::string name : {"int<8>", "uint<4>", "int<16>:asymmetric"}) {
    for (const std::string& mode : kRoundingModes) {
      const Format format = format_of(name + ":" + mode);
      for (int run = 0; run < 300; ++run) {
        const std::vector<double> values = random_group(generator, 4);
        const GroupScale scale = choose_scale(format, values);
        const Format element = element_of(format, scale);
        double x = values[run % 4];
        if (run % 3 == 0) x = scale.scale * (static_cast<double>(generator() % 20) + 0.5);
        Mp quotient;
        mpfr_div(quotient.get(), Mp(x).get(), Mp(scale.scale).get(), MPFR_RNDZ);
        const Format integers = format_of("fixed<40,40>:" + mode);
        const double code = oracle_round(integers, quotient).to_double() + scale.zero;
        const int width = format.width_bits;
        const double least =
            !format.is_signed ? 0 : -std::ldexp(1.0, width - 1) + (format.is_symmetric ? 1 : 0);
        const double most = std::ldexp(1.0, width - (format.is_signed ? 1 : 0)) - 1;
        const double expected = scale.scale * (std::clamp(code, least, most) - scale.zero);
        ASSERT_EQ(round_to(element, x), expected) << element.name << " " << x;
        LongAccumulator sum;
        sum.add(x);
        ASSERT_EQ(round_exact(element, sum).part[0], expected) << element.name << " " << x;
      }
    }
  }
}

TEST(Groups, ProvedBoundsHold) {
  std::mt19937_64 generator(47);
  for (const std::string& name : all_groups()) {
    for (const std::string mode : {"nearest-even", "toward-zero", "up", "odd", "stochastic<4>"}) {
      const Format format = format_of(name + ":" + mode);
      for (int run = 0; run < 250; ++run) {
        const std::vector<double> values = random_group(generator, 12);
        std::vector<double> rounded(values.size());
        std::vector<std::uint32_t> random(values.size());
        for (auto& word : random) word = static_cast<std::uint32_t>(generator());
        round_group(format, values, rounded, random,
                    choose_tensor_scale(format, extent_of(values)));
        const double most = magnitude(values);
        for (const double reach : {most, most * 1.3, most * 5}) {
          const double error = max_group_rounding_error(format, reach);
          const double value = max_group_value(format, reach);
          for (std::size_t i = 0; i < values.size(); ++i) {
            ASSERT_LE(std::fabs(rounded[i] - values[i]), error)
                << format.name << " " << values[i] << " of " << most;
            ASSERT_LE(std::fabs(rounded[i]), value)
                << format.name << " " << values[i] << " of " << most;
          }
        }
      }
    }
  }
}

TEST(Groups, ProvedBoundsAreMonotone) {
  for (const std::string& name : all_groups()) {
    const Format format = format_of(name);
    double error = 0, value = 0;
    for (double reach = 0x1p-20; reach < 0x1p20; reach *= 1.07) {
      ASSERT_LE(error, max_group_rounding_error(format, reach)) << name << " " << reach;
      ASSERT_LE(value, max_group_value(format, reach) * (1 + 1e-15)) << name << " " << reach;
      error = max_group_rounding_error(format, reach);
      value = max_group_value(format, reach);
    }
  }
}

TEST(Groups, NanAndInfinityHaveNoPartInTheScale) {
  const std::vector<double> values = {1.0, -2.5, std::nan(""), HUGE_VAL, -HUGE_VAL, 0.3};
  for (const std::string& name : all_groups()) {
    const Format format = format_of(name);
    std::vector<double> rounded(values.size());
    const double tensor = choose_tensor_scale(format, extent_of(values));
    const GroupScale scale = round_group(format, values, rounded, {}, tensor);
    EXPECT_EQ(scale.scale, choose_scale(format, GroupExtent{-2.5, 1.0}, tensor).scale) << name;
    EXPECT_TRUE(std::isnan(rounded[2])) << name;
    EXPECT_EQ(rounded[3], largest(element_of(format, scale))) << name;
    EXPECT_EQ(rounded[4], lowest(element_of(format, scale))) << name;
  }
}

// A tensor is rounded as its blocks are, whichever way they lie.
TEST(Tensors, BlocksAndChannelsLieAlongTheAxis) {
  const std::vector<std::int64_t> shape = {3, 5, 4};
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 60; ++i)
    values.push_back((random_bits(1, 2, i) * 0x1p-31 - 1) *
                     std::ldexp(1.0, static_cast<int>(i % 7)));
  for (int axis = -3; axis < 3; ++axis) {
    const std::size_t place = static_cast<std::size_t>(axis < 0 ? axis + 3 : axis);
    const std::size_t stride[] = {20, 4, 1};
    for (const std::string name :
         {"mx<e2m1,2>", "bfp<4,3>", "int<4>@channel", "mx<e4m3,2>:stochastic<8>", "nvfp4"}) {
      const Format format = format_of(name);
      std::vector<double> rounded(values.size());
      round_tensor(format, values, rounded, shape, axis, 5, 6);
      std::vector<double> by_modifier = values;
      round_tensor(format_of(name + ":axis<" + std::to_string(axis) + ">"), by_modifier,
                   by_modifier, shape, 0, 5, 6);
      ASSERT_EQ(rounded, by_modifier) << name;
      // Element i belongs to the group of those that agree with it outside the axis (blocks), or on
      // it (channels).
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t along = i / stride[place] % static_cast<std::size_t>(shape[place]);
        std::vector<double> group;
        std::vector<std::uint32_t> random;
        std::size_t mine = 0;
        for (std::size_t j = 0; j < values.size(); ++j) {
          const std::size_t other = j / stride[place] % static_cast<std::size_t>(shape[place]);
          const bool same_line = i - along * stride[place] == j - other * stride[place];
          const auto block = static_cast<std::size_t>(format.block_size);
          const bool together =
              format.per_channel ? along == other : same_line && along / block == other / block;
          if (!together) continue;
          if (j == i) mine = group.size();
          group.push_back(values[j]);
          random.push_back(random_bits(5, 6, j));
        }
        round_group(format, group, group, random, choose_tensor_scale(format, extent_of(values)));
        ASSERT_EQ(rounded[i], group[mine]) << name << " axis " << axis << " element " << i;
      }
    }
  }
}

TEST(Tensors, ElementFormatsRoundEachValue) {
  const std::vector<double> values = {0.1, 3, -7, 1e9};
  std::vector<double> a(4), b(4);
  round_tensor(format_of("e4m3:stochastic"), values, a, std::vector<std::int64_t>{4}, 0, 3, 4);
  round_to(format_of("e4m3:stochastic"), values, b, 3, 4);
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace halfulp::test
