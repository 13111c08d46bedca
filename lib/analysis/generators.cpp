#include "generators.hpp"

#include <algorithm>
#include <numeric>

#include "halfulp/enclosure/interval_inline.hpp"

namespace halfulp {
namespace {

constexpr std::int64_t kMostColumns = 6000;
// The scale of `rest` beside that of the whole: small, but above what roundings of the generators leave.
constexpr double kRestScale = 0x1p-40;

double rms(const Generators& g) { return g.norm / std::sqrt(static_cast<double>(g.columns * g.area)); }

// The size of `own` and `later` in one channel, and a small share of the generators'.
std::vector<double> rest_scale(const Generators& g, const std::vector<double>& own, const std::vector<double>& later) {
  std::vector<double> scale(static_cast<std::size_t>(g.channels * g.area), 0.0);
  for (std::int64_t c = 0; c < g.channels; ++c) {
    double squares = 0;
    for (std::int64_t i = c * g.area; i < (c + 1) * g.area; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (!own.empty()) squares += own[at] * own[at];
      if (!later.empty()) squares += later[at] * later[at];
    }
    const double size = std::hypot(std::sqrt(squares / static_cast<double>(g.area)), kRestScale * g.row_norm(c) * rms(g));
    std::fill_n(scale.begin() + c * g.area, g.area, std::isfinite(size) && size > 0 ? size : 1.0);
  }
  return scale;
}

// max over elements of a.scale / b.scale, rounded up: ||B^-1 d|| <= ratio ||A^-1 d||.
double ratio_up(const std::vector<double>& a, const std::vector<double>& b) {
  double ratio = 0;
  for (std::size_t i = 0; i < a.size(); ++i) ratio = std::max(ratio, a[i] / b[i]);
  return next_up(next_up(ratio));
}

// Adds what is bounded by its own scale and norm to the rest.
void add_to_rest(Generators& y, const ScaledNorm& part) {
  if (part.norm > 0) y.rest.norm = add_up(y.rest.norm, mul_up(ratio_up(part.scale, y.rest.scale), part.norm));
}

void open_rest(Generators& y, const std::vector<double>& own, const std::vector<double>& later) {
  y.rest = {rest_scale(y, own, later), 0};
  if (!own.empty()) y.rest.norm = scaled_norm_up(own, y.rest.scale);
}

// |(delta z)(c, p)| <= size[c] ||z(., p)|| for each channel.
void add_row_errors(Generators& y, const std::vector<double>& size) {
  std::vector<double> ratios;
  for (std::int64_t c = 0; c < y.channels; ++c) ratios.push_back(next_up(size[static_cast<std::size_t>(c)] / y.rest.scale[static_cast<std::size_t>(c * y.area)]));
  y.rest.norm = add_up(y.rest.norm, mul_up(euclidean_up(ratios), y.norm));
}

bool is_kept(const Generators& y) { return std::isfinite(y.norm) && std::isfinite(y.rest.norm) && y.columns <= kMostColumns; }

std::shared_ptr<Generators> kept(Generators y) { return is_kept(y) ? std::make_shared<Generators>(std::move(y)) : nullptr; }

// The rest of the operand, through the map.
void pass_rest(Generators& y, const LinearMap& map, const ScaledNorm& rest) {
  if (rest.norm == 0) return;
  std::vector<double> bound, none(static_cast<std::size_t>(map.outputs), 0.0), before(none.size(), HUGE_VAL);
  for (const double s : rest.scale) bound.push_back(mul_up(s, rest.norm));
  add_to_rest(y, linear_norm(map, rest, bound, none, none, before, true));
}

}  // namespace

double Generators::row_norm(std::int64_t channel) const {
  const auto first = matrix.begin() + channel * columns;
  return euclidean_up({first, first + columns});
}

bool is_pointwise(const LinearMap& map) {
  if (map.groups != 1 || map.positions < 2 || !map.divisor.empty() || !map.weight_radius.empty() || map.inputs != map.depth * map.positions ||
      map.output_channel_stride != map.positions) {
    return false;
  }
  for (std::size_t i = 0; i < map.input_pattern.size(); ++i) {
    if (map.input_pattern[i] != static_cast<std::int32_t>(i)) return false;
  }
  for (std::size_t p = 0; p < map.output_pattern.size(); ++p) {
    if (map.output_pattern[p] != static_cast<std::int32_t>(p)) return false;
  }
  return true;
}

bool is_channelwise(const LinearMap& map) {
  if (map.channels != 1 || map.depth != 1 || !map.divisor.empty() || map.inputs != map.groups * map.positions ||
      map.input_group_stride != map.positions || map.output_channel_stride != map.positions) {
    return false;
  }
  for (std::size_t p = 0; p < map.output_pattern.size(); ++p) {
    if (map.output_pattern[p] != static_cast<std::int32_t>(p) || map.input_pattern[p] != static_cast<std::int32_t>(p)) return false;
  }
  return true;
}

std::shared_ptr<Generators> start_generators(const LinearMap& map, const ScaledNorm& x, const std::vector<double>& own,
                                             const std::vector<double>& later) {
  if (!std::isfinite(x.norm)) return nullptr;
  Generators y{.channels = map.channels, .area = map.positions, .columns = map.depth, .matrix = map.weight, .norm = x.norm, .rest = {}};
  std::vector<double> scale;
  for (std::int64_t k = 0; k < map.depth; ++k) {
    const auto first = x.scale.begin() + k * map.positions;
    scale.push_back(*std::max_element(first, first + map.positions));
  }
  std::vector<double> rounding;
  for (std::int64_t c = 0; c < map.channels; ++c) {
    for (std::int64_t k = 0; k < map.depth; ++k) y.matrix[static_cast<std::size_t>(c * map.depth + k)] *= scale[static_cast<std::size_t>(k)];
    rounding.push_back(mul_up(0x1p-52, y.row_norm(c)));
  }
  open_rest(y, own, later);
  add_row_errors(y, rounding);
  return kept(std::move(y));
}

std::shared_ptr<Generators> pass_generators(const LinearMap& map, const Generators& x, const std::vector<double>& own,
                                            const std::vector<double>& later) {
  const bool mixes = is_pointwise(map);
  Generators y{.channels = mixes ? map.channels : map.groups, .area = x.area, .columns = x.columns, .matrix = {}, .norm = x.norm, .rest = {}};
  std::vector<double> missed;  // of each row
  if (mixes) {
    double error = 0;
    y.matrix = product(map.weight, x.matrix, map.channels, map.depth, x.columns, error);
    missed.assign(static_cast<std::size_t>(y.channels), error);
  } else {
    y.matrix = x.matrix;
    for (std::int64_t c = 0; c < y.channels; ++c) {
      const auto at = static_cast<std::size_t>(c);
      for (std::int64_t j = 0; j < y.columns; ++j) y.matrix[static_cast<std::size_t>(c * y.columns + j)] *= map.weight[at];
      const double radius = map.weight_radius.empty() ? 0 : map.weight_radius[at];
      missed.push_back(add_up(mul_up(0x1p-52, y.row_norm(c)), mul_up(radius, x.row_norm(c))));
    }
  }
  open_rest(y, own, later);
  add_row_errors(y, missed);
  pass_rest(y, map, x.rest);
  return kept(std::move(y));
}

// With z = (z_a / (N_a s), z_b / (N_b t)), 1 / s^2 + 1 / t^2 <= 1: ||z|| <= 1.
std::shared_ptr<Generators> add_generators(const Generators& a, const Generators& b, const std::vector<double>& own,
                                           const std::vector<double>& later) {
  if (a.channels != b.channels || a.area != b.area) return nullptr;
  const double size_a = euclidean_up(a.matrix) * a.norm, size_b = euclidean_up(b.matrix) * b.norm;
  const double ratio = size_a > 0 && size_b > 0 ? std::clamp(size_b / size_a, 1e-9, 1e9) : 1;
  // A little larger than the roots of 1 + ratio and 1 + 1 / ratio, which covers their roundings.
  const double factor_a = std::sqrt(1 + ratio) * (1 + 1e-12) * a.norm, factor_b = std::sqrt(1 + 1 / ratio) * (1 + 1e-12) * b.norm;
  Generators y{.channels = a.channels, .area = a.area, .columns = a.columns + b.columns, .matrix = {}, .norm = 1, .rest = {}};
  y.matrix.reserve(static_cast<std::size_t>(y.channels * y.columns));
  std::vector<double> rounding;
  for (std::int64_t c = 0; c < y.channels; ++c) {
    for (std::int64_t j = 0; j < a.columns; ++j) y.matrix.push_back(a.matrix[static_cast<std::size_t>(c * a.columns + j)] * factor_a);
    for (std::int64_t j = 0; j < b.columns; ++j) y.matrix.push_back(b.matrix[static_cast<std::size_t>(c * b.columns + j)] * factor_b);
    rounding.push_back(mul_up(0x1p-51, y.row_norm(c)));
  }
  open_rest(y, own, later);
  add_row_errors(y, rounding);
  add_to_rest(y, a.rest);
  add_to_rest(y, b.rest);
  return kept(std::move(y));
}

ScaledNorm norm_of_generators(const Generators& y, const LinearMap* map, const Generators* operand) {
  ScaledNorm result{std::vector<double>(static_cast<std::size_t>(y.channels * y.area)), 0};
  std::vector<double> inverse;
  double largest = 0;
  for (std::int64_t c = 0; c < y.channels; ++c) {
    const double size = std::hypot(y.row_norm(c) * rms(y), y.rest.scale[static_cast<std::size_t>(c * y.area)]);
    std::fill_n(result.scale.begin() + c * y.area, y.area, size);
    inverse.push_back(1 / size);
    largest = std::max(largest, size);
  }
  if (!(largest > 0) || !std::isfinite(largest)) return {std::move(result.scale), HUGE_VAL};
  const bool factored = map != nullptr && operand != nullptr && map->channels > map->depth;
  std::vector<double> rows = factored ? map->weight : y.matrix;
  const std::size_t columns = rows.size() / inverse.size();
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] *= inverse[i / columns];
  const double rounding = mul_up(0x1p-51, euclidean_up(rows));
  double norm = 0;
  if (factored) {
    norm = largest_singular_value_up(rows, operand->matrix, map->channels, map->depth, y.columns);
    norm = add_up(norm, mul_up(rounding, euclidean_up(operand->matrix)));
  } else {
    norm = add_up(largest_singular_value_up(std::move(rows), y.channels, y.columns), rounding);
  }
  result.norm = add_up(mul_up(norm, y.norm), mul_up(ratio_up(y.rest.scale, result.scale), y.rest.norm));
  return result;
}

void lower_by_generators(const Generators& y, std::vector<double>& bound) {
  for (std::int64_t c = 0; c < y.channels; ++c) {
    const double whole = mul_up(y.row_norm(c), y.norm);
    for (std::int64_t i = c * y.area; i < (c + 1) * y.area; ++i) {
      const auto at = static_cast<std::size_t>(i);
      bound[at] = std::min(bound[at], add_up(whole, mul_up(y.rest.norm, y.rest.scale[at])));
    }
  }
}

}  // namespace halfulp
