// The random words that one step of a panel needs: those of addition (or product) `step` of every output.
#pragma once

#include <cstdint>
#include <vector>

#include "matrices.hpp"

namespace halfulp::sim {

// Element e of the result draws word e * per_element + step of the stream.
struct DrawStream {
  std::uint64_t seed = 0, stream = 0, per_element = 0;
};

class PanelDraws {
 public:
  explicit PanelDraws(const DrawStream& stream) : stream_(stream) {}

  // From here on for rows [i, i + rows) and columns [j, j + count).
  void move_to(const Matrices& m, std::size_t i, std::size_t rows, std::size_t j, std::size_t count);
  // rows x count words; valid until the next call.
  const std::uint32_t* at(std::uint64_t step);

 private:
  void fill(std::uint64_t block);
  void fill_row(std::size_t r, std::uint64_t first, std::uint64_t stride);

  DrawStream stream_;
  const Matrices* matrices_ = nullptr;
  std::size_t i_ = 0, rows_ = 0, j_ = 0, count_ = 0;
  std::uint64_t block_ = 0;
  bool is_filled_ = false;
  std::vector<std::uint32_t> words_;  // four steps, one after another
};

}  // namespace halfulp::sim
