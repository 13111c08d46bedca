#include "prepared.hpp"
#include "equal_nodes.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/operators/array_layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace halfulp {
namespace {

Result<double> deployed_value(Format format, double x, const std::string& name) {
  if (format.rounding == RoundingMode::kStochastic) format.rounding = RoundingMode::kNearestEven;
  if (fits_double(format)) return round_to(format, x);
  LongAccumulator exact;
  exact.clear();
  exact.add(x);
  const Expansion rounded = round_exact(format, exact);
  if (rounded.part[1] != 0) {
    return fail("E0602", "constant " + std::to_string(x) + " saturates in " + format.name + " to a value wider than a double", name);
  }
  return rounded.part[0];
}

struct ConstantRole {
  NodeId node;
  Role role;
  const std::optional<Format>* format;
  ArrayLayout layout;
};

// All constants of one role, rounded; stochastic formats as if to nearest.
Result<std::vector<double>> deployed_values(const ConstantRole& at, const std::vector<double>& real, const std::string& name) {
  if (!at.format->has_value()) return real;
  std::vector<double> values(real.size());
  if (!is_grouped(**at.format)) {
    for (std::size_t i = 0; i < real.size(); ++i) {
      auto rounded = deployed_value(**at.format, real[i], name);
      if (!rounded) return fail(rounded.error());
      values[i] = *rounded;
    }
    return values;
  }
  Format format = **at.format;
  if (format.rounding == RoundingMode::kStochastic) format.rounding = RoundingMode::kNearestEven;
  if (!fits_layout(format, at.layout)) {
    return fail("E0602", format.name + " names an axis that an array of shape " + to_string(at.layout.shape) + " does not have", name);
  }
  if (!real.empty()) round_tensor(format, real, values, at.layout.shape, group_axis(format, at.layout));
  return values;
}

// How far stochastic rounding may leave a constant from where nearest rounding puts it.
double stochastic_reach(const Format& format, double x, double largest) {
  return next_up(2 * (is_grouped(format) ? max_group_rounding_error(format, largest) : max_rounding_error(format, std::fabs(x))));
}

void note_overflow(Prepared& prepared, const ConstantRole& at, const std::vector<double>& real) {
  if (!at.format->has_value() || is_grouped(**at.format)) return;  // a scale that saturates leaves a known residual
  const Format& format = **at.format;
  const auto [low, high] = std::minmax_element(real.begin(), real.end());
  const double limit_low = lowest(format), limit_high = largest(format);
  // A value that rounds to the largest finite one is not an overflow, and its residual is known anyway.
  const double slack = unit_roundoff(format) * limit_high + std::ldexp(1.0, lsb_exponent(format));
  if (*low >= limit_low - slack && *high <= limit_high + slack) return;
  OverflowPlace place{.node = at.node, .role = at.role, .needed = {*low, *high}, .format = format.name, .missing_bits = 0};
  double reach = std::max(-*low, *high);
  while (format.family == FormatFamily::kFixed && reach > limit_high && place.missing_bits < 2000) {
    reach /= 2;
    ++place.missing_bits;
  }
  prepared.constant_overflows.push_back(place);
}

Result<DeployedConstants> deploy(Prepared& prepared, const ConstantRole& at, const std::vector<double>& real,
                                 const std::vector<double>& radius) {
  DeployedConstants constants;
  constants.lsb = std::numeric_limits<int>::max();
  const bool stochastic = at.format->has_value() && (*at.format)->rounding == RoundingMode::kStochastic;
  constants.value.reserve(real.size());
  constants.residual.reserve(real.size());
  const std::string& name = (*prepared.graph->graph)[at.node].name;
  const auto deployed = deployed_values(at, real, name);
  if (!deployed) return fail(deployed.error());
  double largest = 0;
  for (const double x : real) largest = std::max(largest, std::fabs(x));
  for (std::size_t i = 0; i < real.size(); ++i) {
    const double value = (*deployed)[i];
    if (!std::isfinite(value)) return fail("E0602", "constant overflows to a non-finite value in its format", name);
    const Interval residual = Interval(value) - Interval(real[i]);
    const double open = stochastic ? stochastic_reach(**at.format, real[i], largest) : 0.0;
    const double spread = std::max(residual.hi - residual.lo, 0.0) + (radius.empty() ? 0.0 : radius[i]) + open;
    constants.value.push_back(value);
    if (stochastic) constants.value_radius.push_back(open);
    constants.residual.push_back(residual.lo);
    constants.residual_radius.push_back(next_up(spread) * (spread > 0 ? 1 : 0));
    constants.exact = constants.exact && residual.lo == 0 && spread == 0;
    constants.lsb = std::min(constants.lsb, stochastic ? lsb_exponent(**at.format) : lsb_exponent(value));
  }
  if (std::all_of(constants.residual_radius.begin(), constants.residual_radius.end(), [](double r) { return r == 0; })) {
    constants.residual_radius.clear();
  }
  if (!real.empty()) note_overflow(prepared, at, real);
  return constants;
}

Result<void> prepare_linear(Prepared& prepared, NodeId id, const LinearMap& map) {
  const NodeFormats& formats = prepared.formats[static_cast<std::size_t>(id)];
  static const std::optional<Format> kExact;
  PreparedNode& node = prepared.nodes[static_cast<std::size_t>(id)];
  auto weight = deploy(prepared, {id, Role::kWeight, map.has_stored_weights ? &formats.weight : &kExact, weight_layout(map)}, map.weight,
                       map.weight_radius);
  if (!weight) return fail(weight.error());
  auto bias = deploy(prepared, {id, Role::kBias, &formats.bias, vector_layout(map.bias.size())}, map.bias, map.bias_radius);
  if (!bias) return fail(bias.error());
  node.weight = *std::move(weight);
  node.bias = *std::move(bias);
  node.work = static_cast<double>(map.outputs) * static_cast<double>(map.depth);
  return {};
}

// Where a format whose values share a scale can stand: not on products or partial sums, and not along an axis that is not there.
Result<void> check_group_formats(const Prepared& prepared, NodeId id) {
  const NodeFormats& formats = prepared.formats[static_cast<std::size_t>(id)];
  const Node& node = (*prepared.graph->graph)[id];
  for (const auto* format : {&formats.product, &formats.accumulator}) {
    if (!*format || !is_grouped(**format)) continue;
    return fail("E0602", "products and partial sums come one at a time, but the values of " + (*format)->name + " share a scale", node.name,
                {"give them a fixed or float format, or none for an exact sum"});
  }
  for (const auto* format : {&formats.input, &formats.output}) {
    if (!*format || !is_grouped(**format) || fits_layout(**format, activation_layout(node.shape))) continue;
    return fail("E0602", (*format)->name + " names an axis that an array of shape " + to_string(node.shape) + " does not have", node.name);
  }
  return {};
}

Result<void> prepare_node(Prepared& prepared, NodeId id) {
  if (auto fits = check_group_formats(prepared, id); !fits) return fits;
  const LoweredNode& lowered = (*prepared.graph)[id];
  PreparedNode& node = prepared.nodes[static_cast<std::size_t>(id)];
  const NodeFormats& formats = prepared.formats[static_cast<std::size_t>(id)];
  node.work = static_cast<double>(lowered.size);
  if (const auto* linear = std::get_if<LinearForm>(&lowered.form)) return prepare_linear(prepared, id, linear->map);
  if (const auto* unary = std::get_if<UnaryForm>(&lowered.form); unary != nullptr && !unary->slope.empty()) {
    auto slope = deploy(prepared, {id, Role::kWeight, &formats.weight, slope_layout((*prepared.graph->graph)[id].shape, unary->slope.size())},
                        unary->slope, {});
    if (!slope) return fail(slope.error());
    node.weight = *std::move(slope);
  }
  if (const auto* binary = std::get_if<BinaryForm>(&lowered.form)) {
    if (!binary->left_is_constant && !binary->right_is_constant) return {};
    const NodeId operand = lowered.operands[binary->left_is_constant ? 0 : 1];
    const bool scales = binary->kind == BinaryKind::kMultiply || binary->kind == BinaryKind::kDivide;
    auto constant = deploy(prepared, {id, scales ? Role::kWeight : Role::kBias, scales ? &formats.weight : &formats.bias,
                            activation_layout((*prepared.graph->graph)[operand].shape)},
                           (*prepared.graph->graph)[operand].constant, {});
    if (!constant) return fail(constant.error());
    (scales ? node.weight : node.bias) = *std::move(constant);
  }
  return {};
}

}  // namespace

const DeployedConstants* constant_operand(const Prepared& prepared, NodeId node) {
  const PreparedNode& prepared_node = prepared.nodes[static_cast<std::size_t>(node)];
  if (!prepared_node.weight.empty()) return &prepared_node.weight;
  return prepared_node.bias.empty() ? nullptr : &prepared_node.bias;
}

Result<Prepared> prepare(const LoweredGraph& graph, const std::optional<FormatAssignment>& formats) {
  use_one_blas_thread();
  Prepared prepared;
  prepared.graph = &graph;
  prepared.with_formats = formats.has_value();
  prepared.formats = formats ? *formats : FormatAssignment(graph.nodes.size());
  prepared.nodes.resize(graph.nodes.size());
  prepared.needed.assign(graph.nodes.size(), false);
  for (const NodeId output : graph.graph->outputs) prepared.needed[static_cast<std::size_t>(output)] = true;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    if (!prepared.needed[i]) continue;
    for (const NodeId operand : graph.nodes[i].operands) prepared.needed[static_cast<std::size_t>(operand)] = true;
  }
  if (auto shared = read_first_of_equals(graph, prepared.formats)) {
    prepared.shared_graph = std::make_shared<const LoweredGraph>(*std::move(shared));
    prepared.graph = prepared.shared_graph.get();
  }
  prepared.work_above.assign(graph.nodes.size(), 0);
  double work = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!prepared.needed[i]) continue;
    if (auto done = prepare_node(prepared, static_cast<NodeId>(i)); !done) return fail(done.error());
    work += prepared.nodes[i].work;
    prepared.work_above[i] = work;
  }
  return prepared;
}

}  // namespace halfulp
