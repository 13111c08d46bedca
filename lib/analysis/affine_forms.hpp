// Affine forms with a bounded number of noise symbols (Stolfi and de Figueiredo 1997; for networks DeepZ, Singh et al., NeurIPS 2018):
//   x_i = center_i + sum_s coefficient_is eps_s + rest_i,   |eps_s| <= 1,  |rest_i| <= radius_i.
// Linear nodes act on each symbol exactly, so that what cancels between inputs cancels here. An element-wise function becomes a line
// within an offset; offsets get a symbol of their own, largest first, while there are symbols left, and are condensed into the
// element's radius after that. Other nodes (quotients, undecided maxima, softmax, products of two computed matrices) start anew from their intervals.
// Coefficients are doubles; what their rounding leaves out is added to the radius.
#pragma once

#include <optional>
#include <vector>

#include "halfulp/analysis/analysis.hpp"
#include "prepared.hpp"

namespace halfulp {

struct AffineForm {
  std::vector<double> center, radius;
  std::vector<std::vector<double>> coefficient;  // by symbol, an element each; symbols beyond the end are zero
};

class AffineForms {
 public:
  // Symbols, those of the inputs included, are at most kMostSymbols, and fewer in wide networks (64 MB of coefficients a node).
  explicit AffineForms(const Prepared& prepared);

  // Encloses the node's real values, which lie in `own`; `operand_range` is what is known of a Unary node's operand.
  std::vector<Interval> enclose(NodeId id, const std::vector<Interval>& operand_range, const std::vector<Interval>& own);

 private:
  std::optional<AffineForm> linear(NodeId id, const LinearMap& map) const;
  AffineForm unary(NodeId id, const UnaryForm& form, const std::vector<Interval>& range);
  std::optional<AffineForm> binary(NodeId id, const BinaryForm& form) const;
  AffineForm gather(NodeId id, const GatherForm& form) const;
  AffineForm around(const std::vector<Interval>& values, bool with_symbols);
  void take_symbols(AffineForm& form, std::vector<double> offset);
  const AffineForm& operand(NodeId id, std::size_t index) const;

  const Prepared& prepared_;
  std::vector<AffineForm> forms_;
  std::size_t most_symbols_ = 0, symbols_ = 0;
};

}  // namespace halfulp
