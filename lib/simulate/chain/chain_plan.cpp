#include <algorithm>
#include <cmath>

#include "../plan.hpp"
#include "halfulp/formats/round.hpp"

namespace halfulp::sim {
namespace {

constexpr int kSingleBits = 24;
constexpr int kLeastSingle = -126;
constexpr double kLargest = 0x1p100;
constexpr double kSlack = 1 + 0x1p-20;  // of bounds computed in double

// All values, and sums up to the bound, are float32.
bool fits_single(const ValueGrid& grid) {
  return grid.lsb == INT_MAX || (grid.lsb >= kLeastSingle && grid.bound * kSlack < std::min(kLargest, std::ldexp(1.0, grid.lsb + kSingleBits)));
}

// Every value is a float32, and no result is NaN or infinite.
bool has_single_values(const Format& format) {
  if (format.overflow == OverflowMode::kInfinity || format.overflow == OverflowMode::kError) return false;
  if (format.family == FormatFamily::kFixed) return format.width_bits <= kSingleBits && std::abs(format.fraction_bits) <= -kLeastSingle / 2;
  return format.family == FormatFamily::kFloat && format.stored_significand_bits < kSingleBits && format.emax <= 100 &&
         format.emin - format.stored_significand_bits >= kLeastSingle;
}

std::vector<float> singles(std::span<const double> x) {
  std::vector<float> result(x.size());
  std::transform(x.begin(), x.end(), result.begin(), [](double value) { return static_cast<float>(value); });
  return result;
}

bool is_consecutive(const std::vector<std::int32_t>& pattern) {
  for (std::size_t p = 1; p < pattern.size(); ++p) {
    if (pattern[p] != pattern[0] + static_cast<std::int32_t>(p)) return false;
  }
  return !pattern.empty();
}

class ChainBuilder {
 public:
  ChainBuilder(Preparation& plan, const std::vector<std::optional<ValueGrid>>& grids)
      : plan_(plan), grids_(grids), uses_(plan.nodes.size()), taken_(plan.nodes.size()) {
    for (std::size_t id = 0; id < plan.nodes.size(); ++id) {
      for (const NodeId used : plan.lowered(id).operands) {
        ++uses_[static_cast<std::size_t>(used)];
        consumer_.resize(plan.nodes.size(), 0);
        consumer_[static_cast<std::size_t>(used)] = id;
      }
    }
    for (const NodeId id : plan.graph->graph->outputs) ++uses_[static_cast<std::size_t>(id)];
  }

  void build() {
    for (std::size_t id = 0; id < plan_.nodes.size(); ++id) {
      if (!taken_[id]) start(id);
      if (!plan_.nodes[id].chain) plan_units(id);
    }
  }

 private:
  const LinearMap* linear(std::size_t id) const {
    const auto* form = std::get_if<LinearForm>(&plan_.lowered(id).form);
    return form == nullptr ? nullptr : &form->map;
  }

  // Whether the linear node is exact in float32 for every operand that the formats allow.
  bool is_exact(std::size_t id) const {
    const NodePlan& node = plan_.nodes[id];
    const LinearMap& map = *linear(id);
    const auto& x = grids_[static_cast<std::size_t>(plan_.lowered(id).operands[0])];
    if (!node.exact || !x || !map.divisor.empty() || node.group_output) return false;
    const ValueGrid sums = sums_of(node, *x);
    return fits_single(*x) && fits_single(*node.weight_grid) && fits_single(*node.bias_grid) && fits_single(sums);
  }

  void start(std::size_t id) {
    const LinearMap* map = linear(id);
    const kernels::TileShape tile = kernels::tile_shape<float>();
    if (map == nullptr || tile.rows == 0 || !is_exact(id) || !is_consecutive(map->output_pattern)) return;
    auto chain = std::make_shared<ChainPlan>();
    chain->nodes = {static_cast<NodeId>(id)};
    chain->map = map;
    if (!append_output(*chain, id)) return;
    chain->runs = IndexRuns(*map);
    chain->tile = tile;
    pack_weights(*chain, plan_.nodes[id].weight.doubles());
    chain->start.resize(static_cast<std::size_t>(map->groups * map->channels));
    // A sum that starts from -0 is +0 all the same.
    for (std::size_t i = 0; i < map->bias.size(); ++i) chain->start[i] = static_cast<float>(plan_.nodes[id].bias.doubles()[i] + 0.0);
    for (std::size_t last = id; uses_[last] == 1 && append(*chain, consumer_[last]); last = consumer_[last]) taken_[consumer_[last]] = true;
    plan_.nodes[id].chain = std::move(chain);
  }

  // Nothing rounds before the output, and the weights have a unit.
  void plan_units(std::size_t id) {
    const LinearMap* map = linear(id);
    const NodePlan& node = plan_.nodes[id];
    const NodeFormats& formats = plan_.formats[id];
    const kernels::TileShape tile = kernels::tile_shape<float>();
    if (map == nullptr || tile.rows == 0 || node.weight.unit() == 0 || formats.product || formats.accumulator || !formats.output) return;
    if (!map->divisor.empty() || !is_consecutive(map->output_pattern)) return;
    std::vector<double> units(node.weight.size());
    for (std::size_t i = 0; i < units.size(); ++i) units[i] = std::nearbyint(node.weight.doubles()[i] / node.weight.unit());
    auto plan = std::make_shared<UnitPlan>();
    plan->unit = node.weight.unit();
    plan->row_units = largest_row_sum(units, static_cast<std::size_t>(map->depth));
    plan->chain.map = map;
    plan->chain.runs = IndexRuns(*map);
    plan->chain.tile = tile;
    plan->chain.start.resize(static_cast<std::size_t>(map->groups * map->channels));
    pack_weights(plan->chain, units);
    plan_.nodes[id].in_units = std::move(plan);
  }

  void pack_weights(ChainPlan& chain, std::span<const double> weight) const {
    const LinearMap& map = *chain.map;
    const auto channels = static_cast<std::size_t>(map.channels), depth = static_cast<std::size_t>(map.depth);
    const std::size_t rows = chain.tile.rows, padded = (channels + rows - 1) / rows * rows;
    chain.weights.resize(static_cast<std::size_t>(map.groups) * padded * depth);
    for (std::size_t m = 0; m < static_cast<std::size_t>(map.groups) * channels; ++m) {
      const std::size_t row = m / channels * padded + m % channels;
      float* to = chain.weights.data() + row / rows * rows * depth + row % rows;
      for (std::size_t k = 0; k < depth; ++k) to[k * rows] = static_cast<float>(weight[m * depth + k]);
    }
  }

  bool append(ChainPlan& chain, std::size_t id) const {
    const std::size_t stages = chain.stages.size();
    if (append_own(chain, id) && append_output(chain, id)) {
      chain.nodes.push_back(static_cast<NodeId>(id));
      return true;
    }
    chain.stages.resize(stages);
    return false;
  }

  bool append_own(ChainPlan& chain, std::size_t id) const {
    if (const LinearMap* map = linear(id)) return append_scaling(chain, *map, id);
    const auto* unary = std::get_if<UnaryForm>(&plan_.lowered(id).form);
    if (unary == nullptr || plan_.nodes[id].group_output) return false;
    Stage stage{.kind = Stage::Kind::kClamp, .node = static_cast<NodeId>(id), .plan = {}, .factor = {}, .offset = {}};
    if (unary->kind == UnaryKind::kRelu) {
      stage.high = HUGE_VALF;
    } else if (unary->kind == UnaryKind::kHardtanh && is_single(unary->low) && is_single(unary->high)) {
      stage.low = static_cast<float>(unary->low);
      stage.high = static_cast<float>(unary->high);
    } else {
      return false;
    }
    chain.stages.push_back(std::move(stage));
    return true;
  }
  static bool is_single(double x) { return static_cast<double>(static_cast<float>(x)) == x; }

  // One factor and offset for each channel of the head.
  bool append_scaling(ChainPlan& chain, const LinearMap& map, std::size_t id) const {
    const LinearMap& head = *chain.map;
    const bool fits = map.channels == 1 && map.depth == 1 && map.groups == head.groups * head.channels && map.positions == head.positions &&
                      map.output_pattern == head.output_pattern && map.input_pattern == head.output_pattern &&
                      map.input_group_stride == head.output_channel_stride && map.output_channel_stride == head.output_channel_stride;
    if (!fits || !is_exact(id)) return false;
    Stage stage{.kind = Stage::Kind::kScale, .node = static_cast<NodeId>(id), .plan = {}, .factor = singles(plan_.nodes[id].weight.doubles()), .offset = {}};
    stage.offset.resize(stage.factor.size());
    for (std::size_t i = 0; i < map.bias.size(); ++i) stage.offset[i] = static_cast<float>(plan_.nodes[id].bias.doubles()[i] + 0.0);
    chain.stages.push_back(std::move(stage));
    return true;
  }

  bool append_output(ChainPlan& chain, std::size_t id) const {
    const auto& format = plan_.formats[id].output;
    if (!format) return true;
    Stage stage{.kind = Stage::Kind::kRound, .node = static_cast<NodeId>(id), .plan = kernels::plan_elements<float>(*format), .factor = {}, .offset = {}};
    if (!stage.plan || !has_single_values(*format)) return false;
    if (!is_idle(chain, *format)) chain.stages.push_back(std::move(stage));
    return true;
  }

  // A clamp between values of the format leaves values of the format alone.
  static bool is_idle(const ChainPlan& chain, const Format& format) {
    const std::size_t n = chain.stages.size();
    if (n < 2 || chain.stages[n - 1].kind != Stage::Kind::kClamp || chain.stages[n - 2].kind != Stage::Kind::kRound) return false;
    const auto is_value = [&](float x) { return std::isinf(x) || round_to(format, static_cast<double>(x)) == static_cast<double>(x); };
    return *chain.stages[n - 2].plan->format == format && is_value(chain.stages[n - 1].low) && is_value(chain.stages[n - 1].high);
  }

  Preparation& plan_;
  const std::vector<std::optional<ValueGrid>>& grids_;
  std::vector<int> uses_;
  std::vector<std::size_t> consumer_;
  std::vector<bool> taken_;
};

}  // namespace

void plan_chains(Preparation& plan, const std::vector<std::optional<ValueGrid>>& grids) { ChainBuilder(plan, grids).build(); }

}  // namespace halfulp::sim
