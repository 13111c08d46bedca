// The parts of a node's difference in their order.
#include "difference.hpp"

namespace halfulp {

template <typename I>
void Difference<I>::run() {
  if (std::holds_alternative<SourceForm>(node_.form)) return source();
  std::visit(*this, node_.form);
  std::vector<I> exact = forward_values(prepared_, states_, id_, true);
  add_accumulation(exact);
  refine();
  finish(exact);
}

template class Difference<Interval>;
template class Difference<MpInterval>;

template <typename I>
void fill_difference(const Prepared& prepared, States<I>& states, NodeId id, std::vector<OverflowPlace>& overflows,
                     const AnalyzeOptions& options, WorkBudget& budget) {
  Difference<I>(prepared, states, id, overflows, options, budget).run();
}

template void fill_difference(const Prepared&, States<Interval>&, NodeId, std::vector<OverflowPlace>&, const AnalyzeOptions&,
                              WorkBudget&);
template void fill_difference(const Prepared&, States<MpInterval>&, NodeId, std::vector<OverflowPlace>&, const AnalyzeOptions&,
                              WorkBudget&);

}  // namespace halfulp
