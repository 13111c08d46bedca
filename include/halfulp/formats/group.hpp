// Formats whose values share a scale. Rounding has two steps: the scale is chosen from the extent of the group, then every value
// is rounded by itself to an element record. Both steps are exact: no quotient or logarithm is rounded before the decision.
//
// int<W>, uint<W>     values s (q - z), W <= 24, s a float32. int is symmetric: z = 0, |q| <= 2^(W-1)-1, s = max|x| / (2^(W-1)-1)
//                     rounded up. uint, and int with the modifier `asymmetric`: all 2^W codes, with lo = min(0, min x) and
//                     hi = max(0, max x), s = (hi-lo) / (2^W-1) rounded up, z = round(q_min - lo/s) to nearest even.
//                     q = round(x/s) + z, saturated. One scale a tensor, or one an index of the axis with @channel.
// dynamic-fixed<W>    k 2^-s for one s a tensor (Rajagopal et al., ICML 2020): s = floor(log2(min(h / |max x|, (h+1) / |min x|)))
//                     with h = 2^(W-1) - 1/2; k saturates.
// bfp<M,B>            k 2^(e-M+2), |k| <= 2^(M-1)-1, e = floor(log2 max|x|) of B values (or by another scale rule), -127..127.
// mx<ELEM,B>          OCP Microscaling 1.0: e8m0 scale, elements e4m3 e5m2 e3m2 e2m3 e2m1 int8 (k/64, symmetric) or any float
//                     or fixed format; the scale rule is a modifier: scale-floor (default) scale-ceil scale-nearest scale-even
//                     scale-saturation-free.
// nvfp4               e2m1 elements, blocks of 16; tensor scale t = max|x| / 2688 to nearest in float32 (at least 2^-149), block
//                     scale b = max|x of block| / (6 t) to nearest in e4m3 (at least its smallest positive value).
//
// NaN and infinities do not take part in choosing a scale; a NaN stays NaN, an infinity saturates. A group of zeros has scale
// 1 (int, dynamic-fixed) or the smallest one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "halfulp/formats/format.hpp"

namespace halfulp {

struct GroupScale {
  double scale = 1;  // the value of the code (or element) 1
  double zero = 0;   // zero point: the code of the value 0
};

// Smallest and largest finite value of a group; {0, 0} if there is none.
struct GroupExtent {
  double lowest = 0, largest = 0;
};
GroupExtent extent_of(std::span<const double> group);

// nvfp4: the scale of the whole tensor, an argument of choose_scale. All other formats: 1.
double choose_tensor_scale(const Format& format, const GroupExtent& tensor);
GroupScale choose_scale(const Format& format, const GroupExtent& group, double tensor_scale = 1);
GroupScale choose_scale(const Format& format, std::span<const double> group, double tensor_scale = 1);

// The element format of a group whose scale is known: fixed or float for a power-of-two scale, else scaled. It has the rounding
// mode of `format`, saturates, and round_to, encode, max_rounding_error and the rest take it.
Format element_of(const Format& format, const GroupScale& scale);

// Rounds one group; `out` may be `in`. `random` has a word for each value, or is empty if the mode is not stochastic.
GroupScale round_group(const Format& format, std::span<const double> in, std::span<double> out,
                       std::span<const std::uint32_t> random = {}, double tensor_scale = 1);

// Rounds a row-major tensor; `out` may be `in`. Blocks run along the axis (axis<K>, else `channel_axis`; a negative axis counts
// from the last), the last block of a row may be shorter; @channel takes one scale for each index of the axis. The random word
// of element i is random_bits(seed, stream, i). Element formats are taken too: each value is rounded by itself.
// Requires a shape of in.size() elements and an axis within it (where the format uses one).
void round_tensor(const Format& format, std::span<const double> in, std::span<double> out,
                  std::span<const std::int64_t> shape, int channel_axis, std::uint64_t seed = 0, std::uint64_t stream = 0);

// Number of the group that each element of the tensor belongs to, as round_tensor forms them. Requires a group format.
std::vector<std::int32_t> groups_of(const Format& format, std::span<const std::int64_t> shape, int channel_axis);

// Proved, outward and monotone: |rounded - x| <= max_group_rounding_error(format, m) and |rounded| <= max_group_value(format, m)
// for every element x of every group whose finite values all have magnitude at most m (nvfp4: of every tensor). Saturation by a
// scale rule is included.
double max_group_rounding_error(const Format& format, double max_abs);
double max_group_value(const Format& format, double max_abs);

// Mean storage of a value: width_bits and its part of the block's scale. A scale a tensor or a channel counts nothing.
double bits_per_value(const Format& format);

}  // namespace halfulp
