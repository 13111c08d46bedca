// Seconds that the forward passes take, in all and by node.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <vector>

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
    explicit Sample(SimulateTimes& times) : times_(times), of_node_(times.of_node_.size()), last_(Clock::now()) {}
    Sample(const Sample&) = delete;
    ~Sample();
    NodeObserver observer();

   private:
    using Clock = std::chrono::steady_clock;
    SimulateTimes& times_;
    std::vector<double> of_node_;
    Clock::time_point last_;
  };

  // {name, operator, seconds} of every computed node, in graph order.
  Json layers() const;

 private:
  const Graph& graph_;
  std::mutex mutex_;
  std::vector<double> of_node_;  // summed over samples
};

}  // namespace halfulp::cli
