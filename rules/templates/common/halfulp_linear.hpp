// Dense layers, convolutions, averages: y = (bias + sum_k weight * x) / divisor. Products are exact or rounded to product_t,
// each addition is rounded to accumulator_t (or exact, in a window of window_bits) in the order of the configuration.
#ifndef HALFULP_LINEAR_HPP
#define HALFULP_LINEAR_HPP

#include "halfulp_rounding.hpp"

namespace halfulp_rt {

enum class summation { sequential, blocked, tree };

template <class C>
using window_of = window<C::window_bits>;

template <class T>
T rounded_product(const unpacked& a, const unpacked& b) {
  const uint128 m = static_cast<uint128>(a.significand) * b.significand;
  return number<T>::round(a.negative != b.negative, m, a.exponent + b.exponent, false);
}

template <class C>
void accumulate(window_of<C>& sum, const unpacked& u) {
  add_shifted(sum, u.negative, u.significand, u.exponent - C::window_lsb);
}

// sum += weight * x, the addition not yet rounded.
template <class C>
void multiply_add(window_of<C>& sum, const typename C::input_t& x, const typename C::weight_t& w) {
  const unpacked a = number<typename C::input_t>::unpack(x), b = number<typename C::weight_t>::unpack(w);
  typedef typename C::product_t product_t;
  if constexpr (std::is_same_v<product_t, exact>) {
    const uint128 m = static_cast<uint128>(a.significand) * b.significand;
    add_shifted(sum, a.negative != b.negative, m, a.exponent + b.exponent - C::window_lsb);
  } else {
    accumulate<C>(sum, number<product_t>::unpack(rounded_product<product_t>(a, b)));
  }
}

template <class C>
void round_sum(window_of<C>& sum) {
  typedef typename C::accumulator_t accumulator_t;
  if constexpr (!std::is_same_v<accumulator_t, exact>) {
    const accumulator_t r = number<accumulator_t>::round(is_negative(sum), absolute(sum), C::window_lsb, false);
    clear(sum);
    accumulate<C>(sum, number<accumulator_t>::unpack(r));
  }
}

template <class C>
typename C::output_t finished(const window_of<C>& sum, int p) {
  typedef typename C::output_t output_t;
  if constexpr (!C::has_divisor) {
    return number<output_t>::round(is_negative(sum), absolute(sum), C::window_lsb, false);
  } else {
    magnitude<C::quotient_bits> m = widened<C::quotient_bits, C::window_bits>(absolute(sum), C::quotient_guard);
    const bool inexact = divide(m, C::divisor(p)) != 0;
    return number<output_t>::round(is_negative(sum), m, C::window_lsb - C::quotient_guard, inexact);
  }
}

// The index of input k of position p of group g, or -1 where the window of a convolution lies on padding.
template <class C>
int input_index(int g, int k, int p) {
  const int i = C::input_of(k, p);
  return i < 0 ? -1 : i + g * C::input_group_stride;
}

template <class C>
void sum_sequential(window_of<C>& sum, const typename C::input_t x[C::inputs], int g, int channel, int p) {
  for (int k = 0; k < C::depth; ++k) {
    const int i = input_index<C>(g, k, p);
    if (i < 0) continue;
    multiply_add<C>(sum, x[i], C::weight(channel * C::depth + k));
    round_sum<C>(sum);
  }
}

template <class C>
void sum_blocked(window_of<C>& sum, const typename C::input_t x[C::inputs], int g, int channel, int p) {
  window_of<C> partial;
  clear(partial);
  int terms = 0;
  for (int k = 0; k < C::depth; ++k) {
    const int i = input_index<C>(g, k, p);
    if (i < 0) continue;
    multiply_add<C>(partial, x[i], C::weight(channel * C::depth + k));
    round_sum<C>(partial);
    if (++terms < C::block) continue;
    add(sum, partial);
    round_sum<C>(sum);
    clear(partial);
    terms = 0;
  }
  if (terms == 0) return;
  add(sum, partial);
  round_sum<C>(sum);
}

template <class C>
void sum_tree(window_of<C>& sum, const typename C::input_t x[C::inputs], int g, int channel, int p) {
  window_of<C> term[C::depth];
  int count = 0;
  for (int k = 0; k < C::depth; ++k) {
    const int i = input_index<C>(g, k, p);
    if (i < 0) continue;
    clear(term[count]);
    multiply_add<C>(term[count++], x[i], C::weight(channel * C::depth + k));
  }
  while (count > 1) {
    for (int i = 0; i + 1 < count; i += 2) {
      term[i / 2] = term[i];
      add(term[i / 2], term[i + 1]);
      round_sum<C>(term[i / 2]);
    }
    if (count % 2 != 0) term[count / 2] = term[count - 1];
    count = (count + 1) / 2;
  }
  if (count == 0) return;
  add(sum, term[0]);
  round_sum<C>(sum);
}

template <class C>
typename C::output_t linear_element(const typename C::input_t x[C::inputs], int g, int channel, int p) {
  window_of<C> sum;
  clear(sum);
  if constexpr (C::has_bias) accumulate<C>(sum, number<typename C::bias_t>::unpack(C::bias(channel)));
  if constexpr (C::order == summation::sequential) sum_sequential<C>(sum, x, g, channel, p);
  if constexpr (C::order == summation::blocked) sum_blocked<C>(sum, x, g, channel, p);
  if constexpr (C::order == summation::tree) sum_tree<C>(sum, x, g, channel, p);
  return finished<C>(sum, p);
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
