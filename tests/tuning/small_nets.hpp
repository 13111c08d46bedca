// Dense ReLU networks with weights from a fixed integer recurrence, and the box around the origin.
#pragma once

#include "cost/nets.hpp"
#include "halfulp/analysis/analysis.hpp"
#include "halfulp/operators/form.hpp"

namespace halfulp::testing {

class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 2 + 1) {}
  // In (-1, 1), 31 bits.
  double next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(static_cast<std::int64_t>(state_ >> 33)) * 0x1p-30 - 1;
  }
  std::vector<double> list(std::int64_t count, double scale) {
    std::vector<double> values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(scale * next());
    return values;
  }

 private:
  std::uint64_t state_;
};

// widths {in, hidden.., out}; ReLU between the layers.
inline Graph dense_net(const std::vector<std::int64_t>& widths, std::uint64_t seed) {
  Numbers numbers(seed);
  GraphBuilder builder;
  NodeId x = builder.input("x", {1, widths[0]});
  for (std::size_t layer = 1; layer < widths.size(); ++layer) {
    const std::string name = std::to_string(layer);
    const std::int64_t rows = widths[layer], columns = widths[layer - 1];
    const double scale = 1.5 / std::max(1.0, static_cast<double>(columns) / 2);
    std::vector<double> weight = numbers.list(rows * columns, scale), bias = numbers.list(rows, 0.3);
    x = builder.dense("fc" + name, x, rows, std::move(weight), std::move(bias));
    if (layer + 1 < widths.size()) x = builder.node("relu" + name, "relu", {x}, {1, rows});
  }
  return builder.finish(x);
}

inline InputBox unit_box(std::int64_t size) {
  return {std::vector<Interval>(static_cast<std::size_t>(size), Interval(-1, 1))};
}

}  // namespace halfulp::testing
