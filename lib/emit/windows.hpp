// Widths of the integers that the emitted code adds in: wide enough that the only roundings are those of the schedule.
#pragma once

#include <optional>
#include <vector>

#include "extent.hpp"
#include "network.hpp"

namespace halfulp::emit_detail {

struct Window {
  int lsb = 0;
  int bits = 1;  // two's complement
};

// Holds every multiple of 2^lsb up to 2^top in magnitude, with the sign.
Window window_of(int lsb, int top);

// Constants of a Linear node in the formats they are stored in.
struct LinearConstants {
  Format weight_format;
  std::vector<double> weight;              // rounded values
  std::optional<Format> bias_format;       // absent: no bias
  std::vector<double> bias;
};
LinearConstants linear_constants(const Network& network, NodeId id);

struct LinearWidths {
  Window window;           // of the running sum
  int sum_top = 0;         // |every partial sum| <= 2^sum_top
  int quotient_guard = 0;  // bits below the window's lsb that a division by the divisor keeps
  int quotient_bits = 0;
};
bool divides(const LinearMap& map);  // some divisor is not 1
LinearWidths linear_widths(const Network& network, NodeId id);

// Of the exact sum or difference of a value of each.
Window sum_window(const Extent& a, const Extent& b);

}  // namespace halfulp::emit_detail
