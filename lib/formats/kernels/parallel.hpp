// A range shared among threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace halfulp::kernels {

inline constexpr std::size_t kFewest = std::size_t{1} << 14;  // elements worth a thread

// use(begin, end) for parts of 0 .. count - 1 that start at multiples of `granule`; each unit of the range has `weight` elements.
// threads = 0: as many as the machine has.
template <typename Use>
void share(int threads, std::size_t count, std::size_t granule, std::size_t weight, const Use& use) {
  const std::size_t wanted = threads > 0 ? static_cast<std::size_t>(threads) : std::max(1u, std::thread::hardware_concurrency());
  const std::size_t parts = std::clamp<std::size_t>(count * weight / kFewest, 1, wanted);
  const std::size_t share = (count / parts + granule) / granule * granule;
  const auto part = [&](std::size_t i) { use(std::min(count, i * share), std::min(count, (i + 1) * share)); };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < parts; ++i) others.emplace_back(part, i);
  part(0);
}

}  // namespace halfulp::kernels
