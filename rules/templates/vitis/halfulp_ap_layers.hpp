// Layers all of whose types are ap_fixed or ap_ufixed: the vendor's own arithmetic, exact in ap_fixed sums of the window's width
// and rounded by the types' modes.
#ifndef HALFULP_AP_LAYERS_HPP
#define HALFULP_AP_LAYERS_HPP

#include "halfulp_elementwise.hpp"

namespace halfulp_rt {

template <class T>
struct is_vendor : std::is_same<T, exact> {};
template <int W, int I, ap_q_mode Q, ap_o_mode O>
struct is_vendor<ap_fixed<W, I, Q, O>> : std::true_type {};
template <int W, int I, ap_q_mode Q, ap_o_mode O>
struct is_vendor<ap_ufixed<W, I, Q, O>> : std::true_type {};

template <class... T>
using if_vendor = std::enable_if_t<(is_vendor<T>::value && ...)>;

template <class C>
struct vendor_sums {
  typedef ap_fixed<C::window_bits, C::window_bits + C::window_lsb> sum_t;
  typedef typename C::product_t product_t;
  typedef typename C::accumulator_t accumulator_t;

  static void zero(sum_t& sum) { sum = 0; }
  template <class Bias>
  static void start(sum_t& sum, const Bias& bias) {
    if constexpr (is_vendor<Bias>::value) {
      sum = bias;
    } else {
      window_of<C> bits;
      window_sums<C>::start(bits, bias);
      sum.range(C::window_bits - 1, 0) = bits;
    }
  }
  static void multiply_add(sum_t& sum, const typename C::input_t& x, const typename C::weight_t& w) {
    if constexpr (std::is_same_v<product_t, exact>) {
      sum += x * w;
    } else {
      const product_t product = x * w;
      sum += product;
    }
  }
  static void merge(sum_t& sum, const sum_t& other) { sum += other; }
  static void round(sum_t& sum) {
    if constexpr (!std::is_same_v<accumulator_t, exact>) {
      const accumulator_t rounded = sum;
      sum = rounded;
    }
  }
  static typename C::output_t finish(const sum_t& sum, int p) {
    if constexpr (C::has_divisor) {
      window_of<C> bits;
      bits = sum.range(C::window_bits - 1, 0);
      return window_sums<C>::finish(bits, p);
    } else {
      (void)p;
      return typename C::output_t(sum);
    }
  }
};

template <class C>
struct sums_of<C, if_vendor<typename C::input_t, typename C::weight_t, typename C::product_t, typename C::accumulator_t,
                            typename C::output_t>> {
  typedef vendor_sums<C> type;
};

template <class To, class From>
struct conversion<To, From, if_vendor<To, From>> {
  static To of(const From& x) { return To(x); }
};

template <class C>
struct binary_operation<C, if_vendor<typename C::left_t, typename C::right_t, typename C::output_t>> {
  typedef typename C::output_t output_t;
  static output_t of(const typename C::left_t& a, const typename C::right_t& b) {
    if constexpr (C::kind == binary::add) return output_t(a + b);
    if constexpr (C::kind == binary::subtract) return output_t(a - b);
    if constexpr (C::kind == binary::multiply) return output_t(a * b);
  }
};

}  // namespace halfulp_rt

#endif
