#include "element.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cutting.cpp"
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
  if (job.plan.method == ElementMethod::kPower) return cut_at<PowerPlace>(job);
  cut_at<OnePlace>(job);
}

void cutting_floats(const ElementJob<float>& job) { cut(job); }
void cutting_doubles(const ElementJob<double>& job) { cut(job); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(cutting_floats);
HWY_EXPORT(cutting_doubles);

void round_by_cutting(const ElementJob<float>& job) { HWY_DYNAMIC_DISPATCH(cutting_floats)(job); }
void round_by_cutting(const ElementJob<double>& job) { HWY_DYNAMIC_DISPATCH(cutting_doubles)(job); }

}  // namespace halfulp::kernels
#endif
