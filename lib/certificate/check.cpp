#include <fmt/format.h>

#include "halfulp/certificate/certificate.hpp"

namespace halfulp {
namespace {

void compare_identity(const LoweredGraph& graph, const FormatAssignment& formats, const CertifiedSet& set, const Certificate& certificate,
                      std::vector<std::string>& refusals) {
  if (certificate.network_sha256 != network_hash(*graph.graph)) refusals.push_back("the certificate is for another network");
  if (certificate.formats != format_lines(*graph.graph, formats)) refusals.push_back("the certificate is for other formats");
  if (certificate.set_sha256 != set_hash(set)) refusals.push_back("the certificate is for another input set");
}

void compare_boxes(const Certificate& claimed, const Certificate& proved, std::vector<std::string>& refusals) {
  const auto same_shape = [](const auto& a, const auto& b) {
    bool same = a.size() == b.size();
    for (std::size_t o = 0; same && o < a.size(); ++o) same = a[o].size() == b[o].size();
    return same;
  };
  if (!same_shape(claimed.ranges, proved.ranges) || !same_shape(claimed.errors, proved.errors)) {
    refusals.push_back("the claims do not fit the network's outputs");
    return;
  }
  for (std::size_t o = 0; o < proved.ranges.size(); ++o) {
    for (std::size_t i = 0; i < proved.ranges[o].size(); ++i) {
      const Interval &range = proved.ranges[o][i], &stated = claimed.ranges[o][i];
      if (!(stated.lo <= range.lo && range.hi <= stated.hi)) refusals.push_back(fmt::format("range of element {} of output {} is not proved", i, o));
      if (!(proved.errors[o][i] <= claimed.errors[o][i])) refusals.push_back(fmt::format("error of element {} of output {} is not proved", i, o));
    }
  }
}

void compare_samples(const Certificate& claimed, const Certificate& proved, std::vector<std::string>& refusals) {
  for (std::size_t s = 0; s < proved.samples.size(); ++s) {
    if (claimed.samples[s].argmax_kept && !proved.samples[s].argmax_kept) refusals.push_back(fmt::format("argmax of sample {} is not proved", s));
    if (!(proved.samples[s].error_bound <= claimed.samples[s].error_bound)) refusals.push_back(fmt::format("error of sample {} is not proved", s));
  }
}

}  // namespace

Result<std::vector<std::string>> check_certificate(const LoweredGraph& graph, const FormatAssignment& formats, const CertifiedSet& set,
                                                   const Certificate& certificate) {
  std::vector<std::string> refusals;
  compare_identity(graph, formats, set, certificate, refusals);
  if (!refusals.empty()) return refusals;
  auto proved = replay(graph, formats, set, certificate);
  if (!proved) return fail(proved.error());
  if (set.box != nullptr) compare_boxes(certificate, *proved, refusals);
  else compare_samples(certificate, *proved, refusals);
  if (certificate.overflow_free && !proved->overflow_free) refusals.push_back("freedom from overflow is not proved");
  return refusals;
}

}  // namespace halfulp
