// What is known of one node's values under one input set. The forward pass fills it node by node.
#pragma once

#include <vector>

#include "prepared.hpp"

namespace halfulp {

template <typename I>
struct NodeState {
  std::vector<I> real;               // values of the real network
  std::vector<I> deployed;           // values of the deployed network
  std::vector<Interval> error;       // deployed - real
  ValueGrid grid;                         // of the deployed values

  // The node's own perturbation rho, by role; empty vectors are zero.
  std::vector<Interval> output_error;       // rounding to `output` (or `input` of a source)
  std::vector<Interval> accumulator_error;  // of additions rounded to `accumulator`, after the divisor
  std::vector<Interval> product_error;      // of products rounded to `product`, after the divisor
  std::vector<Interval> constant_error;     // of a rounded leaky slope or constant operand
  std::vector<Interval> cut;                // what of the difference is not passed to the operands by the slopes

  // Of random roundings without overflow, by role: the sum of squares of the lengths of their errors' ranges; 0 elsewhere, empty if not kept.
  std::vector<double> output_square, accumulator_square, product_square;

  std::vector<I> slope;              // Unary and Binary (left operand): chord slopes between deployed and real operand;
                                     // Softmax: the function's values over both
  std::vector<I> slope_right;        // Binary: of the right operand
  std::vector<char> sharp;           // elements whose `error` comes from an adjoint pass of their own; empty: none
  std::vector<std::int32_t> chosen;  // Max: the only candidate of an element, -1 if several
};

template <typename I>
std::vector<Interval> to_doubles(const std::vector<I>& values) {
  std::vector<Interval> result;
  result.reserve(values.size());
  for (const I& x : values) result.push_back(to_double(x));
  return result;
}

template <typename I>
using States = std::vector<NodeState<I>>;

template <typename I>
const NodeState<I>& at(const States<I>& states, NodeId id) {
  return states[static_cast<std::size_t>(id)];
}

}  // namespace halfulp
