// Norm bounds against differences drawn at random within them, and against known singular values.
#include "scaled_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace halfulp {
namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  double uniform(double low, double high) { return low + (high - low) * static_cast<double>(random_() >> 11) * 0x1p-53; }
  std::int64_t integer(std::int64_t low, std::int64_t high) { return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1)); }
  std::vector<double> array(std::int64_t size, double scale) {
    std::vector<double> x;
    for (std::int64_t i = 0; i < size; ++i) x.push_back(uniform(-scale, scale));
    return x;
  }

 private:
  std::mt19937_64 random_;
};

double norm(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v * v;
  return std::sqrt(sum);
}

std::vector<double> times(const std::vector<double>& a, const std::vector<double>& x, bool transposed) {
  const std::size_t columns = transposed ? a.size() / x.size() : x.size(), rows = a.size() / columns;
  std::vector<double> y(transposed ? columns : rows, 0.0);
  const std::size_t width = transposed ? columns : x.size();
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (transposed) y[i % width] += a[i] * x[i / width];
    else y[i / width] += a[i] * x[i % width];
  }
  return y;
}

// Power iteration: never above the largest singular value.
double largest_seen(const std::vector<double>& a, std::int64_t columns, Draw& draw) {
  std::vector<double> x = draw.array(columns, 1);
  double value = 0;
  for (int step = 0; step < 300; ++step) {
    const double size = norm(x);
    for (double& v : x) v /= size;
    const auto y = times(a, x, false);
    value = norm(y);
    x = times(a, y, true);
  }
  return value;
}

TEST(ScaledNorm, LargestSingularValueIsBoundedClosely) {
  Draw draw(1);
  for (int round = 0; round < 40; ++round) {
    const std::int64_t rows = draw.integer(1, 60), columns = draw.integer(1, 60);
    std::vector<double> a = draw.array(rows * columns, std::ldexp(1.0, static_cast<int>(draw.integer(-200, 200))));
    const double seen = largest_seen(a, columns, draw), bound = largest_singular_value_up(a, rows, columns);
    EXPECT_GE(bound, seen * (1 - 1e-12));
    EXPECT_LE(bound, 1.05 * seen);
  }
  EXPECT_LT(largest_singular_value_up(std::vector<double>(12, 0.0), 3, 4), 1e-100);
}

TEST(ScaledNorm, LargestSingularValueOfProducts) {
  Draw draw(5);
  for (int round = 0; round < 60; ++round) {
    const std::int64_t rows = draw.integer(1, 50), inner = draw.integer(1, 20), columns = draw.integer(1, 40);
    const std::vector<double> a = draw.array(rows * inner, 1);
    std::vector<double> b = draw.array(inner * columns, 1);
    if (round % 3 == 0) std::fill(b.begin() + columns * (inner / 2), b.end(), 0.0);  // less than full rank
    std::vector<double> c(static_cast<std::size_t>(rows * columns), 0.0);
    for (std::int64_t i = 0; i < rows * columns; ++i) {
      for (std::int64_t k = 0; k < inner; ++k) c[static_cast<std::size_t>(i)] += a[static_cast<std::size_t>(i / columns * inner + k)] * b[static_cast<std::size_t>(k * columns + i % columns)];
    }
    if (norm(c) == 0) continue;
    const double seen = largest_seen(c, columns, draw), bound = largest_singular_value_up(a, b, rows, inner, columns);
    EXPECT_GE(bound, seen * (1 - 1e-12));
    EXPECT_LE(bound, 1.1 * seen + 1e-5);
  }
}

// A convolution of a small picture, dense where the kernel covers it, or diagonal: patterns as the operators make them.
LinearMap random_map(Draw& draw) {
  LinearMap map;
  map.groups = draw.integer(1, 3);
  map.channels = draw.integer(1, 4);
  const std::int64_t per_group = draw.integer(1, 3), side = draw.integer(3, 5), kernel = draw.integer(1, 3), stride = draw.integer(1, 2);
  const std::int64_t out = (side - 1) / stride + 1, area = side * side;
  map.depth = per_group * kernel * kernel;
  map.positions = out * out;
  for (std::int64_t k = 0; k < map.depth; ++k) {
    const std::int64_t tap = k / per_group, channel = k % per_group;
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const std::int64_t row = p / out * stride + tap / kernel - kernel / 2, column = p % out * stride + tap % kernel - kernel / 2;
      const bool inside = row >= 0 && column >= 0 && row < side && column < side;
      map.input_pattern.push_back(inside ? static_cast<std::int32_t>(channel * area + row * side + column) : -1);
    }
  }
  map.input_group_stride = per_group * area;
  for (std::int64_t p = 0; p < map.positions; ++p) map.output_pattern.push_back(static_cast<std::int32_t>(p));
  map.output_channel_stride = map.positions;
  map.inputs = map.groups * per_group * area;
  map.outputs = map.groups * map.channels * map.positions;
  map.weight = draw.array(map.groups * map.channels * map.depth, 1);
  if (draw.integer(0, 1) == 1) map.divisor.assign(static_cast<std::size_t>(map.positions), 4);
  return map;
}

std::vector<double> image_of(const LinearMap& map, const std::vector<double>& x) {
  std::vector<double> y(static_cast<std::size_t>(map.outputs));
  for (std::int64_t row = 0; row < map.groups * map.channels; ++row) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      double sum = 0;
      for (std::int64_t k = 0; k < map.depth; ++k) {
        const std::int64_t input = map.input_of(row / map.channels, k, p);
        if (input >= 0) sum += map.weight[static_cast<std::size_t>(row * map.depth + k)] * x[static_cast<std::size_t>(input)];
      }
      y[static_cast<std::size_t>(map.output_of(row / map.channels, row % map.channels, p))] = sum / map.divisor_of(p);
    }
  }
  return y;
}

// The direction that the map stretches most, in scaled coordinates, among many: what a bound must survive.
std::vector<double> stretched(const LinearMap& map, const ScaledNorm& x, Draw& draw) {
  std::vector<double> best;
  double most = -1;
  for (int candidate = 0; candidate < 40; ++candidate) {
    std::vector<double> z = draw.array(map.inputs, 1);
    if (candidate % 2 == 0) {
      for (double& v : z) v = draw.integer(0, 8) == 0 ? v : std::fabs(v) / 8;
    }
    const double size = norm(z);
    for (std::size_t i = 0; i < z.size(); ++i) z[i] *= x.norm / size * x.scale[i];
    const double stretch = norm(image_of(map, z));
    if (stretch > most) most = stretch, best = z;
  }
  return best;
}

TEST(ScaledNorm, LinearMapsKeepWithinTheirNorm) {
  Draw draw(2);
  double tightest = 0;
  for (int round = 0; round < 400; ++round) {
    const LinearMap map = random_map(draw);
    ScaledNorm x{draw.array(map.inputs, 1), draw.uniform(0.1, 10)};
    for (double& s : x.scale) s = round % 2 == 0 ? 1 : std::exp(3 * s);
    const std::vector<double> d = stretched(map, x, draw), zero(static_cast<std::size_t>(map.outputs), 0.0);
    std::vector<double> own = draw.array(map.outputs, 0.1), bound = d, r = own;
    for (double& b : bound) b = std::fabs(b) * 1.001;
    for (double& o : own) o = std::fabs(o);
    std::vector<double> before(zero.size(), HUGE_VAL), y = image_of(map, d);
    const ScaledNorm proved = linear_norm(map, x, bound, own, zero, before);
    std::vector<double> scaled;
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] += r[i];
      EXPECT_LE(std::fabs(y[i]), before[i] * (1 + 1e-12)) << "round " << round << " element " << i;
      scaled.push_back(y[i] / proved.scale[i]);
    }
    EXPECT_LE(norm(scaled), proved.norm * (1 + 1e-12)) << "round " << round;
    tightest = std::max(tightest, norm(scaled) / proved.norm);
  }
  EXPECT_GT(tightest, 0.5);
}

TEST(ScaledNorm, SumsWithBroadcastingKeepWithinTheirNorm) {
  Draw draw(3);
  for (int round = 0; round < 300; ++round) {
    const std::int64_t size = draw.integer(1, 20);
    std::vector<ScaledNorm> norms;
    std::vector<ScaledOperand> operands;
    std::vector<double> y(static_cast<std::size_t>(size), 0.0);
    for (int o = 0; o < 2; ++o) {
      const std::int64_t from = draw.integer(1, 12);
      norms.push_back({draw.array(from, 1), draw.uniform(0, 4)});
      for (double& s : norms.back().scale) s = std::exp(2 * s);
    }
    for (const ScaledNorm& x : norms) {
      const auto from = static_cast<std::int64_t>(x.scale.size());
      std::vector<double> z = draw.array(from, 1);
      const double length = norm(z);
      ScaledOperand operand{&x, {}, {}};
      for (std::int64_t i = 0; i < size; ++i) {
        operand.source.push_back(static_cast<std::int32_t>(draw.integer(-1, from - 1)));
        operand.slope.push_back(draw.uniform(0, 2));
        const auto s = static_cast<std::size_t>(std::max(0, operand.source.back()));
        if (operand.source.back() >= 0) y[static_cast<std::size_t>(i)] += operand.slope.back() * z[s] * x.norm / length * x.scale[s];
      }
      operands.push_back(std::move(operand));
    }
    const ScaledNorm proved = sum_norm(operands, y.size(), {});
    for (std::size_t i = 0; i < y.size(); ++i) y[i] /= proved.scale[i];
    EXPECT_LE(norm(y), proved.norm * (1 + 1e-12)) << "round " << round;
  }
}

}  // namespace
}  // namespace halfulp
