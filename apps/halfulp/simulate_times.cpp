#include "simulate_times.hpp"

#include <numeric>

namespace halfulp::cli {

NodeObserver SimulateTimes::Sample::observer() {
  return [this](NodeId id) {
    const double now = processor_seconds();
    of_node_[static_cast<std::size_t>(id)] += now - last_;
    last_ = now;
  };
}

SimulateTimes::Sample::~Sample() {
  const std::lock_guard lock(times_.mutex_);
  for (std::size_t i = 0; i < of_node_.size(); ++i) times_.of_node_[i] += of_node_[i];
}

double SimulateTimes::total() const { return std::accumulate(of_node_.begin(), of_node_.end(), 0.0); }

Json SimulateTimes::layers() const {
  Json list = Json::array();
  for (std::size_t i = 0; i < of_node_.size(); ++i) {
    if (of_node_[i] == 0) continue;
    list.push(Json::object().set("name", graph_.nodes[i].name).set("operator", graph_.nodes[i].op).set("processor_seconds", of_node_[i]));
  }
  return list;
}

}  // namespace halfulp::cli
