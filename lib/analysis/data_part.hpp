// What one process knows of its samples, as bytes for the others, and put together: hulls, the worst sample and sums of verdicts do not
// depend on the order, so that the result is the same for any number of threads and processes.
#pragma once

#include <limits>
#include <string>

#include "halfulp/analysis/analysis.hpp"

namespace halfulp {

inline constexpr std::size_t kNoSample = std::numeric_limits<std::size_t>::max();

struct DataPart {
  std::vector<std::size_t> done;        // indices of `verdicts`
  std::vector<SampleVerdict> verdicts;
  std::vector<NodeBounds> hull;
  std::vector<OverflowPlace> overflows;
  std::vector<Contribution> contributions;   // of `worst_sample`, whose bound is the largest
  double max_bound = 0;
  std::size_t worst_sample = kNoSample;
  std::size_t failed_sample = kNoSample;     // the first sample with an error
  Diagnostic error = {};
};

void merge_bounds(NodeBounds& into, NodeBounds&& from);
void merge_part(DataPart& into, DataPart&& from);
std::string encode_part(const DataPart& part);
// nullopt: not the bytes of a part.
std::optional<DataPart> decode_part(const std::string& bytes);

}  // namespace halfulp
