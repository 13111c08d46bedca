// Simulator::create: checks that every value has a bounded width, rounds the constants, and chooses accumulation paths.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "halfulp/support/assert.hpp"
#include "plan.hpp"
#include "power.hpp"

namespace halfulp {
namespace {

using sim::NodePlan;
using sim::RoleIndex;
using sim::Rounder;
using sim::ValueGrid;
using sim::Values;

class Builder {
 public:
  explicit Builder(sim::Preparation& plan) : plan_(plan), grids_(plan.formats.size()) {}

  const std::vector<std::optional<ValueGrid>>& grids() const { return grids_; }

  Result<void> build() {
    for (std::size_t id = 0; id < plan_.nodes.size(); ++id) {
      if (!plan_.lowered(id).operands.empty() || is_input(id)) {
        if (auto done = prepare(id); !done) return done;
      }
    }
    return {};
  }

 private:
  const Form& form(std::size_t id) const { return plan_.lowered(id).form; }
  std::size_t operand(std::size_t id, std::size_t i = 0) const { return static_cast<std::size_t>(plan_.lowered(id).operands[i]); }
  bool is_input(std::size_t id) const {
    const auto* source = std::get_if<SourceForm>(&form(id));
    return source != nullptr && !source->is_constant;
  }

  // Constants are prepared with their first consumer.
  Result<void> prepare(std::size_t id) {
    if (auto taken = take_group_formats(id); !taken) return taken;
    for (const NodeId used : plan_.lowered(id).operands) keep_constant(static_cast<std::size_t>(used));
    if (auto bounded = check_width(id); !bounded) return bounded;
    Result<void> done;
    if (const auto* linear = std::get_if<LinearForm>(&form(id))) done = prepare_linear(id, linear->map);
    if (const auto* binary = std::get_if<BinaryForm>(&form(id))) done = prepare_binary(id, *binary);
    if (const auto* unary = std::get_if<UnaryForm>(&form(id)); unary != nullptr && !unary->slope.empty()) {
      done = round_constants(plan_.nodes[id].slope, unary->slope, plan_.formats[id].weight, id, RoleIndex::kWeight, slope_layout(shape(id), unary->slope.size()));
    }
    if (!done) return done;
    grids_[id] = grid(id);
    if (std::holds_alternative<LinearForm>(form(id))) {
      const auto& x = grids_[operand(id)];
      plan_.nodes[id].exact = x && accumulation_is_exact(plan_.nodes[id], plan_.formats[id], *x);
    } else if (const auto* dot = std::get_if<DotForm>(&form(id))) {
      const auto &a = grids_[operand(id)], &b = grids_[operand(id, 1)];
      plan_.nodes[id].exact = a && b && accumulation_is_exact(*dot, plan_.formats[id], *a, *b);
    }
    return {};
  }

  // A group format rounds the whole result; single values take its carrier.
  Result<void> take_group_formats(std::size_t id) {
    NodeFormats& formats = plan_.formats[id];
    NodePlan& plan = plan_.nodes[id];
    plan.layout = activation_layout(shape(id));
    for (const auto& [role, format] : {std::pair{"product", &formats.product}, {"accumulator", &formats.accumulator}}) {
      if (*format && is_grouped(**format)) {
        return fail("E0311", "`" + std::string(role) + "` of node '" + plan_.name(id) + "' has the format " + (*format)->name +
                                 ", whose values share a scale; products and partial sums come one at a time", plan_.name(id),
                    {"give it a fixed or float format, or none for an exact sum"});
      }
    }
    for (const auto* format : {&formats.input, &formats.output}) {
      if (!*format || !is_grouped(**format)) continue;
      if (!fits_layout(**format, plan.layout)) return no_axis(id, **format, plan.layout);
    }
    if (formats.output && is_grouped(*formats.output)) plan.group_output = std::exchange(formats.output, sim::grouped_carrier());
    return {};
  }

  const Shape& shape(std::size_t id) const { return plan_.graph->graph->nodes[id].shape; }

  tl::unexpected<Diagnostic> no_axis(std::size_t id, const Format& format, const ArrayLayout& layout) const {
    return fail("E0507", "node '" + plan_.name(id) + "': " + format.name + " names an axis that an array of shape " +
                             to_string(layout.shape) + " does not have", plan_.name(id),
                {"weights are an array of output channels x terms of the dot product, biases a vector"});
  }

  void keep_constant(std::size_t id) {
    const auto* source = std::get_if<SourceForm>(&form(id));
    if (source == nullptr || !source->is_constant || plan_.nodes[id].constant.size() != 0) return;
    plan_.nodes[id].constant = Values(plan_.graph->graph->nodes[id].constant);
    grids_[id] = measure(plan_.nodes[id].constant.view());
  }

  Result<void> check_width(std::size_t id) const {
    const NodeFormats& formats = plan_.formats[id];
    if (formats.output) return check_power(id);
    const auto unbounded = [&](const std::string& what) {
      return fail("E0501", "node '" + plan_.name(id) + "' " + what + ", so its values have no bounded width", plan_.name(id),
                  {"give its `output` a format"});
    };
    if (const auto* linear = std::get_if<LinearForm>(&form(id))) {
      const auto& divisor = linear->map.divisor;
      if (!formats.accumulator) return unbounded("has neither an `output` nor an `accumulator` format");
      if (std::any_of(divisor.begin(), divisor.end(), [](std::uint32_t n) { return n != 1; })) {
        return unbounded("divides and has no `output` format");
      }
    }
    if (std::holds_alternative<DotForm>(form(id)) && !formats.accumulator) {
      return unbounded("has neither an `output` nor an `accumulator` format");
    }
    if (const auto* binary = std::get_if<BinaryForm>(&form(id))) {
      const bool grows = binary->kind == BinaryKind::kMultiply || binary->kind == BinaryKind::kDivide;
      if (grows) return unbounded("multiplies or divides and has no `output` format");
    }
    if (std::holds_alternative<SoftmaxForm>(form(id))) return unbounded("is a softmax without an `output` format");
    if (is_inexact_unary(id)) return unbounded("is a function without an `output` format");
    return {};
  }

  Result<void> check_power(std::size_t id) const {
    const auto* unary = std::get_if<UnaryForm>(&form(id));
    if (unary == nullptr || unary->kind != UnaryKind::kPower || std::abs(unary->exponent) <= sim::kMaxExponent) return {};
    return fail("E0506", "node '" + plan_.name(id) + "' raises to the power " + std::to_string(unary->exponent) +
                             "; exponents from -1024 to 1024 can be simulated", plan_.name(id));
  }

  bool is_inexact_unary(std::size_t id) const {
    const auto* unary = std::get_if<UnaryForm>(&form(id));
    if (unary == nullptr) return false;
    switch (unary->kind) {
      case UnaryKind::kTanh:
      case UnaryKind::kSigmoid:
      case UnaryKind::kExp:
      case UnaryKind::kLog:
      case UnaryKind::kSqrt:
      case UnaryKind::kSin:
      case UnaryKind::kCos:
      case UnaryKind::kAtan:
      case UnaryKind::kErf: return true;
      case UnaryKind::kPower: return unary->exponent != 0 && unary->exponent != 1;
      default: return false;
    }
  }

  Result<void> round_constants(Values& out, const std::vector<double>& constants, const std::optional<Format>& format, std::size_t id,
                               RoleIndex role, const ArrayLayout& layout) const {
    out = Values(constants);
    const sim::StreamKey key{plan_.options.seed, 0, static_cast<NodeId>(id)};
    if (format && is_grouped(*format)) {
      if (!fits_layout(*format, layout)) return no_axis(id, *format, layout);
      round_grouped(out, *format, layout, key, role);
    } else if (const Rounder rounder(format, key, role); rounder) {
      rounder.round_all(out);
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (sim::is_finite(out[i])) continue;
      const std::string rounded = role == RoleIndex::kBias ? "bias" : "weight";
      return fail("E0502", rounded + " " + std::to_string(i) + " of node '" + plan_.name(id) + "', " + std::to_string(constants[i]) +
                               ", has no value in " + (format ? format->name : "float64"), plan_.name(id));
    }
    return {};
  }

  Result<void> prepare_linear(std::size_t id, const LinearMap& map) const {
    NodePlan& plan = plan_.nodes[id];
    const NodeFormats& formats = plan_.formats[id];
    const auto weight_format = map.has_stored_weights ? &formats.weight : nullptr;
    static const std::optional<Format> kExact;
    auto done = round_constants(plan.weight, map.weight, weight_format ? *weight_format : kExact, id, RoleIndex::kWeight, weight_layout(map));
    if (done) done = round_constants(plan.bias, map.bias, formats.bias, id, RoleIndex::kBias, vector_layout(map.bias.size()));
    if (!done) return done;
    plan.weight_grid = measure(plan.weight.view());
    plan.bias_grid = measure(plan.bias.view());
    const auto depth = static_cast<std::size_t>(map.depth);
    plan.weight_row_sum = sim::largest_row_sum(plan.weight.doubles(), depth);
    if (sim::can_split(*plan.weight_grid)) plan.weight_chunks = split_weights(plan.weight.view(), *plan.weight_grid, depth);
    return {};
  }

  Result<void> prepare_binary(std::size_t id, const BinaryForm& binary) const {
    const bool scales = binary.kind == BinaryKind::kMultiply || binary.kind == BinaryKind::kDivide;
    const auto& format = scales ? plan_.formats[id].weight : plan_.formats[id].bias;
    const RoleIndex role = scales ? RoleIndex::kWeight : RoleIndex::kBias;
    const auto& nodes = plan_.graph->graph->nodes;
    const auto round_operand = [&](Values& out, std::size_t i) {
      const std::size_t constant = operand(id, i);
      return round_constants(out, nodes[constant].constant, format, id, role, activation_layout(shape(constant)));
    };
    Result<void> done;
    if (binary.left_is_constant) done = round_operand(plan_.nodes[id].left, 0);
    if (done && binary.right_is_constant) done = round_operand(plan_.nodes[id].right, 1);
    return done;
  }

  // The grid that the formats alone prove for a node's values.
  std::optional<ValueGrid> grid(std::size_t id) const {
    const NodeFormats& formats = plan_.formats[id];
    if (is_input(id)) return formats.input && !is_grouped(*formats.input) ? sim::grid_of(*formats.input) : std::nullopt;
    if (formats.output) return sim::grid_of(*formats.output);
    if (std::holds_alternative<LinearForm>(form(id)) || std::holds_alternative<DotForm>(form(id))) {
      return sim::grid_of(*formats.accumulator);
    }
    if (std::holds_alternative<BinaryForm>(form(id))) return std::nullopt;
    ValueGrid result;
    for (const NodeId used : plan_.lowered(id).operands) {
      const auto& passed = grids_[static_cast<std::size_t>(used)];
      if (!passed) return std::nullopt;
      result = unite(result, *passed);
    }
    return with_own_values(id, result);
  }

  // Values that a form adds to those it passes on.
  std::optional<ValueGrid> with_own_values(std::size_t id, ValueGrid passed) const {
    std::vector<double> own;
    if (const auto* gather = std::get_if<GatherForm>(&form(id))) own = {gather->fill};
    if (const auto* unary = std::get_if<UnaryForm>(&form(id))) {
      if (unary->kind == UnaryKind::kLeakyRelu) return std::nullopt;
      if (unary->kind == UnaryKind::kHardtanh) own = {unary->low, unary->high};
      if (unary->kind == UnaryKind::kPower) own = {1};
    }
    const auto grid = measure(Values(own).view());
    if (!grid) return std::nullopt;
    return unite(passed, *grid);
  }

  sim::Preparation& plan_;
  std::vector<std::optional<ValueGrid>> grids_;
};

std::vector<NodeId> last_uses(const LoweredGraph& graph) {
  std::vector<NodeId> last(graph.nodes.size(), -1);
  for (std::size_t id = 0; id < graph.nodes.size(); ++id) {
    for (const NodeId used : graph.nodes[id].operands) last[static_cast<std::size_t>(used)] = static_cast<NodeId>(id);
  }
  for (const NodeId id : graph.graph->outputs) last[static_cast<std::size_t>(id)] = -1;
  return last;
}

}  // namespace

Result<Simulator> Simulator::create(const LoweredGraph& graph, const FormatAssignment& formats, const SimulateOptions& options) {
  HALFULP_ASSERT(graph.graph != nullptr && formats.size() == graph.nodes.size());
  auto plan = std::make_unique<Plan>();
  plan->graph = &graph;
  plan->formats = formats;
  plan->options = options;
  plan->nodes.resize(graph.nodes.size());
  Builder builder(*plan);
  if (auto built = builder.build(); !built) return fail(built.error());
  if (!options.force_rounded_path) plan_chains(*plan, builder.grids());
  plan->last_use = last_uses(graph);
  return Simulator(std::move(plan));
}

std::vector<NodeId> Simulator::exact_path_nodes() const {
  std::vector<NodeId> result;
  for (std::size_t id = 0; id < plan_->nodes.size(); ++id) {
    if (plan_->nodes[id].exact && !plan_->options.force_rounded_path) result.push_back(static_cast<NodeId>(id));
  }
  return result;
}

Simulator::Simulator(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;
Simulator::~Simulator() = default;

}  // namespace halfulp
