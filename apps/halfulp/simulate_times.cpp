#include "simulate_times.hpp"

namespace halfulp::cli {

NodeObserver SimulateTimes::Sample::observer() {
  return [this](NodeId id) {
    const auto now = Clock::now();
    of_node_[static_cast<std::size_t>(id)] += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  };
}

SimulateTimes::Sample::~Sample() {
  const std::lock_guard lock(times_.mutex_);
  for (std::size_t i = 0; i < of_node_.size(); ++i) times_.of_node_[i] += of_node_[i];
}

Json SimulateTimes::layers() const {
  Json list = Json::array();
  for (std::size_t i = 0; i < of_node_.size(); ++i) {
    if (of_node_[i] == 0) continue;
    list.push(Json::object().set("name", graph_.nodes[i].name).set("operator", graph_.nodes[i].op).set("seconds", of_node_[i]));
  }
  return list;
}

}  // namespace halfulp::cli
