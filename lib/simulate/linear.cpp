#include "channel_sums.hpp"
#include "finish.hpp"
#include "gemm/linear_side_by_side.hpp"
#include "matrix_product.hpp"
#include "plan.hpp"

namespace halfulp::sim {
namespace {

bool roles_are_transparent(const NodeFormats& formats, const ValueGrid& products, const ValueGrid& sums) {
  return (!formats.product || is_transparent(*formats.product, products)) &&
         (!formats.accumulator || is_transparent(*formats.accumulator, sums));
}

struct Grids {
  ValueGrid products, sums;
};

Grids grids_of(const NodePlan& plan, const ValueGrid& x) {
  const ValueGrid products = product_grid(*plan.weight_grid, x);
  ValueGrid sums = unite(products, *plan.bias_grid);
  sums.bound = plan.bias_grid->bound + plan.weight_row_sum * x.bound;
  return {products, sums};
}

Values run_exactly(const LinearMap& map, const NodeRun& run) {
  std::vector<double> sums(static_cast<std::size_t>(map.outputs));
  multiply(map, run.plan.weight.doubles(), run.plan.bias.doubles(), run.operand().doubles(), sums);
  const Rounder output = run.rounder(RoleIndex::kOutput);
  if (map.divisor.empty()) return finish(std::move(sums), output);
  std::vector<std::uint32_t> divisor(sums.size());
  for (std::int64_t g = 0; g < map.groups; ++g) {
    for (std::int64_t m = 0; m < map.channels; ++m) {
      for (std::int64_t p = 0; p < map.positions; ++p) divisor[static_cast<std::size_t>(map.output_of(g, m, p))] = map.divisor_of(p);
    }
  }
  if (!output) return Values(std::move(sums));
  return finish_divided(sums, output, [&](std::size_t i) { return divisor[i]; });
}

// The operands of one position of one group, padding left out.
struct Column {
  std::vector<std::size_t> input, term;
  Values x;
};

void fill(Column& column, const LinearMap& map, const Values& x, std::int64_t g, std::int64_t p) {
  column.input.clear();
  column.term.clear();
  for (std::int64_t k = 0; k < map.depth; ++k) {
    const std::int64_t i = map.input_of(g, k, p);
    if (i < 0) continue;
    column.input.push_back(static_cast<std::size_t>(i));
    column.term.push_back(static_cast<std::size_t>(k));
  }
  column.x = x.gather(column.input);
}

// Row `first` .. of the weights without those on padding; empty when nothing or everything is padding.
Values pick_row(const Values& weight, std::span<const std::size_t> term, std::size_t first, std::size_t depth) {
  if (term.size() == depth) return {};
  std::vector<std::size_t> at(term.begin(), term.end());
  for (std::size_t& i : at) i += first;
  return weight.gather(at);
}

Values run_rounded(const LinearMap& map, const NodeRun& run) {
  const auto depth = static_cast<std::size_t>(map.depth);
  const DotRounding rounding = run.dot_rounding(depth);
  Values result(static_cast<std::size_t>(map.outputs));
  const bool side_by_side = suits_channel_sums(map, rounding, run.plan.weight, run.plan.bias) && !run.operand().wide();
  Column column;
  ChannelSums sums;
  for (std::int64_t g = 0; g < map.groups; ++g) {
    for (std::int64_t p = 0; p < map.positions; ++p) {
      fill(column, map, run.operand(), g, p);
      if (side_by_side) sum_channels(map, rounding, run.plan.weight, run.plan.bias, g, column.term, column.x.doubles(), sums);
      for (std::int64_t m = 0; m < map.channels; ++m) {
        const auto channel = static_cast<std::size_t>(g * map.channels + m);
        const auto element = static_cast<std::size_t>(map.output_of(g, m, p));
        if (side_by_side && sums.valid[static_cast<std::size_t>(m)] != 0) {
          const Expansion accumulated = expansion_of(sums.sum[static_cast<std::size_t>(m)]);
          result.set(element, finish_accumulated(accumulated, map.divisor_of(p), rounding, element));
          continue;
        }
        const Values picked = pick_row(run.plan.weight, column.term, channel * depth, depth);
        const ValueView row = picked.size() != 0 ? picked.view() : run.plan.weight.view().part(channel * depth, column.term.size());
        const Expansion start = map.bias.empty() ? Expansion{} : run.plan.bias[channel];
        result.set(element, dot_product({row, column.x.view()}, start, map.divisor_of(p), rounding, element));
      }
    }
  }
  return result;
}

}  // namespace

bool accumulation_is_exact(const NodePlan& plan, const NodeFormats& formats, const ValueGrid& x) {
  if (!plan.weight_grid || !plan.bias_grid || plan.weight.wide() || plan.bias.wide()) return false;
  const Grids grids = grids_of(plan, x);
  return sums_are_doubles(grids.sums) && roles_are_transparent(formats, grids.products, grids.sums);
}

bool accumulation_is_exact(const DotForm& form, const NodeFormats& formats, const ValueGrid& a, const ValueGrid& b) {
  const ValueGrid products = product_grid(a, b);
  const ValueGrid sums{products.lsb, products.bound * static_cast<double>(form.depth)};
  return sums_are_doubles(sums) && roles_are_transparent(formats, products, sums);
}

ValueGrid sums_of(const NodePlan& plan, const ValueGrid& x) { return grids_of(plan, x).sums; }

bool roles_are_transparent(const NodePlan& plan, const NodeFormats& formats, const ValueGrid& x) {
  const Grids grids = grids_of(plan, x);
  return roles_are_transparent(formats, grids.products, grids.sums);
}

Outcome run_linear(const LinearForm& form, const NodeRun& run) {
  if (run.force_rounded_path) return run_rounded(form.map, run);
  if (run.plan.exact) return run_exactly(form.map, run);
  const auto grid = measure(run.operand().view());
  if (!grid) return run_rounded(form.map, run);
  if (!run.operand().wide() && accumulation_is_exact(run.plan, run.formats, *grid)) return run_exactly(form.map, run);
  if (auto result = run_linear_to_odd(form.map, run, *grid)) return result;
  if (auto result = run_linear_in_chunks(form.map, run, *grid)) return result;
  if (auto result = run_linear_side_by_side(form.map, run)) return result;
  return run_rounded(form.map, run);
}

}  // namespace halfulp::sim
