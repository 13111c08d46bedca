// Gather, Max and Softmax: forms that move or compare values before their one rounding.
#include "halfulp/enclosure/correct_rounding.hpp"
#include "halfulp/support/assert.hpp"
#include "plan.hpp"

namespace halfulp::sim {
namespace {

Values rounded(Values values, const NodeRun& run) {
  if (const Rounder output = run.rounder(RoleIndex::kOutput)) output.round_all(values);
  return values;
}

// The operands' elements one after another.
class Concatenation {
 public:
  explicit Concatenation(const std::vector<const Values*>& operands) : operands_(operands) {}
  Expansion operator[](std::size_t i) const {
    std::size_t operand = 0;
    while (i >= operands_[operand]->size()) {
      i -= operands_[operand++]->size();
      HALFULP_ASSERT(operand < operands_.size());
    }
    return (*operands_[operand])[i];
  }

 private:
  const std::vector<const Values*>& operands_;
};

}  // namespace

Outcome run_gather(const GatherForm& form, std::int64_t size, const NodeRun& run) {
  HALFULP_ASSERT(form.source.size() == static_cast<std::size_t>(size));
  const Concatenation from(run.operands);
  Values result(form.source.size());
  for (std::size_t i = 0; i < form.source.size(); ++i) {
    result.set(i, form.source[i] < 0 ? expansion_of(form.fill) : from[static_cast<std::size_t>(form.source[i])]);
  }
  return rounded(std::move(result), run);
}

Outcome run_max(const MaxForm& form, const NodeRun& run) {
  const Values& x = run.operand();
  Values result(form.first.size() - 1);
  for (std::size_t i = 0; i + 1 < form.first.size(); ++i) {
    auto member = static_cast<std::size_t>(form.first[i]);
    const auto end = static_cast<std::size_t>(form.first[i + 1]);
    HALFULP_ASSERT(member < end);
    Expansion largest = x[static_cast<std::size_t>(form.members[member])];
    for (++member; member < end; ++member) {
      const Expansion candidate = x[static_cast<std::size_t>(form.members[member])];
      if (compare(candidate, largest) > 0) largest = candidate;
    }
    result.set(i, largest);
  }
  return rounded(std::move(result), run);
}

Outcome run_softmax(const SoftmaxForm& form, const NodeRun& run) {
  const auto length = static_cast<std::size_t>(form.length);
  const Format& format = *run.formats.output;
  std::vector<Expansion> x(length), y(length);
  Values result(run.operand().size());
  for (std::size_t first = 0; first < form.members.size(); first += length) {
    for (std::size_t i = 0; i < length; ++i) x[i] = run.operand()[static_cast<std::size_t>(form.members[first + i])];
    round_softmax(format, x, y);
    for (std::size_t i = 0; i < length; ++i) result.set(static_cast<std::size_t>(form.members[first + i]), y[i]);
  }
  return result;
}

}  // namespace halfulp::sim
