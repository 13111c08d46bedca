// A linear node whose sums are exact in float32, with the nodes after it that work element by element (batch norm, relu, clamps),
// in one pass: sums by tiles, then every further step on values that are still in the cache. The results are those of the nodes
// one after another, because the formats prove that nothing is rounded but by them.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "../../formats/kernels/gemm_tile.hpp"
#include "../value_grid.hpp"
#include "halfulp/operators/form.hpp"
#include "index_runs.hpp"
#include "stage.hpp"

namespace halfulp::sim {

struct Preparation;

struct ChainPlan {
  std::vector<NodeId> nodes;       // the linear node and those that go with it
  const LinearMap* map = nullptr;
  IndexRuns runs;
  kernels::TileShape tile{0, 0};   // of the machine that packed the weights
  std::vector<float> weights;      // group by group, tile by tile of channels: depth x tile.rows
  std::vector<float> start;        // a channel
  std::vector<Stage> stages;
};

// A linear node whose weights are integers times a unit: for operands that are such too (int<W>) the sums of products are exact
// integers in float32.
struct UnitPlan {
  ChainPlan chain;        // of the integers, without start and stages
  double unit = 0;
  double row_units = 0;   // the largest sum of magnitudes of integers of an output
};

// Sets NodePlan::chain of every node that heads one, and NodePlan::in_units. grids[id]: what the formats alone prove of the values of node id.
void plan_chains(Preparation& plan, const std::vector<std::optional<ValueGrid>>& grids);

// The values of the last node; nullopt if this processor's tiles differ from those of the plan.
std::optional<Values> run_chain(const ChainPlan& chain, const Values& x, std::uint64_t seed, std::uint64_t sample);

// W x + bias, rounded to odd; nullopt where the operand has no unit, or sums outgrow float32. Units and biases lie between 2^-400 and
// 2^400.
std::optional<std::vector<double>> run_in_units(const UnitPlan& plan, const Values& x, std::span<const double> bias);

}  // namespace halfulp::sim
