#include "element.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/adding.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "adding-inl.hpp"
#include "rounding-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename T>
void add(const ElementJob<T>& job) {
  using D = hn::ScalableTag<T>;
  round_with<AddingOf<D>::template Kernel, D>(job);
}

void adding_floats(const ElementJob<float>& job) { add(job); }
void adding_doubles(const ElementJob<double>& job) { add(job); }

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(adding_floats);
HWY_EXPORT(adding_doubles);

void round_by_adding(const ElementJob<float>& job) { HWY_DYNAMIC_DISPATCH(adding_floats)(job); }
void round_by_adding(const ElementJob<double>& job) { HWY_DYNAMIC_DISPATCH(adding_doubles)(job); }

}  // namespace halfulp::kernels
#endif
