#include "exp2.hpp"

namespace halfulp {
namespace {

using Wide = unsigned __int128;

struct Root {
  std::uint64_t high, low;
};

// 2^(2^-i), i = 1..32, in units of 2^-127, rounded down.
constexpr Root kRoots[] = {
    {0xb504f333f9de6484, 0x597d89b3754abe9f}, {0x9837f0518db8a96f, 0x46ad23182e42f6f6},
    {0x8b95c1e3ea8bd6e6, 0xfbe4628758a53c90}, {0x85aac367cc487b14, 0xc5c95b8c2154c1b2},
    {0x82cd8698ac2ba1d7, 0x3e2a475b46520bff}, {0x8164d1f3bc030773, 0x7be56527bd14def4},
    {0x80b1ed4fd999ab6c, 0x25335719b6e6fd20}, {0x8058d7d2d5e5f6b0, 0x94d589f608ee4aa2},
    {0x802c6436d0e04f50, 0xff8ce94a6797b3ce}, {0x8016302f17467628, 0x3690dfe44d11d008},
    {0x800b179c82028fd0, 0x945e54e2ae18f2f0}, {0x80058baf7fee3b5d, 0x1c718b38e549cb93},
    {0x8002c5d00fdcfcb6, 0xb6566a58c048be1f}, {0x800162e61bed4a48, 0xe84c2e1a463473d9},
    {0x8000b17292f702a3, 0xaa22beacca949013}, {0x800058b92abbae02, 0x030c5fa5256f41fe},
    {0x80002c5c8dade4d7, 0x1776c0f4dbea67d6}, {0x8000162e44eaf636, 0x526be456600bdbe4},
    {0x80000b1721fa7c18, 0x8307016c1cd4e8b6}, {0x8000058b90de7e4c, 0xecfc487503488bb1},
    {0x800002c5c8678f36, 0xcbfce50a6de60b14}, {0x80000162e431db9f, 0x80b2347b5d62e516},
    {0x800000b1721872d0, 0xc7b08cf1e0114152}, {0x80000058b90c1aa8, 0xa5c3736cb77e8dff},
    {0x8000002c5c8605a4, 0x635f2efc2362d978}, {0x800000162e4300e6, 0x35cf4a109e3939bd},
    {0x8000000b17217ff8, 0x1bef9c551590cf83}, {0x800000058b90bfdd, 0x4e39cd52c0cfa27c},
    {0x80000002c5c85fe6, 0xf72d669e0e76e411}, {0x8000000162e42ff1, 0x8f9ad35186d0df28},
    {0x80000000b17217f8, 0x4cce71aa0dcfffe7}, {0x8000000058b90bfc, 0x07a77ad56ed22aaa},
};

// floor(a b / 2^127), a and b in [2^127, 2^128) with a product below 2^255.
Wide multiply(Wide a, Wide b) {
  const Wide ah = a >> 64, al = static_cast<std::uint64_t>(a);
  const Wide bh = b >> 64, bl = static_cast<std::uint64_t>(b);
  const Wide middle =
      (al * bl >> 64) + static_cast<std::uint64_t>(ah * bl) + static_cast<std::uint64_t>(al * bh);
  const Wide high = ah * bh + (ah * bl >> 64) + (al * bh >> 64) + (middle >> 64);
  return high << 1 | static_cast<std::uint64_t>(middle) >> 63;
}

}  // namespace

// Each of at most 32 factors is short by less than a unit and each product by less than another;
// the factors after it enlarge that by less than two over the product so far: 4 units a factor.
Wide power_of_two_fraction(std::uint64_t j, int bits) {
  Wide result = Wide{1} << 127;
  for (int i = 1; i <= bits; ++i) {
    if ((j >> (bits - i) & 1) == 0) continue;
    const Root& root = kRoots[i - 1];
    result = multiply(result, Wide{root.high} << 64 | root.low);
  }
  return result;
}

}  // namespace halfulp
