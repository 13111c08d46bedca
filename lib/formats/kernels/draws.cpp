#include "draws.hpp"

#include <algorithm>

#include "ars.hpp"
#include "ars_wide.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/draws.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ars-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

ArsBlock one_block(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) { return ars_block_portable(seed, stream, block); }

void fill(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count) {
  for (std::size_t i = 0; i < count; i += kArsWords) {
    const ArsBlock words = ars_block_portable(seed, stream, (first + i) / kArsWords);
    std::copy(words.begin(), words.end(), out + i);
  }
}

#else

ArsBlock one_block(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) {
  using D8 = hn::FixedTag<std::uint8_t, 16>;
  ArsBlock words;
  hn::StoreU(hn::BitCast(hn::FixedTag<std::uint32_t, 4>(), ArsLanes<D8>(seed, stream).blocks(block)), hn::FixedTag<std::uint32_t, 4>(),
             words.data());
  return words;
}

void fill(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count) {
#if HWY_TARGET == HWY_AVX2
  if (has_wide_aes()) return fill_by_wide_aes(seed, stream, first, out, count);
#endif
  using D32 = hn::Repartition<std::uint32_t, WideBytes>;
  const ArsLanes<WideBytes> ars(seed, stream);
  const std::size_t words = hn::Lanes(D32());
  for (std::size_t i = 0; i < count; i += words) {
    hn::StoreU(hn::BitCast(D32(), ars.blocks((first + i) / kArsWords)), D32(), out + i);
  }
}

#endif

}  // namespace halfulp::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernels {

HWY_EXPORT(one_block);
HWY_EXPORT(fill);

ArsBlock ars_block(std::uint64_t seed, std::uint64_t stream, std::uint64_t block) {
  return HWY_DYNAMIC_DISPATCH(one_block)(seed, stream, block);
}

void fill_draws(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::uint32_t* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(fill)(seed, stream, first, out, count);
}

const std::uint32_t* stored_draws(const DrawKey& key, std::size_t count, std::uint32_t* buffer) {
  const std::size_t skipped = key.first % kDrawGroup;
  const std::size_t drawn = (skipped + count + 2 * kDrawGroup - 1) / kDrawGroup * kDrawGroup;
  fill_draws(key.seed, key.stream, key.first - skipped, buffer, drawn);
  return buffer + skipped;
}

}  // namespace halfulp::kernels
#endif
