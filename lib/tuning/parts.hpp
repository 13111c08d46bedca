// Pieces that an evaluation is put together from.
#pragma once

#include "evaluation.hpp"
#include "journal.hpp"
#include "margins.hpp"

namespace halfulp {

// The answers of all groups of samples in one, as text: group g of n holds samples g, g + n, g + 2n, ... The result does not depend on n.
// With a share to keep, what decides over it is found.
Result<std::string> merge_parts(const std::vector<std::string>& parts, const std::optional<ShareOfSamples>& share);
// An error in the place of an answer, and back.
std::string error_text(const Diagnostic& diagnostic);
// Lines of a key and an answer; or an error.
Result<Answers> shared_answers(const std::string& text);

// Outputs of the real network in plain float64, a sample.
std::vector<std::vector<std::vector<double>>> real_outputs(const LoweredGraph& graph, const DataSet& data);
std::size_t leading(const std::vector<double>& logits);
// Products of one inference in the node.
double multiply_adds(const LoweredNode& node);

}  // namespace halfulp
