#include "values.hpp"

namespace halfulp::sim {

ValueView ValueView::part(std::size_t first, std::size_t count) const {
  ValueView result{{plane[0].subspan(first, count), {}, {}}};
  if (wide()) {
    result.plane[1] = plane[1].subspan(first, count);
    result.plane[2] = plane[2].subspan(first, count);
  }
  return result;
}

void Values::set(std::size_t i, const Expansion& x) {
  high_[i] = x.part[0];
  if (!wide()) {
    if (is_double(x)) return;
    middle_.resize(high_.size());
    low_.resize(high_.size());
  }
  middle_[i] = x.part[1];
  low_[i] = x.part[2];
}

Values Values::gather(std::span<const std::size_t> index) const {
  Values result(index.size());
  if (!wide()) {
    for (std::size_t i = 0; i < index.size(); ++i) result.high_[i] = high_[index[i]];
    return result;
  }
  for (std::size_t i = 0; i < index.size(); ++i) result.set(i, (*this)[index[i]]);
  return result;
}

int compare(const Expansion& x, const Expansion& y) {
  if ((is_double(x) && is_double(y)) || !is_finite(x) || !is_finite(y)) {
    return (x.part[0] > y.part[0]) - (x.part[0] < y.part[0]);
  }
  LongAccumulator difference;
  difference.clear();
  difference.add(x);
  for (const double part : y.part) difference.add(-part);
  return difference.sign();
}

}  // namespace halfulp::sim
