// Where the cutting kernel cuts the bit pattern of a magnitude; compiled once a target.
//
// cut() gives the pattern, moved by a multiple of 2^exponents so that the last bit kept is that of the format's code (ties go to
// the even one), and the number of bits dropped, at most the number of bits that the code has beside its run or regime.
// magnitude() moves a rounded pattern back.
#if defined(HALFULP_KERNELS_PLACES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNELS_PLACES_INL_HPP
#undef HALFULP_KERNELS_PLACES_INL_HPP
#else
#define HALFULP_KERNELS_PLACES_INL_HPP
#endif

#include <hwy/highway.h>

#include "element.hpp"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D>
struct Cut {
  typename KernelTypes<D>::VU bits, drop;
};

// One place for all: formats with the exponents of T.
template <class D>
class OnePlace : KernelTypes<D> {
 public:
  using typename KernelTypes<D>::VU;
  static constexpr bool kHasGap = false, kCutsExponents = false;

  explicit OnePlace(const ElementPlan<hn::TFromD<D>>& plan) : drop_(hn::Set(du_, static_cast<hn::TFromD<decltype(du_)>>(plan.dropped_bits))) {}
  HWY_INLINE Cut<D> cut(VU magnitude) const { return {magnitude, drop_}; }
  HWY_INLINE VU magnitude(VU rounded, VU) const { return rounded; }

 private:
  typename KernelTypes<D>::DU du_;
  VU drop_;
};

// Powers of two: the whole significand is dropped.
template <class D>
class PowerPlace : KernelTypes<D> {
 public:
  using typename KernelTypes<D>::VU;
  static constexpr bool kHasGap = true, kCutsExponents = false;

  explicit PowerPlace(const ElementPlan<hn::TFromD<D>>& plan) : move_(hn::Set(du_, plan.code_offset)) {}
  HWY_INLINE Cut<D> cut(VU magnitude) const { return {hn::Add(magnitude, move_), hn::Set(du_, KernelTypes<D>::kStoredBits)}; }
  HWY_INLINE VU magnitude(VU rounded, VU) const { return hn::Sub(rounded, move_); }

 private:
  typename KernelTypes<D>::DU du_;
  VU move_;
};

// posit: r = floor(exponent / 2^ES) takes r + 2 bits of the code, or 1 - r if it is negative.
template <class D>
class PositPlaces : KernelTypes<D> {
 public:
  using Types = KernelTypes<D>;
  using typename Types::VU;
  static constexpr bool kHasGap = true, kCutsExponents = true;

  explicit PositPlaces(const ElementPlan<hn::TFromD<D>>& plan)
      : origin_(hn::Set(du_, plan.origin)), code_origin_(hn::Set(du_, plan.origin - plan.code_offset)), least_run_(hn::Set(du_, plan.least_run)),
        most_run_(hn::Set(du_, plan.most_run)), first_drop_(hn::Set(du_, plan.first_drop)), regime_place_(hn::Set(du_, plan.regime_place)) {}

  HWY_INLINE Cut<D> cut(VU magnitude) const {
    const VU scaled = hn::Sub(magnitude, origin_);
    const VU run = hn::Xor(scaled, sign_bits(D(), hn::BitCast(D(), scaled))) >> regime_place_;
    return {hn::Sub(magnitude, code_origin_), hn::Add(hn::Min(hn::Max(run, least_run_), most_run_), first_drop_)};
  }
  HWY_INLINE VU magnitude(VU rounded, VU) const { return hn::Add(rounded, code_origin_); }

 private:
  typename Types::DU du_;
  VU origin_, code_origin_, least_run_, most_run_, first_drop_, regime_place_;
};

// takum: the exponent c has floor(log2(c + 1)) characteristic bits, or floor(log2(-c)) if it is negative; they are the last ones of
// c + 1 and of c - 1.
template <class D>
class TakumPlaces : KernelTypes<D> {
 public:
  using Types = KernelTypes<D>;
  using typename Types::VU;
  static constexpr bool kHasGap = true, kCutsExponents = true;

  explicit TakumPlaces(const ElementPlan<hn::TFromD<D>>& plan) : origin_(hn::Set(du_, plan.origin)), least_run_(hn::Set(du_, plan.least_run)), first_drop_(hn::Set(du_, plan.first_drop)),
        back_(hn::Set(du_, plan.origin - Types::kOneExponent)) {}

  HWY_INLINE Cut<D> cut(VU magnitude) const {
    const VU scaled = hn::Sub(magnitude, origin_);
    const VU negative = sign_bits(D(), hn::BitCast(D(), scaled));
    const VU length = hn::Add(hn::ShiftRight<Types::kStoredBits>(hn::Xor(scaled, negative)), hn::Set(du_, 1));
    const VU run = hn::ShiftRight<Types::kStoredBits>(hn::BitCast(du_, hn::ConvertTo(D(), hn::BitCast(di_, length))));
    return {hn::Sub(hn::Sub(magnitude, back_), twice_where(negative)), hn::Add(hn::Max(run, least_run_), first_drop_)};
  }
  HWY_INLINE VU magnitude(VU rounded, VU before) const {
    const VU negative = sign_bits(D(), hn::BitCast(D(), before));
    const VU magnitude = hn::Add(hn::Add(rounded, back_), twice_where(negative));
    if constexpr (sizeof(hn::TFromD<D>) == 4) return hn::Min(magnitude, hn::Set(du_, Types::kExponentField));
    return magnitude;
  }

 private:
  HWY_INLINE VU twice_where(VU negative) const { return hn::And(negative, hn::Set(du_, 2 * Types::kOneExponent)); }

  typename Types::DU du_;
  typename Types::DI di_;
  VU origin_, least_run_, first_drop_, back_;
};

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
