#include "panel_draws.hpp"

#include "../../formats/kernels/ars.hpp"
#include "../../formats/kernels/gemm_panel.hpp"

namespace halfulp::sim {

using kernels::kArsWords;

void PanelDraws::move_to(const Matrices& m, std::size_t i, std::size_t rows, std::size_t j, std::size_t count) {
  matrices_ = &m;
  i_ = i;
  rows_ = rows;
  j_ = j;
  count_ = count;
  is_filled_ = false;
  words_.resize(kArsWords * rows * count);
}

const std::uint32_t* PanelDraws::at(std::uint64_t step) {
  const std::uint64_t block = step / kArsWords;
  if (!is_filled_ || block != block_) fill(block);
  return words_.data() + step % kArsWords * rows_ * count_;
}

void PanelDraws::fill(std::uint64_t block) {
  block_ = block;
  is_filled_ = true;
  const std::uint64_t stride = matrices_->element_column * stream_.per_element;
  for (std::size_t r = 0; r < rows_; ++r) {
    const std::uint64_t first = matrices_->element_of(i_ + r, j_) * stream_.per_element + block * kArsWords;
    if (first % kArsWords == 0 && stride % kArsWords == 0) {
      kernels::fill_strided_draws({stream_.seed, stream_.stream, first, stride, count_, rows_ * count_, words_.data() + r * count_});
    } else {
      fill_row(r, first, stride);
    }
  }
}

void PanelDraws::fill_row(std::size_t r, std::uint64_t first, std::uint64_t stride) {
  for (std::size_t j = 0; j < count_; ++j) {
    const std::uint64_t index = first + j * stride;
    const auto words = kernels::ars_block(stream_.seed, stream_.stream, index / kArsWords);
    const auto more = index % kArsWords == 0 ? words : kernels::ars_block(stream_.seed, stream_.stream, index / kArsWords + 1);
    for (std::size_t t = 0; t < kArsWords; ++t) {
      const std::size_t word = index % kArsWords + t;
      words_[t * rows_ * count_ + r * count_ + j] = word < kArsWords ? words[word] : more[word - kArsWords];
    }
  }
}

}  // namespace halfulp::sim
