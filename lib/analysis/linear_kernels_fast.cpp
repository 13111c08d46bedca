#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "linear_kernels.hpp"
#include "row_products.hpp"

namespace halfulp {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Absorbs underflow in the products of a dot product of any length used here (each loses at most 2^-1074).
constexpr double kUnderflow = 1e-300;
// Nothing smaller enters a matrix product: subnormal operands would slow it a hundredfold.
constexpr double kTiny = 1e-200;

// An upper bound of gamma_n with room for the radius sums' own rounding.
double gamma_up(std::int64_t n) { return 1.01 * static_cast<double>(n + 3) * 0x1p-53; }

struct MidRad {
  double mid, rad;
};

MidRad split(const Interval& x) {
  if (x.lo == x.hi) return {x.lo, 0};
  if (!std::isfinite(x.lo) || !std::isfinite(x.hi)) return {0, kInfinity};
  const double mid = 0.5 * x.lo + 0.5 * x.hi;
  return {mid, next_up(std::max(x.hi - mid, mid - x.lo))};
}

// Encloses mid +- rad, where rad may have lost a relative gamma itself; NaN (infinity times zero) becomes everything.
Interval join(double mid, double rad, double gamma) {
  const double radius = rad * (1 + 4 * gamma) + kUnderflow;
  if (!(radius < kInfinity) || !std::isfinite(mid)) return {-kInfinity, kInfinity};
  if (rad == 0 && mid == 0) return {0, 0};
  return {next_down(mid - radius), next_up(mid + radius)};
}

std::vector<double> magnitudes(const std::vector<double>& values) {
  std::vector<double> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [](double v) { return std::fabs(v); });
  return result;
}

bool has(const std::vector<double>* values) { return values != nullptr && !values->empty(); }

Interval with_radius(double value, const std::vector<double>* radius, std::size_t at) {
  if (!has(radius)) return {value};
  return Interval(value) + Interval(-(*radius)[at], (*radius)[at]);
}

bool is_diagonal(const LinearMap& map) { return map.channels == 1 && map.depth == 1; }

template <typename Visit>
void for_each_diagonal(const LinearMap& map, Visit&& visit) {
  for (std::int64_t g = 0; g < map.groups; ++g) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const std::int64_t input = map.input_of(g, 0, p);
      visit(static_cast<std::size_t>(g), input, map.output_of(g, 0, p), map.divisor_of(p));
    }
  }
}

Interval divide(const Interval& value, std::uint32_t divisor) {
  return divisor == 1 ? value : value / Interval(static_cast<double>(divisor));
}

void apply_diagonal(const LinearMap& map, const Parameters& parameters, const Interval* x, Interval* y) {
  for_each_diagonal(map, [&](std::size_t g, std::int64_t input, std::int64_t output, std::uint32_t divisor) {
    Interval value = has(parameters.bias) ? with_radius((*parameters.bias)[g], parameters.bias_radius, g) : Interval(0);
    if (input >= 0) value += with_radius((*parameters.weight)[g], parameters.weight_radius, g) * x[input];
    y[output] = divide(value, divisor);
  });
}

void transpose_diagonal(const LinearMap& map, const Parameters& parameters, const Interval* g, Interval* result) {
  for_each_diagonal(map, [&](std::size_t group, std::int64_t input, std::int64_t output, std::uint32_t divisor) {
    if (input < 0) return;
    result[input] += with_radius((*parameters.weight)[group], parameters.weight_radius, group) * divide(g[output], divisor);
  });
}

// Weights of one group with their magnitudes; where the real weight has a radius it is added to the magnitude product.
struct GroupWeights {
  const double* weight;
  std::vector<double> magnitude;
  std::vector<double> radius;  // empty if exact
};

GroupWeights group_weights(const LinearMap& map, const Parameters& parameters, std::int64_t g) {
  const std::size_t size = static_cast<std::size_t>(map.channels * map.depth);
  const std::size_t start = static_cast<std::size_t>(g) * size;
  GroupWeights result;
  result.weight = parameters.weight->data() + start;
  result.magnitude = magnitudes({result.weight, result.weight + size});
  if (has(parameters.weight_radius)) {
    result.radius.assign(parameters.weight_radius->begin() + static_cast<std::ptrdiff_t>(start),
                         parameters.weight_radius->begin() + static_cast<std::ptrdiff_t>(start + size));
  }
  return result;
}

// C += A B, row-major, A (n x k), B (k x m).
void accumulate(const double* a, const double* b, double* c, std::int64_t n, std::int64_t k, std::int64_t m) {
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(n), static_cast<int>(m), static_cast<int>(k), 1.0, a,
              static_cast<int>(k), b, static_cast<int>(m), 1.0, c, static_cast<int>(m));
}

// C += A^T B, A (k x n), B (k x m).
void accumulate_transposed(const double* a, const double* b, double* c, std::int64_t n, std::int64_t k, std::int64_t m) {
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<int>(n), static_cast<int>(m), static_cast<int>(k), 1.0, a,
              static_cast<int>(n), b, static_cast<int>(m), 1.0, c, static_cast<int>(m));
}

// A midpoint-radius block: mid, rad + gamma |mid| (what the magnitude weights multiply), and |mid| + rad (what radii multiply).
struct Block {
  std::vector<double> mid, spread, magnitude;
  explicit Block(std::int64_t size) : mid(static_cast<std::size_t>(size)), spread(mid.size()), magnitude(mid.size()) {}
  void set(std::size_t at, const Interval& value, double gamma) {
    if (value.lo == 0 && value.hi == 0) return;  // adds nothing, exactly
    MidRad parts = split(value);
    if (std::fabs(parts.mid) < kTiny) parts = {0, next_up(parts.rad + std::fabs(parts.mid))};
    mid[at] = parts.mid;
    spread[at] = std::max(kTiny, next_up(parts.rad + next_up(gamma * std::fabs(parts.mid))));
    magnitude[at] = std::max(kTiny, next_up(std::fabs(parts.mid) + parts.rad));
  }
};

// mid = W mid(x), rad = |W| spread(x) + radius(W) |x|.
void multiply_group(const LinearMap& map, const Parameters& parameters, std::int64_t g, const Block& x, double* mid, double* rad) {
  if (map.positions == 1) {
    const std::int64_t start = g * map.channels * map.depth;
    const double* radius = has(parameters.weight_radius) ? parameters.weight_radius->data() + start : nullptr;
    return multiply_rows(parameters.weight->data() + start, radius, map.channels, map.depth, {x.mid.data(), x.spread.data(), x.magnitude.data()},
                         mid, rad);
  }
  const GroupWeights weights = group_weights(map, parameters, g);
  accumulate(weights.weight, x.mid.data(), mid, map.channels, map.depth, map.positions);
  accumulate(weights.magnitude.data(), x.spread.data(), rad, map.channels, map.depth, map.positions);
  if (!weights.radius.empty()) accumulate(weights.radius.data(), x.magnitude.data(), rad, map.channels, map.depth, map.positions);
}

void apply_group(const LinearMap& map, const Parameters& parameters, std::int64_t g, const Interval* x, Interval* y) {
  const double gamma = gamma_up(map.depth);
  Block columns(map.depth * map.positions);
  for (std::int64_t k = 0; k < map.depth; ++k) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const std::int64_t input = map.input_of(g, k, p);
      if (input >= 0) columns.set(static_cast<std::size_t>(k * map.positions + p), x[input], gamma);
    }
  }
  const std::size_t size = static_cast<std::size_t>(map.channels * map.positions);
  std::vector<double> mid(size, 0.0), rad(size, 0.0);
  multiply_group(map, parameters, g, columns, mid.data(), rad.data());
  for (std::int64_t m = 0; m < map.channels; ++m) {
    const auto channel = static_cast<std::size_t>(g * map.channels + m);
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const auto at = static_cast<std::size_t>(m * map.positions + p);
      Interval value = join(mid[at], rad[at], gamma);
      if (has(parameters.bias)) value += with_radius((*parameters.bias)[channel], parameters.bias_radius, channel);
      y[map.output_of(g, m, p)] = divide(value, map.divisor_of(p));
    }
  }
}

// The only element of a row that is not zero, -1 if there are more (or none).
std::int64_t only_element(const Interval* row, std::int64_t size) {
  std::int64_t only = -1;
  for (std::int64_t i = 0; i < size; ++i) {
    if (row[i].lo == 0 && row[i].hi == 0) continue;
    if (only >= 0) return -1;
    only = i;
  }
  return only;
}

// Where an element of the result stands: its channel (of all groups) and position.
struct Place {
  std::int64_t channel, position;
};

std::vector<Place> places_of(const LinearMap& map) {
  std::vector<Place> places(static_cast<std::size_t>(map.outputs));
  for (std::int64_t channel = 0; channel < map.groups * map.channels; ++channel) {
    for (std::int64_t p = 0; p < map.positions; ++p) places[static_cast<std::size_t>(map.output_of(0, channel, p))] = {channel, p};
  }
  return places;
}

// result += g_i W_i for one output i.
void transpose_one(const LinearMap& map, const Parameters& parameters, const Place& place, const Interval& g, Interval* result) {
  const Interval scale = divide(g, map.divisor_of(place.position));
  const std::int64_t row = place.channel * map.depth;
  const bool exact = !has(parameters.weight_radius);
  for (std::int64_t k = 0; k < map.depth; ++k) {
    const std::int64_t input = map.input_of(place.channel / map.channels, k, place.position);
    const double w = (*parameters.weight)[static_cast<std::size_t>(row + k)];
    if (input < 0 || (exact && w == 0)) continue;
    if (exact && scale.lo == 1 && scale.hi == 1) result[input] += Interval(w);
    else result[input] += scale * with_radius(w, parameters.weight_radius, static_cast<std::size_t>(row + k));
  }
}

// Rows with one element each take a row of the matrix; visit(first, count) is called for runs of the others.
template <typename Visit>
void transpose_rows(const LinearMap& map, const Parameters& parameters, const Interval* g, Interval* result, std::int64_t rows,
                    Visit&& visit) {
  std::vector<Place> places;
  std::int64_t first = 0;
  const auto flush = [&](std::int64_t end) {
    if (first < end) visit(first, end - first);
    first = end + 1;
  };
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t only = only_element(g + row * map.outputs, map.outputs);
    if (only < 0) continue;
    flush(row);
    if (places.empty()) places = places_of(map);
    transpose_one(map, parameters, places[static_cast<std::size_t>(only)], g[row * map.outputs + only], result + row * map.inputs);
  }
  flush(rows);
}

// All rows at once where each row sees one position: (rows x M)(M x K).
void transpose_dense(const LinearMap& map, const Parameters& parameters, const Interval* g, Interval* result,
                     std::int64_t rows) {
  const double gamma = gamma_up(map.channels);
  Block from(rows * map.channels);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t m = 0; m < map.channels; ++m) {
      from.set(static_cast<std::size_t>(row * map.channels + m),
               divide(g[row * map.outputs + map.output_of(0, m, 0)], map.divisor_of(0)), gamma);
    }
  }
  const GroupWeights weights = group_weights(map, parameters, 0);
  const std::size_t size = static_cast<std::size_t>(rows * map.depth);
  std::vector<double> mid(size, 0.0), rad(size, 0.0);
  accumulate(from.mid.data(), weights.weight, mid.data(), rows, map.channels, map.depth);
  accumulate(from.spread.data(), weights.magnitude.data(), rad.data(), rows, map.channels, map.depth);
  if (!weights.radius.empty()) {
    accumulate(from.magnitude.data(), weights.radius.data(), rad.data(), rows, map.channels, map.depth);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const std::int64_t input = map.input_of(0, k, 0);
      const auto at = static_cast<std::size_t>(row * map.depth + k);
      if (input >= 0 && (rad[at] != 0 || mid[at] != 0)) result[row * map.inputs + input] += join(mid[at], rad[at], gamma);
    }
  }
}

void transpose_group(const LinearMap& map, std::int64_t g, const GroupWeights& weights,
                     const Interval* from_row, Interval* to_row) {
  const double gamma = gamma_up(map.channels);
  Block from(map.channels * map.positions);
  for (std::int64_t m = 0; m < map.channels; ++m) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      from.set(static_cast<std::size_t>(m * map.positions + p), divide(from_row[map.output_of(g, m, p)], map.divisor_of(p)),
               gamma);
    }
  }
  const std::size_t size = static_cast<std::size_t>(map.depth * map.positions);
  std::vector<double> mid(size, 0.0), rad(size, 0.0);
  accumulate_transposed(weights.weight, from.mid.data(), mid.data(), map.depth, map.channels, map.positions);
  accumulate_transposed(weights.magnitude.data(), from.spread.data(), rad.data(), map.depth, map.channels, map.positions);
  if (!weights.radius.empty()) {
    accumulate_transposed(weights.radius.data(), from.magnitude.data(), rad.data(), map.depth, map.channels, map.positions);
  }
  for (std::int64_t k = 0; k < map.depth; ++k) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const std::int64_t input = map.input_of(g, k, p);
      const auto at = static_cast<std::size_t>(k * map.positions + p);
      if (input >= 0 && (rad[at] != 0 || mid[at] != 0)) to_row[input] += join(mid[at], rad[at], gamma);
    }
  }
}

}  // namespace

void use_one_blas_thread() { openblas_set_num_threads(1); }

template <>
void apply<Interval>(const LinearMap& map, const Parameters& parameters, const Interval* x, Interval* y) {
  if (is_diagonal(map)) return apply_diagonal(map, parameters, x, y);
  for (std::int64_t g = 0; g < map.groups; ++g) apply_group(map, parameters, g, x, y);
}

template <>
void apply_transposed<Interval>(const LinearMap& map, const Parameters& parameters, const Interval* g, Interval* result,
                                std::int64_t rows) {
  if (is_diagonal(map)) {
    for (std::int64_t row = 0; row < rows; ++row) {
      transpose_diagonal(map, parameters, g + row * map.outputs, result + row * map.inputs);
    }
    return;
  }
  const bool dense = map.groups == 1 && map.positions == 1;
  transpose_rows(map, parameters, g, result, rows, [&](std::int64_t first, std::int64_t count) {
    const Interval* from = g + first * map.outputs;
    Interval* to = result + first * map.inputs;
    if (dense) return transpose_dense(map, parameters, from, to, count);
    for (std::int64_t group = 0; group < map.groups; ++group) {
      const GroupWeights weights = group_weights(map, parameters, group);
      for (std::int64_t row = 0; row < count; ++row) transpose_group(map, group, weights, from + row * map.outputs, to + row * map.inputs);
    }
  });
}

}  // namespace halfulp
