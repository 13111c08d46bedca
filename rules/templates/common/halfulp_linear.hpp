// Dense layers, convolutions, averages: y = (bias + sum_k weight * x) / divisor. Products are exact or rounded to product_t,
// each addition is rounded to accumulator_t (or exact, in a window of window_bits) in the order of the configuration.
#ifndef HALFULP_LINEAR_HPP
#define HALFULP_LINEAR_HPP

#include "halfulp_rounding.hpp"

namespace halfulp_rt {

enum class summation { sequential, blocked, tree };

template <class T>
T rounded_product(const unpacked& a, const unpacked& b) {
  const uint128 m = static_cast<uint128>(a.significand) * b.significand;
  return number<T>::round(a.negative != b.negative, m, a.exponent + b.exponent, false);
}

template <class C>
using window_of = window<C::window_bits>;

// sum += u, exactly.
template <class C>
void accumulate(window_of<C>& sum, const unpacked& u) {
  add_shifted(sum, u.negative, u.significand, u.exponent - C::window_lsb);
}

// The sums of a layer in integer windows: for any number types.
template <class C>
struct window_sums {
  typedef window_of<C> sum_t;
  typedef typename C::input_t input_t;
  typedef typename C::weight_t weight_t;
  typedef typename C::product_t product_t;
  typedef typename C::accumulator_t accumulator_t;
  typedef typename C::output_t output_t;

  static void zero(sum_t& sum) { clear(sum); }
  template <class Bias>
  static void start(sum_t& sum, const Bias& bias) {
    clear(sum);
    accumulate<C>(sum, number<Bias>::unpack(bias));
  }
  // sum += weight * x, the addition not yet rounded.
  static void multiply_add(sum_t& sum, const input_t& x, const weight_t& w) {
    const unpacked a = number<input_t>::unpack(x), b = number<weight_t>::unpack(w);
    if constexpr (std::is_same_v<product_t, exact>) {
      const uint128 m = static_cast<uint128>(a.significand) * b.significand;
      add_shifted(sum, a.negative != b.negative, m, a.exponent + b.exponent - C::window_lsb);
    } else {
      accumulate<C>(sum, number<product_t>::unpack(rounded_product<product_t>(a, b)));
    }
  }
  static void merge(sum_t& sum, const sum_t& other) { add(sum, other); }
  static void round(sum_t& sum) {
    if constexpr (!std::is_same_v<accumulator_t, exact>) {
      const accumulator_t r = number<accumulator_t>::round(is_negative(sum), absolute(sum), C::window_lsb, false);
      clear(sum);
      accumulate<C>(sum, number<accumulator_t>::unpack(r));
    }
  }
  static output_t finish(const sum_t& sum, int p) {
    if constexpr (!C::has_divisor) {
      (void)p;
      return number<output_t>::round(is_negative(sum), absolute(sum), C::window_lsb, false);
    } else {
      magnitude<C::quotient_bits> m = widened<C::quotient_bits, C::window_bits>(absolute(sum), C::quotient_guard);
      const bool inexact = divide(m, C::divisor(p)) != 0;
      return number<output_t>::round(is_negative(sum), m, C::window_lsb - C::quotient_guard, inexact);
    }
  }
};

// A back-end with number types of its own specialises this for the layers that use nothing else.
template <class C, class = void>
struct sums_of {
  typedef window_sums<C> type;
};
template <class C>
using sums = typename sums_of<C>::type;

// The index of input k of position p of group g, or -1 where the window of a convolution lies on padding.
template <class C>
int input_index(int g, int k, int p) {
  const int i = C::input_of(k, p);
  return i < 0 ? -1 : i + g * C::input_group_stride;
}

template <class C>
void sum_sequential(typename sums<C>::sum_t& sum, const typename C::input_t x[C::inputs], int g, int channel, int p) {
  for (int k = 0; k < C::depth; ++k) {
    const int i = input_index<C>(g, k, p);
    if (i < 0) continue;
    sums<C>::multiply_add(sum, x[i], C::weight(channel * C::depth + k));
    sums<C>::round(sum);
  }
}

template <class C>
void sum_blocked(typename sums<C>::sum_t& sum, const typename C::input_t x[C::inputs], int g, int channel, int p) {
  typename sums<C>::sum_t partial;
  sums<C>::zero(partial);
  int terms = 0;
  for (int k = 0; k < C::depth; ++k) {
    const int i = input_index<C>(g, k, p);
    if (i < 0) continue;
    sums<C>::multiply_add(partial, x[i], C::weight(channel * C::depth + k));
    sums<C>::round(partial);
    if (++terms < C::block) continue;
    sums<C>::merge(sum, partial);
    sums<C>::round(sum);
    sums<C>::zero(partial);
    terms = 0;
  }
  if (terms == 0) return;
  sums<C>::merge(sum, partial);
  sums<C>::round(sum);
}

template <class C>
void sum_tree(typename sums<C>::sum_t& sum, const typename C::input_t x[C::inputs], int g, int channel, int p) {
  typename sums<C>::sum_t term[C::depth];
  int count = 0;
  for (int k = 0; k < C::depth; ++k) {
    const int i = input_index<C>(g, k, p);
    if (i < 0) continue;
    sums<C>::zero(term[count]);
    sums<C>::multiply_add(term[count++], x[i], C::weight(channel * C::depth + k));
  }
  while (count > 1) {
    for (int i = 0; i + 1 < count; i += 2) {
      term[i / 2] = term[i];
      sums<C>::merge(term[i / 2], term[i + 1]);
      sums<C>::round(term[i / 2]);
    }
    if (count % 2 != 0) term[count / 2] = term[count - 1];
    count = (count + 1) / 2;
  }
  if (count == 0) return;
  sums<C>::merge(sum, term[0]);
  sums<C>::round(sum);
}

template <class C>
typename C::output_t linear_element(const typename C::input_t x[C::inputs], int g, int channel, int p) {
  typename sums<C>::sum_t sum;
  if constexpr (C::has_bias) {
    sums<C>::start(sum, C::bias(channel));
  } else {
    sums<C>::zero(sum);
  }
  if constexpr (C::order == summation::sequential) sum_sequential<C>(sum, x, g, channel, p);
  if constexpr (C::order == summation::blocked) sum_blocked<C>(sum, x, g, channel, p);
  if constexpr (C::order == summation::tree) sum_tree<C>(sum, x, g, channel, p);
  return sums<C>::finish(sum, p);
}

template <class C>
void linear(const typename C::input_t x[C::inputs], typename C::output_t y[C::outputs]) {
  for (int p = 0; p < C::positions; ++p) {
    for (int channel = 0; channel < C::groups * C::channels; ++channel) {
      HALFULP_PIPELINE
      y[C::output_of(p) + channel * C::output_channel_stride] = linear_element<C>(x, channel / C::channels, channel, p);
    }
  }
}

}  // namespace halfulp_rt

#endif
