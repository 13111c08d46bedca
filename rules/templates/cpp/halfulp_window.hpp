// Fixed-point windows: two's complement integers wide enough that no sum of the network's products is ever rounded.
// A window of lsb exponent e holds the value w * 2^e. Up to 64 bits it is a machine integer, beyond that limbs of 64 bits.
#ifndef HALFULP_WINDOW_HPP
#define HALFULP_WINDOW_HPP

#include <cstdint>
#include <type_traits>

// Where the vitis back-end asks for a pipelined loop.
#define HALFULP_PIPELINE

namespace halfulp_rt {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

inline int top_bit(std::uint64_t m) { return m == 0 ? -1 : 63 - __builtin_clzll(m); }
inline int top_bit(uint128 m) {
  const std::uint64_t high = static_cast<std::uint64_t>(m >> 64);
  return high != 0 ? 64 + top_bit(high) : top_bit(static_cast<std::uint64_t>(m));
}

// An unsigned integer of N limbs, the lowest first.
template <int N>
struct limbs {
  std::uint64_t limb[N];
};

template <int Bits>
using magnitude = std::conditional_t<(Bits <= 64), std::uint64_t,
                                     std::conditional_t<(Bits <= 128), uint128, limbs<(Bits + 63) / 64>>>;
template <int Bits>
using window = std::conditional_t<(Bits <= 64), std::int64_t,
                                  std::conditional_t<(Bits <= 128), int128, limbs<(Bits + 63) / 64>>>;

inline void clear(std::int64_t& w) { w = 0; }
inline void clear(int128& w) { w = 0; }
template <int N>
void clear(limbs<N>& w) {
  for (int i = 0; i < N; ++i) w.limb[i] = 0;
}

inline bool is_negative(std::int64_t w) { return w < 0; }
inline bool is_negative(int128 w) { return w < 0; }
template <int N>
bool is_negative(const limbs<N>& w) {
  return (w.limb[N - 1] >> 63) != 0;
}

inline std::uint64_t absolute(std::int64_t w) {
  return w < 0 ? 0 - static_cast<std::uint64_t>(w) : static_cast<std::uint64_t>(w);
}
inline uint128 absolute(int128 w) { return w < 0 ? 0 - static_cast<uint128>(w) : static_cast<uint128>(w); }
template <int N>
limbs<N> absolute(const limbs<N>& w) {
  limbs<N> r = w;
  if (!is_negative(w)) return r;
  bool carry = true;
  for (int i = 0; i < N; ++i) {
    r.limb[i] = ~w.limb[i] + (carry ? 1 : 0);
    carry = carry && r.limb[i] == 0;
  }
  return r;
}

template <int N>
int top_bit(const limbs<N>& m) {
  for (int i = N - 1; i >= 0; --i)
    if (m.limb[i] != 0) return 64 * i + top_bit(m.limb[i]);
  return -1;
}

// w += m * 2^shift, or w -= it. Requires 0 <= shift and that the sum fits the window.
inline void add_shifted(std::int64_t& w, bool negative, uint128 m, int shift) {
  if (m == 0) return;
  const std::uint64_t term = static_cast<std::uint64_t>(m) << shift;
  const std::uint64_t old = static_cast<std::uint64_t>(w);
  w = static_cast<std::int64_t>(negative ? old - term : old + term);
}
inline void add_shifted(int128& w, bool negative, uint128 m, int shift) {
  if (m == 0) return;
  const uint128 term = m << shift;
  const uint128 old = static_cast<uint128>(w);
  w = static_cast<int128>(negative ? old - term : old + term);
}
template <int N>
void add_shifted(limbs<N>& w, bool negative, uint128 m, int shift) {
  if (m == 0) return;
  const int first = shift / 64, inner = shift % 64;
  std::uint64_t part[3] = {static_cast<std::uint64_t>(m) << inner, static_cast<std::uint64_t>(m >> 64), 0};
  if (inner == 0) {
    part[1] = static_cast<std::uint64_t>(m >> 64);
  } else {
    part[1] = static_cast<std::uint64_t>(m >> (64 - inner));
    part[2] = static_cast<std::uint64_t>(m >> 64) >> (64 - inner);
  }
  std::uint64_t carry = 0;
  for (int i = first; i < N; ++i) {
    const std::uint64_t p = i - first < 3 ? part[i - first] : 0;
    if (i - first >= 3 && carry == 0) return;
    const uint128 t = negative ? static_cast<uint128>(w.limb[i]) - p - carry
                               : static_cast<uint128>(w.limb[i]) + p + carry;
    w.limb[i] = static_cast<std::uint64_t>(t);
    carry = static_cast<std::uint64_t>(t >> 64) != 0 ? 1 : 0;
  }
}

// a += b of two windows of one lsb.
inline void add(std::int64_t& a, std::int64_t b) { a += b; }
inline void add(int128& a, int128 b) { a += b; }
template <int N>
void add(limbs<N>& a, const limbs<N>& b) {
  std::uint64_t carry = 0;
  for (int i = 0; i < N; ++i) {
    const uint128 t = static_cast<uint128>(a.limb[i]) + b.limb[i] + carry;
    a.limb[i] = static_cast<std::uint64_t>(t);
    carry = static_cast<std::uint64_t>(t >> 64);
  }
}

// floor(m / 2^s) in its low 128 bits, whether it has bits beyond those, and the discarded part.
struct cut_value {
  uint128 quotient;
  bool beyond;
  bool half;    // the first discarded bit
  bool sticky;  // any later discarded bit
};

inline cut_value cut(uint128 m, int s) {
  if (m == 0) return {0, false, false, false};
  if (s <= 0) {
    if (-s > 127) return {0, true, false, false};
    const uint128 q = m << -s;
    return {q, (q >> -s) != m, false, false};
  }
  if (s > 128) return {0, false, false, true};
  const uint128 q = s == 128 ? 0 : m >> s;
  const bool half = ((m >> (s - 1)) & 1) != 0;
  const bool sticky = s > 1 && (m << (129 - s)) != 0;
  return {q, false, half, sticky};
}
inline cut_value cut(std::uint64_t m, int s) { return cut(static_cast<uint128>(m), s); }

template <int N>
std::uint64_t limb_at(const limbs<N>& m, int bit) {  // the 64 bits from `bit` on
  const int i = bit >= 0 ? bit / 64 : -((63 - bit) / 64);
  const int inner = bit - 64 * i;
  const std::uint64_t low = i >= 0 && i < N ? m.limb[i] : 0;
  const std::uint64_t high = i + 1 >= 0 && i + 1 < N ? m.limb[i + 1] : 0;
  return inner == 0 ? low : (low >> inner) | (high << (64 - inner));
}
template <int N>
cut_value cut(const limbs<N>& m, int s) {
  const int top = top_bit(m);
  if (top < 0) return {0, false, false, false};
  cut_value r = {0, top - s >= 128, false, false};
  if (s <= 64 * N) {
    const uint128 high = limb_at(m, s + 64);
    r.quotient = (high << 64) | limb_at(m, s);
  }
  if (s <= 0) return r;
  r.half = s - 1 <= top && (limb_at(m, s - 1) & 1) != 0;
  for (int i = 0; i < N && 64 * i < s - 1; ++i) {
    const int bits = s - 1 - 64 * i;
    r.sticky = r.sticky || (bits >= 64 ? m.limb[i] : m.limb[i] & ((std::uint64_t{1} << bits) - 1)) != 0;
  }
  return r;
}

// m = m / n; the remainder.
inline std::uint32_t divide(std::uint64_t& m, std::uint32_t n) {
  const std::uint32_t r = static_cast<std::uint32_t>(m % n);
  m /= n;
  return r;
}
inline std::uint32_t divide(uint128& m, std::uint32_t n) {
  const std::uint32_t r = static_cast<std::uint32_t>(m % n);
  m /= n;
  return r;
}
template <int N>
std::uint32_t divide(limbs<N>& m, std::uint32_t n) {
  uint128 r = 0;
  for (int i = N - 1; i >= 0; --i) {
    const uint128 t = (r << 64) | m.limb[i];
    m.limb[i] = static_cast<std::uint64_t>(t / n);
    r = t % n;
  }
  return static_cast<std::uint32_t>(r);
}

// m * 2^guard as a wider magnitude.
template <int Bits, int From>
magnitude<Bits> widened(const magnitude<From>& m, int guard) {
  window<Bits> r;
  clear(r);
  if constexpr (From <= 128) {
    add_shifted(r, false, m, guard);
  } else {
    for (int i = 0; i < (From + 63) / 64; ++i) add_shifted(r, false, m.limb[i], guard + 64 * i);
  }
  return absolute(r);
}

}  // namespace halfulp_rt

#endif
