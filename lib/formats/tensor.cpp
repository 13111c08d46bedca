// The groups of a tensor. Seen along one axis, a row-major tensor is outer x extent x inner.
#include <algorithm>
#include <vector>

#include "halfulp/formats/group.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

struct View {
  std::size_t outer = 1, extent = 1, inner = 1;
};

View view_of(std::span<const std::int64_t> shape, int axis) {
  const int rank = static_cast<int>(shape.size());
  const int place = axis < 0 ? axis + rank : axis;
  HALFULP_ASSERT(place >= 0 && place < rank);
  View view;
  for (int i = 0; i < rank; ++i) {
    std::size_t& size = i < place ? view.outer : i > place ? view.inner : view.extent;
    size *= static_cast<std::size_t>(shape[i]);
  }
  return view;
}

class TensorRounding {
 public:
  TensorRounding(const Format& format, std::span<const double> in, std::span<double> out,
                 std::uint64_t seed, std::uint64_t stream)
      : format_(format),
        in_(in),
        out_(out),
        seed_(seed),
        stream_(stream),
        tensor_scale_(choose_tensor_scale(format, extent_of(in))) {}

  // Rounds the elements whose places are in `places` as one group and clears them.
  void round_places() {
    const bool draws = format_.rounding == RoundingMode::kStochastic;
    values_.clear();
    random_.clear();
    for (const std::size_t i : places) {
      values_.push_back(in_[i]);
      if (draws) random_.push_back(random_bits(seed_, stream_, i));
    }
    round_group(format_, values_, values_, random_, tensor_scale_);
    for (std::size_t k = 0; k < places.size(); ++k) out_[places[k]] = values_[k];
    places.clear();
  }

  std::vector<std::size_t> places;

 private:
  const Format& format_;
  std::span<const double> in_;
  std::span<double> out_;
  std::uint64_t seed_, stream_;
  double tensor_scale_;
  std::vector<double> values_;
  std::vector<std::uint32_t> random_;
};

void round_blocks(TensorRounding& rounding, const View& view, std::size_t block) {
  for (std::size_t row = 0; row < view.outer * view.inner; ++row) {
    const std::size_t base = row / view.inner * view.extent * view.inner + row % view.inner;
    for (std::size_t k = 0; k < view.extent; ++k) {
      rounding.places.push_back(base + k * view.inner);
      if (rounding.places.size() == block || k + 1 == view.extent) rounding.round_places();
    }
  }
}

void round_channels(TensorRounding& rounding, const View& view) {
  for (std::size_t channel = 0; channel < view.extent; ++channel) {
    for (std::size_t o = 0; o < view.outer; ++o) {
      const std::size_t base = (o * view.extent + channel) * view.inner;
      for (std::size_t i = 0; i < view.inner; ++i) rounding.places.push_back(base + i);
    }
    rounding.round_places();
  }
}

}  // namespace

void round_tensor(const Format& format, std::span<const double> in, std::span<double> out,
                  std::span<const std::int64_t> shape, int channel_axis, std::uint64_t seed,
                  std::uint64_t stream) {
  HALFULP_ASSERT(in.size() == out.size());
  if (!is_grouped(format)) return round_to(format, in, out, seed, stream);
  if (in.empty()) return;
  TensorRounding rounding(format, in, out, seed, stream);
  const int axis = format.axis.value_or(channel_axis);
  if (format.block_size > 0) {
    round_blocks(rounding, view_of(shape, axis), static_cast<std::size_t>(format.block_size));
  } else if (format.per_channel) {
    round_channels(rounding, view_of(shape, axis));
  } else {
    for (std::size_t i = 0; i < in.size(); ++i) rounding.places.push_back(i);
    rounding.round_places();
  }
}

}  // namespace halfulp
