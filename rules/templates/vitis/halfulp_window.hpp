// Fixed-point windows for Vitis HLS: ap_int wide enough that no sum of the network's products is ever rounded. A window of lsb
// exponent e holds the value w * 2^e.
#ifndef HALFULP_WINDOW_HPP
#define HALFULP_WINDOW_HPP

#ifndef AP_INT_MAX_W
#define AP_INT_MAX_W 8192
#endif
#include <ap_fixed.h>
#include <ap_int.h>

#include <cstdint>
#include <type_traits>

#define HALFULP_PIPELINE _Pragma("HLS PIPELINE II=1")

namespace halfulp_rt {

typedef ap_uint<128> uint128;

template <int Bits>
using magnitude = ap_uint<Bits>;
template <int Bits>
using window = ap_int<Bits>;

inline int top_bit(std::uint64_t m) {
  for (int i = 63; i >= 0; --i)
    if ((m >> i) != 0) return i;
  return -1;
}
template <int B>
int top_bit(const ap_uint<B>& m) {
  for (int i = B - 1; i >= 0; --i)
    if (m[i]) return i;
  return -1;
}

template <int B>
void clear(ap_int<B>& w) {
  w = 0;
}

template <int B>
bool is_negative(const ap_int<B>& w) {
  return w[B - 1];
}

template <int B>
ap_uint<B> absolute(const ap_int<B>& w) {
  return is_negative(w) ? ap_uint<B>(-w) : ap_uint<B>(w);
}

// w += m * 2^shift, or w -= it. Requires 0 <= shift and that the sum fits the window.
template <int B>
void add_shifted(ap_int<B>& w, bool negative, const uint128& m, int shift) {
  if (m == 0) return;
  const ap_int<B> term = ap_int<B>(m) << shift;
  w = negative ? ap_int<B>(w - term) : ap_int<B>(w + term);
}

// a += b of two windows of one lsb.
template <int B>
void add(ap_int<B>& a, const ap_int<B>& b) {
  a += b;
}

// floor(m / 2^s) in its low 128 bits, whether it has bits beyond those, and the discarded part.
struct cut_value {
  uint128 quotient;
  bool beyond;
  bool half;    // the first discarded bit
  bool sticky;  // any later discarded bit
};

template <int B>
cut_value cut(const ap_uint<B>& m, int s) {
  const int top = top_bit(m);
  cut_value r = {0, false, false, false};
  if (top < 0) return r;
  r.beyond = top - s >= 128;
  if (s <= 0) {
    if (-s < 128) r.quotient = uint128(m) << -s;
    return r;
  }
  if (s <= top) r.quotient = uint128(m >> s);
  r.half = s - 1 <= top && m[s - 1];
  for (int i = 0; i < B; ++i) r.sticky = r.sticky || (i < s - 1 && m[i]);
  return r;
}
inline cut_value cut(std::uint64_t m, int s) { return cut(ap_uint<64>(m), s); }

// m = m / n; the remainder.
template <int B>
std::uint32_t divide(ap_uint<B>& m, std::uint32_t n) {
  const ap_uint<32> divisor = n;
  const ap_uint<B> quotient = m / divisor;
  const ap_uint<B> rest = m - quotient * divisor;
  m = quotient;
  return static_cast<std::uint32_t>(rest.to_uint());
}

// m * 2^guard as a wider magnitude.
template <int Bits, int From>
magnitude<Bits> widened(const magnitude<From>& m, int guard) {
  return ap_uint<Bits>(m) << guard;
}

}  // namespace halfulp_rt

#endif
