// Processor seconds that the forward passes take, in all and by node, summed over samples.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "bench_measure.hpp"
#include "halfulp/graph/graph.hpp"
#include "halfulp/report/json.hpp"
#include "halfulp/simulate/simulate.hpp"

namespace halfulp::cli {

class SimulateTimes {
 public:
  explicit SimulateTimes(const Graph& graph) : graph_(graph), of_node_(graph.nodes.size()) {}

  // Observes one sample; adds what it saw when it ends.
  class Sample {
   public:
    explicit Sample(SimulateTimes& times) : times_(times), of_node_(times.of_node_.size()), last_(processor_seconds()) {}
    Sample(const Sample&) = delete;
    ~Sample();
    NodeObserver observer();

   private:
    SimulateTimes& times_;
    std::vector<double> of_node_;
    double last_;
  };

  // {name, operator, seconds} of every computed node, in graph order.
  Json layers() const;
  double total() const;

 private:
  const Graph& graph_;
  std::mutex mutex_;
  std::vector<double> of_node_;
};

}  // namespace halfulp::cli
