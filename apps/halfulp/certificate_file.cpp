#include "certificate_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis_report.hpp"
#include "halfulp/analysis/certify.hpp"
#include "halfulp/report/certificate_json.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

constexpr int kMostParts = 64;  // of a box: each is replayed in MPFR

CertifiedSet certified_set(const InputSet& set) {
  if (set.box) return {.box = &*set.box};
  return {.samples = &set.data->samples, .radius = set.data->radius};
}

double error_of(const Certificate& certificate) {
  double largest = 0;
  for (const auto& output : certificate.errors) {
    for (const double error : output) largest = std::max(largest, error);
  }
  for (const SampleClaim& sample : certificate.samples) largest = std::max(largest, sample.error_bound);
  return largest;
}

std::optional<double> share_of(const Certificate& certificate) {
  if (certificate.samples.empty()) return std::nullopt;
  const auto kept = std::count_if(certificate.samples.begin(), certificate.samples.end(), [](const SampleClaim& s) { return s.argmax_kept; });
  return static_cast<double>(kept) / static_cast<double>(certificate.samples.size());
}

void print(Context& context, const Model& model, const InputSet& set, const Certificate& certificate, const std::string& path, std::size_t bytes) {
  const auto share = share_of(certificate);
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.certified/1").set("provenance", model_provenance(context, model, set))
                           .set("certificate", path).set("bytes", bytes).set("parts", certificate.steps.size())
                           .set("error_bound", error_of(certificate)).set("argmax_share", share ? Json(*share) : Json())
                           .set("overflow_free", certificate.overflow_free).set("status", "proved"));
    return;
  }
  context.print(fmt::format("output error <= {} (proved by the replay)\n", short_up(error_of(certificate))));
  if (share) context.print(fmt::format("argmax kept on {} of {} samples (proved)\n", percent_down(*share), certificate.samples.size()));
  context.print(fmt::format("{}: {} parts, {} bytes, overflow {}\n", path, certificate.steps.size(), with_commas(static_cast<std::int64_t>(bytes)),
                            certificate.overflow_free ? "excluded" : "possible"));
}

}  // namespace

Result<ExitCode> write_certificate_of(Context& context, const Model& model, const FormatAssignment& formats, const InputSet& set,
                                      const AnalyzeOptions& options, std::size_t output, const std::string& path) {
  CertifyOptions certify_options{.analyze = options, .output = output};
  certify_options.analyze.split_boxes = std::min(kMostParts, split_budget(model.lowered, options.method));
  auto certificate = set.box ? certify(model.lowered, formats, *set.box, certify_options) : certify(model.lowered, formats, *set.data, certify_options);
  if (!certificate) return fail(certificate.error());
  certificate->tool = std::string("halfulp ") + kVersion;
  const std::string text = write_certificate(*certificate);
  if (auto written = write_file_atomic(path, text); !written) return fail(written.error());
  print(context, model, set, *certificate, path, text.size());
  return certificate->overflow_free ? ExitCode::kDone : ExitCode::kAnswerIsNo;
}

Result<CertifiedClaims> check_certificate_of(const Model& model, const FormatAssignment& formats, const InputSet& set, const std::string& path) {
  if (!set.box && !set.data) return fail("E0003", "the schedule records no input set", "", {"name one with --input, --box or --data"});
  auto text = read_file(path);
  if (!text) return fail(text.error());
  auto certificate = read_certificate(*text, path);
  if (!certificate) return fail(certificate.error());
  auto refusals = check_certificate(model.lowered, formats, certified_set(set), *certificate);
  if (!refusals) return fail(refusals.error());
  return CertifiedClaims{error_of(*certificate), share_of(*certificate), *std::move(refusals), certificate->overflow_free};
}

}  // namespace halfulp::cli
