// ap_fixed and ap_ufixed as number types of the kernels.
#ifndef HALFULP_AP_FIXED_HPP
#define HALFULP_AP_FIXED_HPP

#include "halfulp_fixed.hpp"

namespace halfulp_rt {

constexpr rounding rounding_of(ap_q_mode mode) {
  return mode == AP_RND_CONV     ? rounding::nearest_even
         : mode == AP_RND_INF    ? rounding::nearest_away
         : mode == AP_RND_ZERO   ? rounding::nearest_zero
         : mode == AP_TRN_ZERO   ? rounding::toward_zero
                                 : rounding::down;
}
constexpr overflow overflow_of(ap_o_mode mode) {
  return mode == AP_WRAP ? overflow::wrap : mode == AP_SAT_SYM ? overflow::saturate_symmetric : overflow::saturate;
}

template <class T, int W, int I, bool Signed, ap_q_mode Q, ap_o_mode O>
struct vendor_number {
  typedef fixed<W, I, Signed, rounding_of(Q), overflow_of(O)> own;
  typedef typename own::code_type code_type;

  static code_type code(const T& x) {
    std::conditional_t<Signed, ap_int<W>, ap_uint<W>> bits;
    bits = x.range(W - 1, 0);
    return static_cast<code_type>(static_cast<std::conditional_t<Signed, std::int64_t, std::uint64_t>>(bits));
  }
  static T from_code(code_type c) {
    const ap_uint<W> bits = c;
    T x;
    x.range(W - 1, 0) = bits;
    return x;
  }
  static unpacked unpack(const T& x) { return own{code(x)}.unpack(); }
  template <class Magnitude>
  static T round(bool negative, const Magnitude& m, int lsb, bool sticky) {
    return from_code(own::round(negative, m, lsb, sticky).code);
  }
};

template <int W, int I, ap_q_mode Q, ap_o_mode O>
struct number<ap_fixed<W, I, Q, O>> : vendor_number<ap_fixed<W, I, Q, O>, W, I, true, Q, O> {};
template <int W, int I, ap_q_mode Q, ap_o_mode O>
struct number<ap_ufixed<W, I, Q, O>> : vendor_number<ap_ufixed<W, I, Q, O>, W, I, false, Q, O> {};

}  // namespace halfulp_rt

#endif
