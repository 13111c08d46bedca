// Rounding of real numbers to formats, correct for every input.
//
// For a deterministic mode the result is the value of the format that the mode selects for the exact argument; overflow and
// underflow are decided on the exact argument as IEEE 754-2019 clauses 4.3 and 7.4 do (overflow when the result rounded with
// unbounded exponent exceeds the largest finite number). Stochastic<k>: with lower neighbour d, upper neighbour u and
// f = floor((x-d)/(u-d) * 2^k), the result is u if random mod 2^k < f... rounding up with probability f/2^k.
// Families rounded on their encoding: see format.hpp. Beyond the largest posit or takum every mode overflows.
// Infinities saturate, stay infinite with overflow = infinity where the format has them, and give NaN otherwise.
// NaN in gives NaN (formats without NaN: quiet NaN of double is kept and must be reported by the caller).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "halfulp/formats/exact.hpp"
#include "halfulp/formats/format.hpp"

namespace halfulp {

// None of these takes a group format.
// Requires fits_double(format). `random` is used by stochastic rounding only. An exact result equals x.
double round_to(const Format& format, double x, std::uint32_t random = 0);
// In bulk, `out` may be the same span as `in`; stream key (seed, stream) and element index give the random bits.
void round_to(const Format& format, std::span<const double> in, std::span<double> out, std::uint64_t seed = 0,
              std::uint64_t stream = 0);
// The general forms, for any format of up to 128 bits.
Expansion round_exact(const Format& format, const LongAccumulator& x, std::uint32_t random = 0);
// Rounds x / n, correctly (one rounding of the exact quotient).
Expansion round_quotient(const Format& format, const LongAccumulator& x, std::uint64_t n, std::uint32_t random = 0);
// Overflow of the exact argument under the format (before saturation): used for reports and tests. Stochastic: for some draw.
bool overflows(const Format& format, const LongAccumulator& x);

// The value of a code, and the code of a value of the format (nullopt if x is not one). Requires fits_double(format).
double decode(const Format& format, std::uint64_t code);
std::optional<std::uint64_t> encode(const Format& format, double x);

// |round_to(x) - x| <= max_rounding_error(format, magnitude) for all |x| <= magnitude that do not overflow. Outward (a double
// rounded up). Float nearest: half an ulp of the binade of `magnitude`; directed and stochastic: one ulp.
double max_rounding_error(const Format& format, double magnitude);

// Random bits of element `index` of stream `stream` under `seed`: ARS-4x32-7 (Salmon et al., SC 2011), word index mod 4 of block
// floor(index / 4); the block number is the low half of the counter, the stream the high half, the seed the low half of the key.
std::uint32_t random_bits(std::uint64_t seed, std::uint64_t stream, std::uint64_t index);

}  // namespace halfulp
