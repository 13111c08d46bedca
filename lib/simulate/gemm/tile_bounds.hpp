// Bounds of the sums of magnitudes in a tile, which exclude overflows and sums too large for the steps.
#pragma once

#include <optional>
#include <vector>

#include "halfulp/formats/format.hpp"

namespace halfulp::sim {

class TileBounds {
 public:
  struct Facts {
    std::optional<Format> product, sum;
    double limit = 0;            // below which sums are rounded right
    std::size_t depth = 0;
    double start = 0, row = 0, column = 0;  // largest magnitudes of what sums start from, and of both operands
  };
  TileBounds() = default;  // proves everything
  explicit TileBounds(const Facts& facts);

  // Tiles of rows in order, and the tile of columns at hand; packed, depth x group.
  template <typename T>
  void see_rows(const T* packed, std::size_t depth, std::size_t group) {
    if (!proves_all_) rows_.push_back(extent_of(packed, depth, group));
  }
  template <typename T>
  void see_columns(const T* packed, std::size_t depth, std::size_t group) {
    if (!proves_all_) column_ = extent_of(packed, depth, group);
  }
  bool prove(std::size_t row_tile) const;

 private:
  struct Extent {
    double largest = 0, sum = 0;  // over the dot products of the tile: magnitudes, and their sums
  };
  template <typename T>
  static Extent extent_of(const T* packed, std::size_t depth, std::size_t group);
  bool prove(const Extent& a, const Extent& b) const;
  bool fits(const Format& format, double bound) const;

  bool proves_all_ = true;
  Facts facts_;
  std::vector<Extent> rows_;
  Extent column_;
};

}  // namespace halfulp::sim
