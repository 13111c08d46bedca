#include "element.hpp"

namespace halfulp::kernels {
namespace {

template <typename T>
void round_any(const ElementJob<T>& job) {
  switch (job.plan.method) {
    case ElementMethod::kAdd: return round_by_adding(job);
    case ElementMethod::kCut:
    case ElementMethod::kPower: return round_by_cutting(job);
    case ElementMethod::kPosit:
    case ElementMethod::kTakum: return round_by_tapering(job);
  }
}

}  // namespace

void round_elements(const ElementJob<float>& job) { round_any(job); }
void round_elements(const ElementJob<double>& job) { round_any(job); }

}  // namespace halfulp::kernels
