// Certificates on the command line: `analyze --certificate FILE` writes one, `check --certificate FILE` replays it.
#pragma once

#include "context.hpp"
#include "halfulp/analysis/analysis.hpp"
#include "halfulp/certificate/certificate.hpp"
#include "input_set.hpp"
#include "model.hpp"

namespace halfulp::cli {

// What a certificate proves, as `check` compares it with a schedule's claims.
struct CertifiedClaims {
  double error_bound = 0;
  std::optional<double> argmax_share;
  std::vector<std::string> refusals;  // empty: every claim of the certificate is proved again
  bool overflow_free = false;
};

Result<ExitCode> write_certificate_of(Context& context, const Model& model, const FormatAssignment& formats, const InputSet& set,
                                      const AnalyzeOptions& options, std::size_t output, const std::string& path);

Result<CertifiedClaims> check_certificate_of(const Model& model, const FormatAssignment& formats, const InputSet& set, const std::string& path);

}  // namespace halfulp::cli
