// Rounding whole arrays to a format, as fast as memory delivers them.
//
// out[i] = round_to(format, in[i], random_bits(seed, stream, first_element + i)), converted to the type of `out`: exact where
// the values of the format are values of that type, nearest-even otherwise. The result is bit for bit that of round_to, for every
// input, every processor and every number of threads; NaN becomes the positive quiet NaN with an empty payload.
//
// Formats with a vector kernel run at memory speed (Google Highway picks the widest instructions of the machine at run time);
// others take the scalar path with the same results.
#pragma once

#include <cstdint>
#include <span>

#include "halfulp/formats/format.hpp"

namespace halfulp {

// Requires an element format with fits_double(format), and spans of one length. `out` may be the same span as `in`, but not overlap it otherwise.
// `threads` shares the work among that many; 0 means as many as the machine has.
void quantize(const Format& format, std::span<const float> in, std::span<float> out, std::uint64_t seed = 0,
              std::uint64_t stream = 0, int threads = 1, std::uint64_t first_element = 0);
void quantize(const Format& format, std::span<const double> in, std::span<double> out, std::uint64_t seed = 0,
              std::uint64_t stream = 0, int threads = 1, std::uint64_t first_element = 0);

// round_tensor (halfulp/formats/group.hpp) likewise: group formats are rounded with the scales of their groups, chosen from `in`.
// float32 values are rounded as the doubles they are, and results converted as above. Element formats: quantize.
// Requires a shape of in.size() elements and an axis within it (where the format uses one); `out` may be `in`.
void quantize_tensor(const Format& format, std::span<const float> in, std::span<float> out, std::span<const std::int64_t> shape,
                     int channel_axis, std::uint64_t seed = 0, std::uint64_t stream = 0, int threads = 1);
void quantize_tensor(const Format& format, std::span<const double> in, std::span<double> out, std::span<const std::int64_t> shape,
                     int channel_axis, std::uint64_t seed = 0, std::uint64_t stream = 0, int threads = 1);

// Whether quantize has a vector kernel for the format and that source type.
bool has_vector_kernel(const Format& format, bool single_precision);

}  // namespace halfulp
