#include "prepared.hpp"
#include "constant_scan.hpp"
#include "equal_nodes.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/formats/quantize.hpp"
#include "halfulp/operators/array_layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace halfulp {
namespace {

// Of a format wider than double.
Result<double> deployed_value(const Format& format, double x, const std::string& name) {
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
  Format format = **at.format;
  if (format.rounding == RoundingMode::kStochastic) format.rounding = RoundingMode::kNearestEven;
  if (!is_grouped(format) && fits_double(format)) {
    quantize(format, real, values);
    return values;
  }
  if (!is_grouped(format)) {
    for (std::size_t i = 0; i < real.size(); ++i) {
      auto rounded = deployed_value(format, real[i], name);
      if (!rounded) return fail(rounded.error());
      values[i] = *rounded;
    }
    return values;
  }
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
  const Interval needed = range_of(real);
  const double limit_low = lowest(format), limit_high = largest(format);
  // A value that rounds to the largest finite one is not an overflow, and its residual is known anyway.
  const double slack = unit_roundoff(format) * limit_high + std::ldexp(1.0, lsb_exponent(format));
  if (needed.lo >= limit_low - slack && needed.hi <= limit_high + slack) return;
  OverflowPlace place{.node = at.node, .role = at.role, .needed = needed, .format = format.name, .missing_bits = 0};
  double reach = std::max(-needed.lo, needed.hi);
  while (format.family == FormatFamily::kFixed && reach > limit_high && place.missing_bits < 2000) {
    reach /= 2;
    ++place.missing_bits;
  }
  prepared.constant_overflows.push_back(place);
}

// `stochastic`: the format of such constants, nullptr otherwise.
void find_residuals(DeployedConstants& constants, const std::vector<double>& real, const std::vector<double>& radius, const Format* stochastic) {
  constants.residual.resize(real.size());
  constants.residual_radius.resize(real.size());
  double largest = 0;
  for (const double x : real) largest = std::max(largest, std::fabs(x));
  for (std::size_t i = 0; i < real.size(); ++i) {
    const Interval residual = Interval(constants.value[i]) - Interval(real[i]);
    const double open = stochastic != nullptr ? stochastic_reach(*stochastic, real[i], largest) : 0.0;
    const double spread = std::max(residual.hi - residual.lo, 0.0) + (radius.empty() ? 0.0 : radius[i]) + open;
    if (stochastic != nullptr) constants.value_radius.push_back(open);
    constants.residual[i] = residual.lo;
    constants.residual_radius[i] = next_up(spread) * (spread > 0 ? 1 : 0);
    constants.exact = constants.exact && residual.lo == 0 && spread == 0;
    constants.lsb = std::min(constants.lsb, stochastic != nullptr ? lsb_exponent(*stochastic) : lsb_exponent(constants.value[i]));
  }
  if (std::all_of(constants.residual_radius.begin(), constants.residual_radius.end(), [](double r) { return r == 0; })) {
    constants.residual_radius.clear();
  }
}

Result<DeployedConstants> deploy(Prepared& prepared, const ConstantRole& at, const std::vector<double>& real,
                                 const std::vector<double>& radius) {
  DeployedConstants constants;
  constants.lsb = std::numeric_limits<int>::max();
  const bool stochastic = at.format->has_value() && (*at.format)->rounding == RoundingMode::kStochastic;
  const std::string& name = (*prepared.graph->graph)[at.node].name;
  auto deployed = deployed_values(at, real, name);
  if (!deployed) return fail(deployed.error());
  constants.value = *std::move(deployed);
  if (!all_finite(constants.value)) return fail("E0602", "constant overflows to a non-finite value in its format", name);
  if (!radius.empty() || stochastic || !exact_residuals(constants.value, real, constants.residual)) {
    find_residuals(constants, real, radius, stochastic ? &**at.format : nullptr);
  } else {
    constants.exact = std::all_of(constants.residual.begin(), constants.residual.end(), [](double r) { return r == 0; });
    const double last = finest_last_bit(constants.value);
    if (std::isfinite(last)) constants.lsb = std::ilogb(last);
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

// Whether elements of the node are distinct elements of inputs, or constants.
bool is_independent(const LoweredGraph& graph, NodeId id) {
  if (std::holds_alternative<SourceForm>(graph[id].form)) return true;
  const auto* gather = std::get_if<GatherForm>(&graph[id].form);
  if (gather == nullptr || graph[id].operands.size() != 1) return false;
  std::vector<bool> taken(static_cast<std::size_t>(graph[graph[id].operands[0]].size), false);
  for (const std::int32_t source : gather->source) {
    if (source < 0) continue;
    if (taken[static_cast<std::size_t>(source)]) return false;
    taken[static_cast<std::size_t>(source)] = true;
  }
  return is_independent(graph, graph[id].operands[0]);
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
  prepared.direct.resize(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const LoweredNode& node = prepared.graph->nodes[i];
    prepared.direct[i] = std::holds_alternative<LinearForm>(node.form) && is_independent(*prepared.graph, node.operands[0]);
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
