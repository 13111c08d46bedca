// The samples of a data set in stages, hardest first: an assignment that fails on the hardest needs no look at the others, one that passes
// every stage has been proved over all. So verdicts are those over the whole set, and most failures cost a fraction of it.
#pragma once

#include <vector>

#include "evaluation.hpp"

namespace halfulp {

class Stages {
 public:
  // By how near each sample came to what the goals limit. `complete`: an evaluation of every sample, in their order.
  void order_by(const Evaluation& complete, const Goals& goals);
  // 0 until there is an order, or where the set is too small to be worth it.
  std::size_t count() const { return ends_.size(); }
  std::vector<std::size_t> samples(std::size_t stage) const;

 private:
  std::vector<std::size_t> order_;  // samples, hardest first
  std::vector<std::size_t> ends_;   // positions in it
};

// Evaluations of disjoint samples put together.
class Assembly {
 public:
  // What decides is taken from the first part.
  void add(const std::vector<std::size_t>& samples, Evaluation part);
  const Evaluation& so_far() const { return whole_; }
  std::size_t samples() const { return samples_.size(); }
  // In the order of the samples; of all of them.
  Evaluation complete() const;

 private:
  std::vector<std::size_t> samples_;
  Evaluation whole_;
};

}  // namespace halfulp
