#include "element.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/tapered.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "cutting-inl.hpp"
#include "rounding-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <template <class> class Places, typename T>
void cut_at(const ElementJob<T>& job) {
  using D = hn::ScalableTag<T>;
  round_with<CuttingOf<D, Places<D>>::template Kernel, D>(job);
}

template <typename T>
void cut(const ElementJob<T>& job) {
  if (job.plan.method == ElementMethod::kTakum) return cut_at<TakumPlaces>(job);
  cut_at<PositPlaces>(job);
}

void tapering_floats(const ElementJob<float>& job) { cut(job); }
void tapering_doubles(const ElementJob<double>& job) { cut(job); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(tapering_floats);
HWY_EXPORT(tapering_doubles);

void round_by_tapering(const ElementJob<float>& job) { HWY_DYNAMIC_DISPATCH(tapering_floats)(job); }
void round_by_tapering(const ElementJob<double>& job) { HWY_DYNAMIC_DISPATCH(tapering_doubles)(job); }

}  // namespace halfulp::kernels
#endif
