#include "halfulp/support/assert.hpp"
#include "plan.hpp"

namespace halfulp {

namespace sim {

Rounder NodeRun::rounder(RoleIndex role) const {
  switch (role) {
    case RoleIndex::kInput: return {formats.input, key, role};
    case RoleIndex::kWeight: return {formats.weight, key, role};
    case RoleIndex::kBias: return {formats.bias, key, role};
    case RoleIndex::kProduct: return {formats.product, key, role};
    case RoleIndex::kAccumulator: return {formats.accumulator, key, role};
    case RoleIndex::kOutput: break;
  }
  return {formats.output, key, RoleIndex::kOutput};
}

DotRounding NodeRun::dot_rounding(std::uint64_t depth) const {
  return {rounder(RoleIndex::kProduct), rounder(RoleIndex::kAccumulator), rounder(RoleIndex::kOutput), formats.order, depth};
}

}  // namespace sim

namespace {

using sim::NodeRun;
using sim::Values;

class Forward {
 public:
  // Values are dropped after the node last_use[id], if that is given.
  Forward(const sim::Preparation& plan, std::uint64_t sample, std::span<const NodeId> last_use, const NodeObserver& observer)
      : plan_(plan), sample_(sample), last_use_(last_use), observer_(observer), values_(plan.nodes.size()) {}

  Result<void> run(const std::vector<std::vector<double>>& inputs) {
    const auto& ids = plan_.graph->graph->inputs;
    if (inputs.size() != ids.size()) {
      return fail("E0503", "the network has " + std::to_string(ids.size()) + " inputs, " + std::to_string(inputs.size()) + " are given");
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (auto done = enter(static_cast<std::size_t>(ids[i]), inputs[i]); !done) return done;
    }
    for (std::size_t id = 0; id < values_.size(); ++id) {
      if (plan_.lowered(id).operands.empty() || in_chain_[id] != 0) continue;
      if (compute_chain(id)) continue;
      if (auto done = compute(id); !done) return done;
      drop_operands(id);
      if (observer_) observer_(static_cast<NodeId>(id));
    }
    return {};
  }

  std::vector<Expansion> expansions(std::size_t id) const {
    const Values& values = of(id);
    std::vector<Expansion> result(values.size());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = values[i];
    return result;
  }

 private:
  const Values& of(std::size_t id) const {
    return plan_.nodes[id].constant.size() != 0 ? plan_.nodes[id].constant : values_[id];
  }

  // The nodes that go with a chain's head, where their own values are not wanted.
  bool compute_chain(std::size_t id) {
    const auto& chain = plan_.nodes[id].chain;
    if (!chain || last_use_.empty()) return false;
    auto values = run_chain(*chain, of(static_cast<std::size_t>(plan_.lowered(id).operands[0])), plan_.options.seed, sample_);
    if (!values) return false;
    values_[static_cast<std::size_t>(chain->nodes.back())] = *std::move(values);
    drop_operands(id);
    for (const NodeId node : chain->nodes) {
      in_chain_[static_cast<std::size_t>(node)] = 1;
      if (observer_) observer_(node);
    }
    return true;
  }

  void drop_operands(std::size_t id) {
    if (last_use_.empty()) return;
    for (const NodeId used : plan_.lowered(id).operands) {
      const auto at = static_cast<std::size_t>(used);
      if (last_use_[at] == static_cast<NodeId>(id)) values_[at] = Values();
    }
  }

  NodeRun node(std::size_t id) const {
    NodeRun run{plan_.formats[id], plan_.nodes[id], {plan_.options.seed, sample_, static_cast<NodeId>(id)}, {},
                plan_.options.force_rounded_path};
    for (const NodeId operand : plan_.lowered(id).operands) run.operands.push_back(&of(static_cast<std::size_t>(operand)));
    return run;
  }

  Result<void> enter(std::size_t id, const std::vector<double>& input) {
    const auto& lowered = plan_.lowered(id);
    if (input.size() != static_cast<std::size_t>(lowered.size)) {
      return fail("E0503", "input '" + plan_.name(id) + "' has " + std::to_string(lowered.size) + " elements, " +
                               std::to_string(input.size()) + " are given", plan_.name(id));
    }
    for (std::size_t i = 0; i < input.size(); ++i) {
      if (std::isfinite(input[i])) continue;
      return fail("E0503", "element " + std::to_string(i) + " of input '" + plan_.name(id) + "' is " +
                               (std::isnan(input[i]) ? "NaN" : "infinite"), plan_.name(id));
    }
    values_[id] = Values(input);
    const NodeRun run = node(id);
    if (run.formats.input && is_grouped(*run.formats.input)) {
      round_grouped(values_[id], *run.formats.input, run.plan.layout, run.key, sim::RoleIndex::kInput);
    } else if (const sim::Rounder rounder = run.rounder(sim::RoleIndex::kInput)) {
      rounder.round_all(values_[id]);
    }
    return check(id);
  }

  Result<void> compute(std::size_t id) {
    const NodeRun run = node(id);
    const LoweredNode& lowered = plan_.lowered(id);
    struct Visitor {
      const NodeRun& run;
      std::int64_t size;
      sim::Outcome operator()(const SourceForm&) const { return Values(); }
      sim::Outcome operator()(const GatherForm& form) const { return run_gather(form, size, run); }
      sim::Outcome operator()(const LinearForm& form) const { return run_linear(form, run); }
      sim::Outcome operator()(const UnaryForm& form) const { return run_unary(form, run); }
      sim::Outcome operator()(const BinaryForm& form) const { return run_binary(form, run); }
      sim::Outcome operator()(const MaxForm& form) const { return run_max(form, run); }
      sim::Outcome operator()(const SoftmaxForm& form) const { return run_softmax(form, run); }
      sim::Outcome operator()(const DotForm& form) const { return run_dot(form, run); }
    };
    auto outcome = std::visit(Visitor{run, lowered.size}, lowered.form);
    if (!outcome) {
      return fail("E0501", "a value of node '" + plan_.name(id) + "' is wider than 3 x 53 bits and no format rounds it",
                  plan_.name(id), {"give its `output` a format"});
    }
    values_[id] = *std::move(outcome);
    HALFULP_ASSERT(values_[id].size() == static_cast<std::size_t>(lowered.size));
    if (const auto& group = run.plan.group_output) round_grouped(values_[id], *group, run.plan.layout, run.key, sim::RoleIndex::kOutput);
    return check(id);
  }

  // Roundings have no other way to say "overflow is an error" than NaN.
  Result<void> check(std::size_t id) const {
    const auto values = values_[id].doubles();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(values[i])) return no_value(id, i);
    }
    return {};
  }

  tl::unexpected<Diagnostic> no_value(std::size_t id, std::size_t element) const {
    const NodeFormats& formats = plan_.formats[id];
    for (const auto* format : {&formats.input, &formats.product, &formats.accumulator, &formats.output}) {
      if (!*format || (*format)->overflow != OverflowMode::kError) continue;
      return fail("E0504", "element " + std::to_string(element) + " of node '" + plan_.name(id) + "' overflows " + (*format)->name,
                  plan_.name(id), {"give the format more integer bits, or another overflow mode"});
    }
    return fail("E0505", "element " + std::to_string(element) + " of node '" + plan_.name(id) + "' is NaN: the operation or its format has no value there",
                plan_.name(id));
  }

  const sim::Preparation& plan_;
  std::uint64_t sample_;
  std::span<const NodeId> last_use_;
  const NodeObserver& observer_;
  std::vector<Values> values_;
  std::vector<char> in_chain_ = std::vector<char>(values_.size());  // computed with a chain
};

}  // namespace

Result<std::vector<std::vector<Expansion>>> Simulator::run(const std::vector<std::vector<double>>& inputs, std::uint64_t sample,
                                                           const NodeObserver& observer) const {
  Forward forward(*plan_, sample, plan_->last_use, observer);
  if (auto done = forward.run(inputs); !done) return fail(done.error());
  std::vector<std::vector<Expansion>> result;
  for (const NodeId id : plan_->graph->graph->outputs) result.push_back(forward.expansions(static_cast<std::size_t>(id)));
  return result;
}

Result<std::vector<std::vector<Expansion>>> Simulator::run_all(const std::vector<std::vector<double>>& inputs, std::uint64_t sample) const {
  const NodeObserver nobody;
  Forward forward(*plan_, sample, {}, nobody);
  if (auto done = forward.run(inputs); !done) return fail(done.error());
  std::vector<std::vector<Expansion>> result;
  for (std::size_t id = 0; id < plan_->nodes.size(); ++id) result.push_back(forward.expansions(id));
  return result;
}

}  // namespace halfulp
