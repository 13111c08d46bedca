// What the counted operations cost on a target whose tables have the component `energy_pj` (rules/targets/energy-45nm.toml).
//
//   subtract, add   an addition of the result's width (float: precision)
//   square          a multiplication and, in fixed point, the rounding of the double-width product
//   compare         an integer comparison; the codes of non-negative floats are ordered as integers
//   accumulate      an addition of the accumulator's width (float: precision)
//   count           a 10-bit integer addition
//   divide          a division with as many result bits as the value has significant bits
#pragma once

#include "arithmetic.hpp"
#include "halfulp/cost/cost.hpp"

namespace kmeans {

class Energy {
 public:
  explicit Energy(halfulp::Target target) : target_(std::move(target)) {}

  // In picojoules. Requires formats for all signals.
  double of(const Formats& formats, const OperationCounts& counts) const;
  const std::string& target_name() const { return target_.name; }

 private:
  double price(const halfulp::OperationUse& use) const;

  halfulp::Target target_;
};

}  // namespace kmeans
