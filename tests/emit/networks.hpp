// Small random networks and schedules for the golden tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "halfulp/formats/round.hpp"
#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp::test {

// Deterministic draws from one stream.
class Draw {
 public:
  explicit Draw(std::uint64_t stream) : stream_(stream) {}
  std::uint32_t bits() { return random_bits(11, stream_, index_++); }
  int below(int n) { return static_cast<int>(bits() % static_cast<std::uint32_t>(n)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }
  double value(double scale) { return scale * (static_cast<double>(bits()) / 2147483648.0 - 1); }

 private:
  std::uint64_t stream_, index_ = 0;
};

class NetworkBuilder {
 public:
  explicit NetworkBuilder(std::uint64_t stream) : draw(stream) {}
  Graph graph;
  Draw draw;

  NodeId input(Shape shape);
  NodeId constant(Shape shape, double scale);
  NodeId add(const std::string& op, std::vector<NodeId> inputs, Shape shape, std::map<std::string, Attribute> attributes = {});
  NodeId linear(NodeId x, std::int64_t out, bool bias = true);
  NodeId conv(NodeId x, std::int64_t out, std::int64_t kernel, std::int64_t padding, std::int64_t stride, std::int64_t groups);
  NodeId pool(const std::string& op, NodeId x, std::int64_t kernel, std::int64_t stride, std::int64_t padding);
  NodeId same(const std::string& op, NodeId x, std::map<std::string, Attribute> attributes = {});
  NodeId flatten(NodeId x);
};

Graph multilayer_perceptron(std::uint64_t stream);
Graph convolutional(std::uint64_t stream);
Graph residual(std::uint64_t stream);

enum class Family { kFixed, kSmallFloat, kWideFloat, kMixed, kWide };  // kWide: fixed of 30 to 64 bits and fp32

// A format for every role that must have one, and for the others now and then.
Schedule random_schedule(const Graph& graph, Family family, std::uint64_t stream);

// `count` samples of every graph input; some values lie beyond the formats' ranges.
std::vector<std::vector<std::vector<double>>> random_samples(const Graph& graph, int count, std::uint64_t stream);

}  // namespace halfulp::test
