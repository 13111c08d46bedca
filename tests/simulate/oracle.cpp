#include "oracle.hpp"

#include <cmath>
#include <limits>

#include "halfulp/formats/round.hpp"

namespace halfulp::oracle {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

mpq_class two_to(long e) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 2, static_cast<unsigned long>(std::labs(e)));
  return e >= 0 ? mpq_class(power) : mpq_class(mpz_class(1), power);
}

mpz_class floor_of(const mpq_class& x) {
  mpz_class result;
  mpz_fdiv_q(result.get_mpz_t(), x.get_num_mpz_t(), x.get_den_mpz_t());
  return result;
}

// 2^e <= |x| < 2^(e+1)
long exponent_of(const mpq_class& x) {
  const mpq_class magnitude = abs(x);
  long e = static_cast<long>(mpz_sizeinbase(x.get_num_mpz_t(), 2)) - static_cast<long>(mpz_sizeinbase(x.get_den_mpz_t(), 2));
  while (two_to(e) > magnitude) --e;
  while (two_to(e + 1) <= magnitude) ++e;
  return e;
}

bool goes_up(const Format& format, const mpz_class& lower, const mpq_class& fraction, bool negative, std::uint32_t random) {
  const mpq_class half(1, 2);
  const bool odd = mpz_odd_p(lower.get_mpz_t()) != 0;
  switch (format.rounding) {
    case RoundingMode::kNearestEven: return fraction > half || (fraction == half && odd);
    case RoundingMode::kNearestAway: return fraction > half || (fraction == half && !negative);
    case RoundingMode::kNearestZero: return fraction > half || (fraction == half && negative);
    case RoundingMode::kTowardZero: return negative && fraction > 0;
    case RoundingMode::kUp: return fraction > 0;
    case RoundingMode::kDown: return false;
    case RoundingMode::kOdd: return fraction > 0 && !odd;
    case RoundingMode::kStochastic: break;
  }
  const mpq_class grid = two_to(format.stochastic_bits);
  const mpz_class threshold = floor_of(fraction * grid);
  return mpz_class(random % (1UL << format.stochastic_bits)) < threshold;
}

struct Limits {
  mpq_class low, high;
};

Limits limits(const Format& format) {
  if (format.family == FormatFamily::kFloat) {
    const mpq_class high = number(decode(format, format.max_finite_code)).value;
    return {-high, high};
  }
  const mpq_class unit = two_to(-format.fraction_bits);
  if (!format.is_signed) return {0, (two_to(format.width_bits) - 1) * unit};
  const mpq_class half = two_to(format.width_bits - 1);
  const bool symmetric = format.overflow == OverflowMode::kSaturateSymmetric;
  return {(symmetric ? mpq_class(1 - half) : mpq_class(-half)) * unit, (half - 1) * unit};
}

Number beyond(const Format& format, bool negative, bool was_infinite) {
  const Limits limit = limits(format);
  const Number edge{negative ? limit.low : limit.high};
  if (format.overflow == OverflowMode::kSaturate || format.overflow == OverflowMode::kSaturateSymmetric) return edge;
  if (format.overflow != OverflowMode::kInfinity) return {0, kNan};
  const RoundingMode mode = format.rounding;
  const bool stays = mode == RoundingMode::kTowardZero || mode == RoundingMode::kOdd ||
                     (mode == RoundingMode::kUp && negative) || (mode == RoundingMode::kDown && !negative);
  if (stays && !was_infinite) return edge;
  return {0, !format.has_infinity ? kNan : negative ? -kInf : kInf};
}

mpq_class wrapped(const Format& format, const mpq_class& x) {
  const mpq_class modulus = two_to(format.width_bits - format.fraction_bits);
  mpq_class rest = x - modulus * mpq_class(floor_of(x / modulus));
  if (format.is_signed && rest >= modulus / 2) rest -= modulus;
  return rest;
}

Number add(const Number& a, const Number& b) {
  if (!a.is_finite() || !b.is_finite()) return {0, a.special + b.special};
  return {a.value + b.value};
}

double as_special(const Number& a) { return a.is_finite() ? static_cast<double>(sgn(a.value)) : a.special; }

Number multiply(const Number& a, const Number& b) {
  if (!a.is_finite() || !b.is_finite()) return {0, as_special(a) * as_special(b)};
  return {a.value * b.value};
}

bool below(const Number& a, const Number& b) {
  if (a.is_finite() && b.is_finite()) return a.value < b.value;
  if (!a.is_finite() && !b.is_finite()) return a.special < b.special;
  return a.is_finite() ? b.special > 0 : a.special < 0;
}

class Evaluation {
 public:
  Evaluation(const LoweredGraph& graph, const FormatAssignment& formats, std::uint64_t seed, std::uint64_t sample)
      : graph_(graph), formats_(formats), seed_(seed), sample_(sample) {}

  Run result;

  void enter(NodeId id, const std::vector<double>& x) {
    start(id);
    for (std::size_t i = 0; i < x.size(); ++i) current()[i] = rounded(f().input, number(x[i]), 0, i);
  }

  void evaluate(NodeId id) {
    start(id);
    std::visit([&](const auto& form) { apply(form); }, graph_[id].form);
  }

 private:
  void start(NodeId id) {
    id_ = id;
    current().resize(static_cast<std::size_t>(graph_[id].size));
  }
  const NodeFormats& f() const { return formats_[static_cast<std::size_t>(id_)]; }
  std::vector<Number>& current() { return result.nodes[static_cast<std::size_t>(id_)]; }
  const std::vector<Number>& operand(std::size_t i) const {
    return result.nodes[static_cast<std::size_t>(graph_[id_].operands[i])];
  }

  // Roles: 0 input, 1 weight, 2 bias, 3 product, 4 accumulator, 5 output; constants belong to sample 0.
  Number rounded(const std::optional<Format>& format, const Number& x, std::uint64_t role, std::uint64_t index) const {
    if (!format) return x;
    const std::uint64_t sample = role == 1 || role == 2 ? 0 : sample_;
    const std::uint64_t stream = sample * (1 << 24) + static_cast<std::uint64_t>(id_) * 8 + role;
    return round(*format, x, random_bits(seed_, stream, index));
  }
  Number output(const Number& x, std::size_t i) const { return rounded(f().output, x, 5, i); }

  // One dot product with its roundings; the products come in index order without padding.
  Number dot(const Number& bias, std::vector<Number> products, std::uint64_t depth, std::uint64_t element) const {
    for (std::size_t t = 0; t < products.size(); ++t) products[t] = rounded(f().product, products[t], 3, element * depth + t);
    std::uint64_t step = 0;
    const auto plus = [&](const Number& a, const Number& b) {
      return rounded(f().accumulator, add(a, b), 4, element * 2 * depth + step++);
    };
    Number sum = bias;
    const SummationOrder& order = f().order;
    if (order.kind == SummationOrder::Kind::kSequential) {
      for (const Number& p : products) sum = plus(sum, p);
    } else if (order.kind == SummationOrder::Kind::kBlocked) {
      const auto block = static_cast<std::size_t>(order.block);
      for (std::size_t first = 0; first < products.size(); first += block) {
        Number partial;
        for (std::size_t t = first; t < first + block && t < products.size(); ++t) partial = plus(partial, products[t]);
        sum = plus(sum, partial);
      }
    } else if (!products.empty()) {
      while (products.size() > 1) {
        std::vector<Number> next;
        for (std::size_t i = 0; i + 1 < products.size(); i += 2) next.push_back(plus(products[i], products[i + 1]));
        if (products.size() % 2 == 1) next.push_back(products.back());
        products = next;
      }
      sum = plus(sum, products[0]);
    }
    return sum;
  }

  void apply(const SourceForm&) {
    const auto& constant = graph_.graph->nodes[static_cast<std::size_t>(id_)].constant;
    for (std::size_t i = 0; i < constant.size(); ++i) current()[i] = number(constant[i]);
  }
  void apply(const GatherForm& form) {
    std::vector<Number> all;
    for (std::size_t i = 0; i < graph_[id_].operands.size(); ++i) all.insert(all.end(), operand(i).begin(), operand(i).end());
    for (std::size_t i = 0; i < form.source.size(); ++i) {
      current()[i] = output(form.source[i] < 0 ? number(form.fill) : all[static_cast<std::size_t>(form.source[i])], i);
    }
  }
  void apply(const LinearForm& form) {
    const LinearMap& map = form.map;
    const std::optional<Format> exact;
    for (std::int64_t channel = 0; channel < map.groups * map.channels; ++channel) {
      const std::int64_t g = channel / map.channels, m = channel % map.channels;
      for (std::int64_t p = 0; p < map.positions; ++p) {
        std::vector<Number> products;
        for (std::int64_t k = 0; k < map.depth; ++k) {
          const std::int64_t from = map.input_of(g, k, p);
          if (from < 0) continue;
          const auto at = static_cast<std::size_t>(channel * map.depth + k);
          const Number w = rounded(map.has_stored_weights ? f().weight : exact, number(map.weight[at]), 1, at);
          products.push_back(multiply(w, operand(0)[static_cast<std::size_t>(from)]));
        }
        const auto c = static_cast<std::size_t>(channel);
        const Number bias = map.bias.empty() ? Number{} : rounded(f().bias, number(map.bias[c]), 2, c);
        const auto element = static_cast<std::size_t>(map.output_of(g, m, p));
        Number sum = dot(bias, products, static_cast<std::uint64_t>(map.depth), element);
        sum.value /= map.divisor_of(p);
        current()[element] = output(sum, element);
      }
    }
  }
  void apply(const DotForm& form) {
    const auto depth = static_cast<std::size_t>(form.depth), rows = static_cast<std::size_t>(form.rows);
    const auto columns = static_cast<std::size_t>(form.columns);
    for (std::size_t element = 0; element < current().size(); ++element) {
      const std::size_t b = element / (rows * columns), i = element / columns % rows, j = element % columns;
      std::vector<Number> products;
      for (std::size_t k = 0; k < depth; ++k) {
        products.push_back(multiply(operand(0)[static_cast<std::size_t>(form.left[(b * rows + i) * depth + k])],
                                    operand(1)[static_cast<std::size_t>(form.right[(b * columns + j) * depth + k])]));
      }
      current()[element] = output(dot({}, products, depth, element), element);
    }
  }
  Number power(Number x, int n) {
    Number result_value{1};
    for (int i = 0; i < std::abs(n); ++i) result_value = multiply(result_value, x);
    return n < 0 ? divide({1}, result_value) : result_value;
  }
  Number divide(const Number& a, const Number& b) {
    if (!b.is_finite()) return a.is_finite() ? Number{} : Number{0, kNan};
    if (sgn(b.value) == 0) {
      result.divided_by_zero = true;
      return {0, kNan};
    }
    if (!a.is_finite()) return {0, a.special * sgn(b.value)};
    return {a.value / b.value};
  }
  Number function(const UnaryForm& form, const Number& x, std::size_t i) {
    const bool negative = below(x, {});
    const Number opposite = multiply(x, {-1});
    const std::size_t at = form.slope.size() == 1 ? 0 : i;
    switch (form.kind) {
      case UnaryKind::kNeg: return opposite;
      case UnaryKind::kAbs: return negative ? opposite : x;
      case UnaryKind::kRelu: return negative ? Number{} : x;
      case UnaryKind::kLeakyRelu: return negative ? multiply(x, rounded(f().weight, number(form.slope[at]), 1, at)) : x;
      case UnaryKind::kHardtanh: {
        const Number low = number(form.low), high = number(form.high);
        return below(x, low) ? low : below(high, x) ? high : x;
      }
      case UnaryKind::kPower: return power(x, form.exponent);
      default: return {0, kNan};  // transcendental: compared elsewhere
    }
  }
  void apply(const UnaryForm& form) {
    for (std::size_t i = 0; i < current().size(); ++i) current()[i] = output(function(form, operand(0)[i], i), i);
  }
  void apply(const BinaryForm& form) {
    const bool scales = form.kind == BinaryKind::kMultiply || form.kind == BinaryKind::kDivide;
    const auto constant = [&](const Number& x, std::size_t at) { return rounded(scales ? f().weight : f().bias, x, scales ? 1 : 2, at); };
    for (std::size_t i = 0; i < current().size(); ++i) {
      const auto left = static_cast<std::size_t>(form.left[i]), right = static_cast<std::size_t>(form.right[i]);
      const Number a = form.left_is_constant ? constant(operand(0)[left], left) : operand(0)[left];
      const Number b = form.right_is_constant ? constant(operand(1)[right], right) : operand(1)[right];
      Number value;
      if (form.kind == BinaryKind::kAdd) value = add(a, b);
      if (form.kind == BinaryKind::kSubtract) value = add(a, multiply(b, {-1}));
      if (form.kind == BinaryKind::kMultiply) value = multiply(a, b);
      if (form.kind == BinaryKind::kDivide) value = divide(a, b);
      current()[i] = output(value, i);
    }
  }
  void apply(const MaxForm& form) {
    for (std::size_t i = 0; i < current().size(); ++i) {
      Number largest{0, -kInf};
      for (std::int32_t m = form.first[i]; m < form.first[i + 1]; ++m) {
        const Number& x = operand(0)[static_cast<std::size_t>(form.members[static_cast<std::size_t>(m)])];
        if (below(largest, x)) largest = x;
      }
      current()[i] = output(largest, i);
    }
  }
  void apply(const SoftmaxForm&) {}  // transcendental

  const LoweredGraph& graph_;
  const FormatAssignment& formats_;
  std::uint64_t seed_, sample_;
  NodeId id_ = 0;
};

}  // namespace

Number number(double x) {
  if (!std::isfinite(x)) return {0, x};
  return {mpq_class(x)};
}

Number round(const Format& format, const Number& x, std::uint32_t random) {
  if (x.is_nan()) return {0, kNan};
  if (!x.is_finite()) return beyond(format, x.special < 0, true);
  if (sgn(x.value) == 0) return x;
  const bool is_float = format.family == FormatFamily::kFloat;
  const long unit_exponent = is_float ? std::max<long>(exponent_of(x.value), format.emin) - format.stored_significand_bits
                                      : -format.fraction_bits;
  const mpq_class unit = two_to(unit_exponent);
  const mpz_class lower = floor_of(x.value / unit);
  const mpq_class fraction = x.value / unit - mpq_class(lower);
  const bool up = goes_up(format, lower, fraction, sgn(x.value) < 0, random);
  const mpq_class result = mpq_class(up ? mpz_class(lower + 1) : lower) * unit;
  const Limits limit = limits(format);
  if (result < limit.low || result > limit.high) {
    return format.overflow == OverflowMode::kWrap ? Number{wrapped(format, result)} : beyond(format, sgn(result) < 0, false);
  }
  if (format.flush_subnormals && abs(result) < two_to(format.emin)) return {};
  return {result};
}

Run run(const LoweredGraph& graph, const FormatAssignment& formats, const std::vector<std::vector<double>>& inputs,
        std::uint64_t seed, std::uint64_t sample) {
  Evaluation evaluation(graph, formats, seed, sample);
  Run& result = evaluation.result;
  result.nodes.resize(graph.nodes.size());
  const auto undefined = [&](NodeId id) {
    for (const Number& x : result.nodes[static_cast<std::size_t>(id)]) {
      if (x.is_nan()) result.undefined = id;
    }
    return result.undefined >= 0;
  };
  const auto& ids = graph.graph->inputs;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    evaluation.enter(ids[i], inputs[i]);
    if (undefined(ids[i])) return std::move(result);
  }
  for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
    evaluation.evaluate(id);
    if (undefined(id)) return std::move(result);
  }
  return std::move(result);
}

}  // namespace halfulp::oracle
