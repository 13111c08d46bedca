#include <bit>

#include "ars.hpp"

namespace halfulp::kernels {
namespace {

using State = std::array<std::uint8_t, 16>;  // column by column (FIPS 197)

constexpr std::uint8_t doubled(std::uint8_t x) {
  return static_cast<std::uint8_t>((x << 1) ^ ((x & 0x80) != 0 ? 0x1B : 0));
}

// The S-box: the inverse in GF(2^8), as 3^-n for the argument 3^n, under an affine map of bits (FIPS 197, 5.1.1).
constexpr std::array<std::uint8_t, 256> make_s_box() {
  std::array<std::uint8_t, 256> box{};
  std::uint8_t power = 1, inverse = 1;
  do {
    power = static_cast<std::uint8_t>(power ^ doubled(power));
    inverse = static_cast<std::uint8_t>(inverse ^ (inverse << 1));
    inverse = static_cast<std::uint8_t>(inverse ^ (inverse << 2));
    inverse = static_cast<std::uint8_t>(inverse ^ (inverse << 4));
    if ((inverse & 0x80) != 0) inverse ^= 0x09;
    std::uint8_t mixed = 0x63;
    for (int turn = 0; turn < 5; ++turn) mixed ^= std::rotl(inverse, turn);
    box[power] = mixed;
  } while (power != 1);
  box[0] = 0x63;
  return box;
}

constexpr std::array<std::uint8_t, 256> kSBox = make_s_box();
static_assert(kSBox[0x53] == 0xED);

State substitute_and_shift(const State& in) {
  State out;
  for (std::size_t column = 0; column < 4; ++column) {
    for (std::size_t row = 0; row < 4; ++row) out[4 * column + row] = kSBox[in[4 * ((column + row) % 4) + row]];
  }
  return out;
}

State mix_columns(const State& in) {
  State out;
  for (std::size_t i = 0; i < 16; ++i) {
    const auto at = [&](std::size_t turn) { return in[i / 4 * 4 + (i + turn) % 4]; };
    out[i] = static_cast<std::uint8_t>(doubled(at(0)) ^ doubled(at(1)) ^ at(1) ^ at(2) ^ at(3));
  }
  return out;
}

void add_key(State& state, std::uint64_t low, std::uint64_t high) {
  for (std::size_t i = 0; i < 8; ++i) {
    state[i] ^= static_cast<std::uint8_t>(low >> (8 * i));
    state[8 + i] ^= static_cast<std::uint8_t>(high >> (8 * i));
  }
}

}  // namespace

ArsBlock ars_block_portable(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) {
  State state{};
  add_key(state, block, stream);
  std::uint64_t low = seed, high = 0;
  add_key(state, low, high);
  for (int round = 1; round <= kArsRounds; ++round) {
    low += kArsStepLow;
    high += kArsStepHigh;
    state = substitute_and_shift(state);
    if (round != kArsRounds) state = mix_columns(state);
    add_key(state, low, high);
  }
  ArsBlock words{};
  for (std::size_t i = 0; i < 16; ++i) words[i / 4] |= std::uint32_t{state[i]} << (8 * (i % 4));
  return words;
}

}  // namespace halfulp::kernels
