// Element-wise operators, selections and data movement. Every result is the exact value rounded once to output_t.
#ifndef HALFULP_ELEMENTWISE_HPP
#define HALFULP_ELEMENTWISE_HPP

#include "halfulp_linear.hpp"

namespace halfulp_rt {

// A back-end with number types of its own specialises this and binary_operation.
template <class To, class From, class = void>
struct conversion {
  static To of(const From& x) {
    const unpacked u = number<From>::unpack(x);
    return number<To>::round(u.negative, u.significand, u.exponent, false);
  }
};

// The value of x in format To; exact where To holds every value of From.
template <class To, class From>
To convert(const From& x) {
  if constexpr (std::is_same_v<To, From>) {
    return x;
  } else {
    return conversion<To, From>::of(x);
  }
}

// a < b, both of one format.
inline bool less(const unpacked& a, const unpacked& b) {
  const bool a_zero = a.significand == 0, b_zero = b.significand == 0;
  if (a_zero || b_zero) return a_zero ? !b_zero && !b.negative : a.negative;
  if (a.negative != b.negative) return a.negative;
  const bool smaller = a.exponent != b.exponent ? a.exponent < b.exponent : a.significand < b.significand;
  const bool equal = a.exponent == b.exponent && a.significand == b.significand;
  return !equal && smaller != a.negative;
}

template <class T>
bool is_below_zero(const T& x) {
  const unpacked u = number<T>::unpack(x);
  return u.negative && u.significand != 0;
}

template <class C>
void relu(const typename C::input_t x[C::size], typename C::output_t y[C::size]) {
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    y[i] = is_below_zero(x[i]) ? number<typename C::output_t>::from_code(0) : convert<typename C::output_t>(x[i]);
  }
}

// Negation, and negation of the negative ones only (absolute value).
template <class C>
void negate(const typename C::input_t x[C::size], typename C::output_t y[C::size]) {
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    const unpacked u = number<typename C::input_t>::unpack(x[i]);
    const bool negative = C::absolute_value ? false : !u.negative;
    y[i] = number<typename C::output_t>::round(negative, u.significand, u.exponent, false);
  }
}

// x for x >= 0, slope * x below (leaky and parametric relu).
template <class C>
void leaky_relu(const typename C::input_t x[C::size], typename C::output_t y[C::size]) {
  typedef typename C::output_t output_t;
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    const unpacked u = number<typename C::input_t>::unpack(x[i]);
    const unpacked slope = number<typename C::weight_t>::unpack(C::slope(i));
    y[i] = u.negative ? rounded_product<output_t>(u, slope) : convert<output_t>(x[i]);
  }
}

// x clamped to [low, high].
template <class C>
void hardtanh(const typename C::input_t x[C::size], typename C::output_t y[C::size]) {
  typedef typename C::output_t output_t;
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    const unpacked u = number<typename C::input_t>::unpack(x[i]);
    const unpacked low = number<typename C::limit_t>::unpack(C::low());
    const unpacked high = number<typename C::limit_t>::unpack(C::high());
    window_of<C> above_low, above_high;
    clear(above_low);
    accumulate<C>(above_low, u);
    above_high = above_low;
    accumulate<C>(above_low, {!low.negative, low.significand, low.exponent});
    accumulate<C>(above_high, {!high.negative, high.significand, high.exponent});
    if (is_negative(above_low)) {
      y[i] = convert<output_t>(C::low());
    } else {
      y[i] = is_negative(above_high) ? convert<output_t>(x[i]) : convert<output_t>(C::high());
    }
  }
}

// A complete table: entry b is the correctly rounded result of the input whose code bits are b.
template <class C>
void lookup(const typename C::input_t x[C::size], typename C::output_t y[C::size]) {
  typedef typename C::input_t input_t;
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    const std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(number<input_t>::code(x[i])));
    y[i] = number<typename C::output_t>::from_code(C::entry(static_cast<int>(bits & low_mask(C::index_bits))));
  }
}

enum class binary { add, subtract, multiply };

template <class C, class = void>
struct binary_operation {
  typedef typename C::output_t output_t;
  static output_t of(const typename C::left_t& left, const typename C::right_t& right) {
    const unpacked a = number<typename C::left_t>::unpack(left), b = number<typename C::right_t>::unpack(right);
    if constexpr (C::kind == binary::multiply) {
      return rounded_product<output_t>(a, b);
    } else {
      window_of<C> sum;
      clear(sum);
      accumulate<C>(sum, a);
      accumulate<C>(sum, {C::kind == binary::subtract ? !b.negative : b.negative, b.significand, b.exponent});
      return number<output_t>::round(is_negative(sum), absolute(sum), C::window_lsb, false);
    }
  }
};

// y[i] = a[left(i)] op b[right(i)].
template <class C>
void elementwise(const typename C::left_t a[], const typename C::right_t b[], typename C::output_t y[C::size]) {
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    y[i] = binary_operation<C>::of(a[C::left(i)], b[C::right(i)]);
  }
}

template <class C>
void elementwise_left(const typename C::right_t b[], typename C::output_t y[C::size]) {
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    y[i] = binary_operation<C>::of(C::constant_left(C::left(i)), b[C::right(i)]);
  }
}

template <class C>
void elementwise_right(const typename C::left_t a[], typename C::output_t y[C::size]) {
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    y[i] = binary_operation<C>::of(a[C::left(i)], C::constant_right(C::right(i)));
  }
}

// y[i] = the largest of x[member(first(i))] .. x[member(first(i + 1) - 1)].
template <class C>
void maximum(const typename C::input_t x[], typename C::output_t y[C::size]) {
  typedef typename C::input_t input_t;
  for (int i = 0; i < C::size; ++i) {
    input_t best = x[C::member(C::first(i))];
    for (int j = C::first(i) + 1; j < C::first(i + 1); ++j) {
      HALFULP_PIPELINE
      const input_t candidate = x[C::member(j)];
      if (less(number<input_t>::unpack(best), number<input_t>::unpack(candidate))) best = candidate;
    }
    y[i] = convert<typename C::output_t>(best);
  }
}

// y[to(j)] = x[from(j)]: the part of a data movement that one operand gives.
template <class C>
void gather(const typename C::input_t x[], typename C::output_t y[]) {
  for (int j = 0; j < C::count; ++j) {
    HALFULP_PIPELINE
    y[C::to(j)] = convert<typename C::output_t>(x[C::from(j)]);
  }
}

template <class C>
void fill(typename C::output_t y[]) {
  for (int j = 0; j < C::count; ++j) {
    HALFULP_PIPELINE
    y[C::to(j)] = C::value();
  }
}

template <class C>
void constants(typename C::output_t y[C::size]) {
  for (int i = 0; i < C::size; ++i) {
    HALFULP_PIPELINE
    y[i] = C::value(i);
  }
}

}  // namespace halfulp_rt

#endif
