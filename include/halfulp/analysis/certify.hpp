// Searches for the steps of a certificate with the fast engine, then has them replayed: the claims are what the replay proves.
#pragma once

#include "halfulp/analysis/analysis.hpp"
#include "halfulp/certificate/certificate.hpp"

namespace halfulp {

struct CertifyOptions {
  AnalyzeOptions analyze;     // split_boxes: parts that bisection may make of a box; bits: of the replay
  std::size_t output = 0;     // graph output of the argmax claims
};

// Errors: those of analyze_box, analyze_data and replay.
Result<Certificate> certify(const LoweredGraph& graph, const FormatAssignment& formats, const InputBox& box, const CertifyOptions& options = {});
Result<Certificate> certify(const LoweredGraph& graph, const FormatAssignment& formats, const DataSet& data, const CertifyOptions& options = {});

}  // namespace halfulp
