#include "finish.hpp"
#include "matrix_product.hpp"
#include "plan.hpp"

namespace halfulp::sim {
namespace {

Values gather_rows(const Values& values, const std::vector<std::int32_t>& index) {
  return values.gather(std::vector<std::size_t>(index.begin(), index.end()));
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
  return run_rounded(form, left, right, run.dot_rounding(static_cast<std::uint64_t>(form.depth)));
}

}  // namespace halfulp::sim
