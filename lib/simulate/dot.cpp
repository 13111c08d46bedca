#include <algorithm>

#include "finish.hpp"
#include "gemm/side_by_side.hpp"
#include "matrix_product.hpp"
#include "plan.hpp"

namespace halfulp::sim {
namespace {

Values gather_rows(const Values& values, const std::vector<std::int32_t>& index) {
  return values.gather(std::vector<std::size_t>(index.begin(), index.end()));
}

bool is_finite(const Values& values) {
  return std::all_of(values.doubles().begin(), values.doubles().end(), [](double x) { return std::isfinite(x); });
}

Values run_exactly(const DotForm& form, const Values& left, const Values& right, const Rounder& output) {
  std::vector<double> sums(static_cast<std::size_t>(form.batches * form.rows * form.columns));
  for (std::int64_t b = 0; b < form.batches; ++b) {
    multiply_transposed(form.rows, form.columns, form.depth, left.doubles().data() + b * form.rows * form.depth,
                        right.doubles().data() + b * form.columns * form.depth, sums.data() + b * form.rows * form.columns);
  }
  return finish(std::move(sums), output);
}

Values run_rounded(const DotForm& form, const Values& left, const Values& right, const DotRounding& rounding) {
  const auto rows = static_cast<std::size_t>(form.rows), columns = static_cast<std::size_t>(form.columns);
  const auto depth = static_cast<std::size_t>(form.depth), batches = static_cast<std::size_t>(form.batches);
  Values result(batches * rows * columns);
  for (std::size_t row = 0; row < batches * rows; ++row) {
    const std::size_t first_column = row / rows * columns;
    for (std::size_t j = 0; j < columns; ++j) {
      const Terms terms{left.view().part(row * depth, depth), right.view().part((first_column + j) * depth, depth)};
      const std::size_t element = row * columns + j;
      result.set(element, dot_product(terms, {}, 1, rounding, element));
    }
  }
  return result;
}

// The rounded sums of all batches, side by side.
std::optional<Values> run_side_by_side(const DotForm& form, const NodeRun& run, const Values& left, const Values& right) {
  if (run.force_rounded_path || left.wide() || right.wide() || !run.formats.accumulator || !is_finite(left) || !is_finite(right)) return std::nullopt;
  const auto rows = static_cast<std::size_t>(form.rows), columns = static_cast<std::size_t>(form.columns), depth = static_cast<std::size_t>(form.depth);
  const GemmOptions options{.product = run.formats.product, .accumulator = run.formats.accumulator, .order = run.formats.order,
                            .seed = run.key.seed, .stream = stream_of(run.key, RoleIndex{})};
  DotRounding rounding = run.dot_rounding(depth);
  rounding.output = {};
  const Operand a = examine(left.doubles()), b = examine(right.doubles());
  std::vector<double> sums(static_cast<std::size_t>(form.batches) * rows * columns);
  for (std::size_t batch = 0; batch < static_cast<std::size_t>(form.batches); ++batch) {
    Matrices m{.shape = {rows, columns, depth}, .a = {left.doubles().data() + batch * rows * depth, depth, 1},
               .b = {right.doubles().data() + batch * columns * depth, depth, 1}, .start = std::vector<double>(columns)};
    m.first_element = batch * rows * columns;
    if (!accumulate_somehow(m, options, rounding, a, b, std::span(sums).subspan(m.first_element, rows * columns))) return std::nullopt;
  }
  return finish(std::move(sums), run.rounder(RoleIndex::kOutput));
}

bool takes_exact_path(const DotForm& form, const NodeRun& run) {
  if (run.force_rounded_path) return false;
  if (run.plan.exact) return true;
  if (run.operand(0).wide() || run.operand(1).wide()) return false;
  const auto a = measure(run.operand(0).view()), b = measure(run.operand(1).view());
  return a && b && accumulation_is_exact(form, run.formats, *a, *b);
}

}  // namespace

Outcome run_dot(const DotForm& form, const NodeRun& run) {
  const Values left = gather_rows(run.operand(0), form.left), right = gather_rows(run.operand(1), form.right);
  if (takes_exact_path(form, run)) return run_exactly(form, left, right, run.rounder(RoleIndex::kOutput));
  if (auto result = run_side_by_side(form, run, left, right)) return result;
  return run_rounded(form, left, right, run.dot_rounding(static_cast<std::uint64_t>(form.depth)));
}

}  // namespace halfulp::sim
