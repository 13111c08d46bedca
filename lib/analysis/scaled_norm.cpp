#include "scaled_norm.hpp"

#include <cblas.h>

#include <algorithm>

#include "halfulp/enclosure/interval_inline.hpp"

namespace halfulp {
namespace {

// Covers underflow of squares and products.
constexpr double kUnderflow = 1e-290;
// The least scale beside the largest one: scales only need to be positive.
constexpr double kLeastScale = 1e-30;

// (1 + u)^n - 1 for the n roundings of a sum of n terms and what is around it, with room.
double gamma_up(std::size_t n) { return 1.01 * static_cast<double>(n + 8) * 0x1p-53; }

double inflate(double sum, std::size_t terms) { return sum * (1 + gamma_up(terms)) + kUnderflow; }

double square_sum_up(const double* values, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += values[i] * values[i];
  return inflate(sum, count);
}

double sqrt_up(double x) { return next_up(std::sqrt(x)); }

int squarings_for(std::int64_t n) { return n <= 64 ? 7 : n <= 400 ? 6 : 3; }

double singular_value_up(std::vector<double> a, std::int64_t rows, std::int64_t columns, int squarings) {
  const double frobenius = sqrt_up(square_sum_up(a.data(), a.size()));
  if (squarings == 0 || !std::isfinite(frobenius) || frobenius < 1e-140) return frobenius;
  const int exponent = std::ilogb(frobenius);
  for (double& x : a) x = std::ldexp(x, -exponent);
  const bool wide = rows <= columns;
  const std::int64_t n = wide ? rows : columns, depth = wide ? columns : rows;
  std::vector<double> gram(static_cast<std::size_t>(n * n));
  const auto lead = static_cast<int>(columns);
  cblas_dgemm(CblasRowMajor, wide ? CblasNoTrans : CblasTrans, wide ? CblasTrans : CblasNoTrans, static_cast<int>(n),
              static_cast<int>(n), static_cast<int>(depth), 1.0, a.data(), lead, a.data(), lead, 0.0, gram.data(), static_cast<int>(n));
  // The scaled matrix has a Frobenius norm below 2, so the errors of the product one below 4 gamma.
  const double error = 4.1 * gamma_up(static_cast<std::size_t>(depth)) + kUnderflow;
  const double squared = add_up(singular_value_up(std::move(gram), n, n, squarings - 1), error);
  return std::min(frobenius, std::ldexp(sqrt_up(squared), exponent));
}

// a^T a, rounded.
std::vector<double> gram_of_columns(const std::vector<double>& a, std::int64_t rows, std::int64_t columns) {
  std::vector<double> gram(static_cast<std::size_t>(columns * columns));
  const auto n = static_cast<int>(columns);
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, n, static_cast<int>(rows), 1.0, a.data(), n, a.data(), n, 0.0, gram.data(), n);
  return gram;
}

// r with r^T r near the positive semidefinite matrix; where a pivot has cancelled away, its row is left zero.
std::vector<double> upper_triangle(const std::vector<double>& gram, std::int64_t n) {
  const auto size = static_cast<std::size_t>(n);
  std::vector<double> r(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    double pivot = gram[i * size + i];
    for (std::size_t k = 0; k < i; ++k) pivot -= r[k * size + i] * r[k * size + i];
    if (!(pivot > 1e-14 * gram[i * size + i])) continue;
    const double root = std::sqrt(pivot);
    for (std::size_t j = i; j < size; ++j) r[i * size + j] = gram[i * size + j];
    for (std::size_t k = 0; k < i; ++k) {
      const double factor = r[k * size + i];
      if (factor == 0) continue;
      for (std::size_t j = i; j < size; ++j) r[i * size + j] -= factor * r[k * size + j];
    }
    for (std::size_t j = i; j < size; ++j) r[i * size + j] /= root;
  }
  return r;
}

// The map with the operand's scale in its weights, and what else its norm needs.
class ScaledMap {
 public:
  ScaledMap(const LinearMap& map, const std::vector<double>& scale, bool rough) : map_(map), least_divisor_(1), rough_(rough) {
    if (!map.divisor.empty()) least_divisor_ = *std::min_element(map.divisor.begin(), map.divisor.end());
    const auto rows = static_cast<std::size_t>(map.groups * map.channels), depth = static_cast<std::size_t>(map.depth);
    weight_.resize(rows * depth);
    radius_.assign(map.weight_radius.empty() ? 0 : rows * depth, 0);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::int64_t g = static_cast<std::int64_t>(row) / map.channels;
      if (static_cast<std::int64_t>(row) % map.channels == 0) find_scales(scale, g);
      for (std::size_t k = 0; k < depth; ++k) {
        weight_[row * depth + k] = map.weight[row * depth + k] * group_scale_[k] / least_divisor_;
        if (!radius_.empty()) radius_[row * depth + k] = map.weight_radius[row * depth + k] * group_scale_[k] / least_divisor_;
      }
    }
    count_uses();
  }

  // ||(W S)_row||, rounded up.
  double row_norm(std::size_t row) const {
    const auto depth = static_cast<std::size_t>(map_.depth);
    const double exact = sqrt_up(square_sum_up(weight_.data() + row * depth, depth));
    return radius_.empty() ? exact : add_up(exact, sqrt_up(square_sum_up(radius_.data() + row * depth, depth)));
  }

  // ||S_y^-1 W S|| with one scale a row.
  double norm(const std::vector<double>& row_scale) const {
    double largest = 0;
    for (std::int64_t g = 0; g < map_.groups; ++g) largest = std::max(largest, group_norm(g, row_scale));
    return mul_up(largest, sqrt_up(group_uses_));
  }

 private:
  void find_scales(const std::vector<double>& scale, std::int64_t g) {
    group_scale_.assign(static_cast<std::size_t>(map_.depth), 0);
    for (std::int64_t k = 0; k < map_.depth; ++k) {
      double largest = 0;
      for (std::int64_t p = 0; p < map_.positions; ++p) {
        const std::int64_t input = map_.input_of(g, k, p);
        if (input >= 0) largest = std::max(largest, scale[static_cast<std::size_t>(input)]);
      }
      group_scale_[static_cast<std::size_t>(k)] = largest;
    }
  }

  // How often one input is read: by one group, by one tap of it, by how many groups. Groups read alike, shifted.
  void count_uses() {
    std::vector<std::int32_t> uses(static_cast<std::size_t>(map_.inputs), 0), tap(uses.size(), 0), groups(uses.size(), 0);
    for (std::int64_t k = 0; k < map_.depth; ++k) {
      std::int32_t most = 0;
      for (std::int64_t p = 0; p < map_.positions; ++p) {
        const std::int64_t input = map_.input_of(0, k, p);
        if (input < 0) continue;
        ++uses[static_cast<std::size_t>(input)];
        most = std::max(most, ++tap[static_cast<std::size_t>(input)]);
      }
      tap_uses_.push_back(most);
      for (std::int64_t p = 0; p < map_.positions; ++p) {
        if (const std::int64_t input = map_.input_of(0, k, p); input >= 0) tap[static_cast<std::size_t>(input)] = 0;
      }
    }
    uses_ = *std::max_element(uses.begin(), uses.end());
    std::vector<std::int64_t> read;
    for (std::size_t input = 0; input < uses.size(); ++input) {
      if (uses[input] > 0) read.push_back(static_cast<std::int64_t>(input));
    }
    for (std::int64_t g = 0; g < map_.groups; ++g) {
      for (const std::int64_t input : read) {
        group_uses_ = std::max<double>(group_uses_, ++groups[static_cast<std::size_t>(input + g * map_.input_group_stride)]);
      }
    }
  }

  double group_norm(std::int64_t g, const std::vector<double>& row_scale) const {
    const auto depth = static_cast<std::size_t>(map_.depth), rows = static_cast<std::size_t>(map_.channels);
    const std::size_t first = static_cast<std::size_t>(g) * rows;
    std::vector<double> matrix(rows * depth), radius(radius_.empty() ? 0 : matrix.size());
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t k = 0; k < depth; ++k) {
        matrix[row * depth + k] = weight_[(first + row) * depth + k] / row_scale[first + row];
        if (!radius.empty()) radius[row * depth + k] = radius_[(first + row) * depth + k] / row_scale[first + row];
      }
    }
    // Four roundings an entry lie between the map's weights and `matrix`.
    const double frobenius = euclidean_up(matrix);
    double around = add_up(mul_up(5 * 0x1p-53, frobenius), kUnderflow);
    if (!radius.empty()) around = add_up(around, euclidean_up(radius));
    const double by_columns = column_sum(matrix, rows);
    const double root = sqrt_up(static_cast<double>(uses_));
    double whole = mul_up(frobenius, root);
    if (rows > 1 && !rough_) whole = mul_up(largest_singular_value_up(std::move(matrix), map_.channels, map_.depth), root);
    return add_up(std::min(whole, by_columns), mul_up(around, root));
  }

  double column_sum(const std::vector<double>& matrix, std::size_t rows) const {
    double sum = 0;
    std::vector<double> column(rows);
    for (std::size_t k = 0; k < tap_uses_.size(); ++k) {
      for (std::size_t row = 0; row < rows; ++row) column[row] = matrix[row * tap_uses_.size() + k];
      sum = add_up(sum, mul_up(euclidean_up(column), sqrt_up(tap_uses_[k])));
    }
    return sum;
  }

  const LinearMap& map_;
  double least_divisor_;
  bool rough_;
  std::vector<double> group_scale_, weight_, radius_;
  std::vector<std::int32_t> tap_uses_;
  std::int32_t uses_ = 0;
  double group_uses_ = 1;
};

// sqrt(sum of (bound / scale)^2) over each window, rounded up; a group and a position an entry.
std::vector<double> window_norms(const LinearMap& map, const std::vector<double>& bound, const std::vector<double>& scale) {
  std::vector<double> squares(bound.size());
  for (std::size_t i = 0; i < bound.size(); ++i) {
    const double ratio = bound[i] / scale[i];
    squares[i] = ratio * ratio;
  }
  std::vector<double> sums(static_cast<std::size_t>(map.groups * map.positions), 0.0);
  for (std::int64_t g = 0; g < map.groups; ++g) {
    double* sum = sums.data() + g * map.positions;
    for (std::int64_t k = 0; k < map.depth; ++k) {
      for (std::int64_t p = 0; p < map.positions; ++p) {
        if (const std::int64_t input = map.input_of(g, k, p); input >= 0) sum[p] += squares[static_cast<std::size_t>(input)];
      }
    }
  }
  for (double& sum : sums) sum = sqrt_up(inflate(sum, static_cast<std::size_t>(map.depth) + 4));
  return sums;
}

void raise_to_least(std::vector<double>& scale) {
  const double largest = *std::max_element(scale.begin(), scale.end());
  const double least = largest > 0 ? largest * kLeastScale : 1;
  for (double& s : scale) s = std::max(s, least);
}

}  // namespace

double euclidean_up(const std::vector<double>& values) { return sqrt_up(square_sum_up(values.data(), values.size())); }

double largest_singular_value_up(std::vector<double> a, std::int64_t rows, std::int64_t columns) {
  const int squarings = squarings_for(std::min(rows, columns));
  return singular_value_up(std::move(a), rows, columns, squarings);
}

std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b, std::int64_t rows, std::int64_t inner,
                            std::int64_t columns, double& error) {
  std::vector<double> c(static_cast<std::size_t>(rows * columns));
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(rows), static_cast<int>(columns), static_cast<int>(inner), 1.0,
              a.data(), static_cast<int>(inner), b.data(), static_cast<int>(columns), 0.0, c.data(), static_cast<int>(columns));
  const double size = mul_up(euclidean_up(a), euclidean_up(b));
  error = add_up(mul_up(gamma_up(static_cast<std::size_t>(inner)), size), kUnderflow);
  return c;
}

double largest_singular_value_up(const std::vector<double>& a, const std::vector<double>& b, std::int64_t rows, std::int64_t inner,
                                 std::int64_t columns) {
  double error = 0;
  if (rows <= inner) {
    std::vector<double> whole = product(a, b, rows, inner, columns, error);
    return add_up(largest_singular_value_up(std::move(whole), rows, columns), error);
  }
  const std::vector<double> gram = gram_of_columns(a, rows, inner);
  const std::vector<double> triangle = upper_triangle(gram, inner);
  const std::vector<double> again = gram_of_columns(triangle, inner, inner);
  std::vector<double> difference(gram.size());
  for (std::size_t i = 0; i < gram.size(); ++i) difference[i] = gram[i] - again[i];
  const double squares = add_up(square_sum_up(a.data(), a.size()), square_sum_up(triangle.data(), triangle.size()));
  const double missed = add_up(inflate(euclidean_up(difference), 4), mul_up(2 * gamma_up(static_cast<std::size_t>(rows)), squares));
  const double of_b = largest_singular_value_up(b, inner, columns);
  const std::vector<double> small = product(triangle, b, inner, inner, columns, error);
  const double with_triangle = add_up(largest_singular_value_up(small, inner, columns), error);
  const double squared = add_up(mul_up(with_triangle, with_triangle), mul_up(missed, mul_up(of_b, of_b)));
  return sqrt_up(squared);
}

double scaled_norm_up(const std::vector<double>& bound, const std::vector<double>& scale) {
  double sum = 0;
  for (std::size_t i = 0; i < bound.size(); ++i) {
    if (bound[i] == 0) continue;
    const double ratio = bound[i] / scale[i];
    sum += ratio * ratio;
  }
  return sum == 0 ? 0 : sqrt_up(inflate(sum, bound.size() + 4));
}

ScaledNorm norm_of_bounds(const std::vector<double>& bound) {
  const double size = euclidean_up(bound) / std::sqrt(static_cast<double>(std::max<std::size_t>(1, bound.size())));
  ScaledNorm result{std::vector<double>(bound.size(), std::isfinite(size) && size > 0 ? size : 1.0), HUGE_VAL};
  result.norm = scaled_norm_up(bound, result.scale);
  return result;
}

ScaledNorm linear_norm(const LinearMap& map, const ScaledNorm& x, const std::vector<double>& bound, const std::vector<double>& own,
                       const std::vector<double>& later, std::vector<double>& before, bool rough) {
  if (!std::isfinite(x.norm)) return norm_of_bounds(before);
  const ScaledMap scaled(map, x.scale, rough);
  const auto rows = static_cast<std::size_t>(map.groups * map.channels);
  std::vector<double> row_scale, row_norm;
  for (std::size_t row = 0; row < rows; ++row) {
    row_norm.push_back(scaled.row_norm(row));
    double square = 0;
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const auto i = static_cast<std::size_t>(map.output_pattern[static_cast<std::size_t>(p)] + static_cast<std::int64_t>(row) * map.output_channel_stride);
      square += own[i] * own[i] + later[i] * later[i];
    }
    row_scale.push_back(std::hypot(row_norm.back() * x.rms(), std::sqrt(square / static_cast<double>(map.positions))));
  }
  if (!std::all_of(row_scale.begin(), row_scale.end(), [](double r) { return std::isfinite(r); })) return norm_of_bounds(before);
  raise_to_least(row_scale);
  const std::vector<double> windows = window_norms(map, bound, x.scale);
  ScaledNorm y{std::vector<double>(before.size(), 1.0), HUGE_VAL};
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t g = static_cast<std::int64_t>(row) / map.channels;
    for (std::int64_t p = 0; p < map.positions; ++p) {
      const auto i = static_cast<std::size_t>(map.output_of(g, static_cast<std::int64_t>(row) % map.channels, p));
      const double window = std::min(x.norm, windows[static_cast<std::size_t>(g * map.positions + p)]);
      y.scale[i] = row_scale[row];
      before[i] = std::min(before[i], add_up(mul_up(row_norm[row], window), own[i]));
    }
  }
  y.norm = add_up(mul_up(scaled.norm(row_scale), x.norm), scaled_norm_up(own, y.scale));
  return y;
}

ScaledNorm sum_norm(const std::vector<ScaledOperand>& operands, std::size_t size, const std::vector<double>& later) {
  std::vector<double> squares(size, 0.0);
  for (std::size_t i = 0; i < later.size(); ++i) squares[i] = later[i] * later[i];
  const auto slope = [](const ScaledOperand& o, std::size_t i) { return o.slope.empty() ? 1.0 : o.slope[i]; };
  for (const ScaledOperand& o : operands) {
    for (std::size_t i = 0; i < size; ++i) {
      if (o.source[i] < 0) continue;
      const double part = slope(o, i) * o.norm->scale[static_cast<std::size_t>(o.source[i])] * o.norm->rms();
      squares[i] += part * part;
    }
  }
  ScaledNorm y{std::vector<double>(size), 0};
  for (std::size_t i = 0; i < size; ++i) y.scale[i] = std::sqrt(squares[i]);
  if (!std::all_of(y.scale.begin(), y.scale.end(), [](double s) { return std::isfinite(s); })) return {std::vector<double>(size, 1.0), HUGE_VAL};
  raise_to_least(y.scale);
  for (const ScaledOperand& o : operands) {
    std::vector<std::int32_t> uses(o.norm->scale.size(), 0);
    double ratio = 0;
    std::int32_t most = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (o.source[i] < 0) continue;
      const auto from = static_cast<std::size_t>(o.source[i]);
      most = std::max(most, ++uses[from]);
      ratio = std::max(ratio, slope(o, i) * o.norm->scale[from] / y.scale[i]);
    }
    const double passed = mul_up(mul_up(inflate(ratio, 2), sqrt_up(most)), o.norm->norm);
    y.norm = add_up(y.norm, ratio == 0 || o.norm->norm == 0 ? 0 : passed);
  }
  return y;
}

}  // namespace halfulp
