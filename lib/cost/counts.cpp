#include "counts.hpp"

#include <algorithm>
#include <bit>

#include "overloaded.hpp"

namespace halfulp {
namespace {

void count_linear(const LinearMap& map, CostModel::Counts& counts) {
  const double copies = static_cast<double>(map.groups * map.channels);
  const auto taps = std::count_if(map.input_pattern.begin(), map.input_pattern.end(), [](std::int32_t i) { return i >= 0; });
  counts.terms = copies * static_cast<double>(taps);
  const auto scaled = std::count_if(map.divisor.begin(), map.divisor.end(), [](std::uint32_t d) { return !std::has_single_bit(d); });
  counts.scaled_outputs = copies * static_cast<double>(scaled);
  counts.longest_sum = static_cast<double>(map.depth) + (map.bias.empty() ? 0 : 1);
}

void count_dot(const DotForm& form, CostModel::Counts& counts) {
  counts.terms = static_cast<double>(form.batches * form.rows * form.columns * form.depth);
  counts.longest_sum = static_cast<double>(form.depth);
}

}  // namespace

CostModel::Counts counts_of(const LoweredGraph& graph, NodeId id) {
  const ParameterCount parameters = parameters_of(graph, id);
  CostModel::Counts counts{.weights = parameters.weights, .biases = parameters.biases, .terms = 0, .scaled_outputs = 0, .longest_sum = 0};
  const double size = static_cast<double>(graph[id].size);
  std::visit(Overloaded{[&](const LinearForm& form) { count_linear(form.map, counts); },
                        [&](const DotForm& form) { count_dot(form, counts); },
                        [&](const MaxForm& form) { counts.terms = static_cast<double>(form.members.size()) - size; },
                        [&](const SoftmaxForm& form) {
                          counts.terms = size;
                          counts.longest_sum = static_cast<double>(form.length);
                        },
                        [](const auto&) {}},
             graph[id].form);
  return counts;
}

}  // namespace halfulp
