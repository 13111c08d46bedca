// Charts as SVG 1.1 text: points and lines over linear or logarithmic axes, several panels in a grid, one legend.
//
// The text depends on the numbers alone (no clock, no fonts measured, coordinates rounded to 1/100 of a unit), so that a chart
// can be compared byte by byte. Colours are those of Okabe and Ito ("Color universal design", 2008), which stay apart for the
// colour-blind; every series has its own marker too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

enum class Scale { kLinear, kLog };  // kLog: base 10; only positive values have a place

struct ChartAxis {
  std::string label;              // quantity and unit
  Scale scale = Scale::kLinear;
  std::optional<double> low = {}, high = {};  // of the visible range; absent: from the data, widened to whole ticks
};

struct ChartPoint {
  double x = 0, y = 0;
  std::string hint = {};          // shown by a viewer when the pointer rests on the point
};

struct Series {
  std::string name;               // in the legend; equal names in several panels look alike and are listed once
  std::vector<ChartPoint> points; // drawn in this order
  bool line = true;               // joined by a line
  bool markers = true;
};

struct Chart {
  std::string title;
  ChartAxis x, y;
  std::vector<Series> series;
};

struct SvgOptions {
  double panel_width = 460, panel_height = 340;  // of one chart with its labels, in user units (pixels)
  int columns = 2;                               // panels in a row
};

// Points without a place are left out: NaN, infinities, zero and below on a logarithmic axis; a line ends before and starts
// again after them. A series in which nothing has a place keeps its legend entry.
std::string render_svg(const std::vector<Chart>& charts, const SvgOptions& options = {});
// Atomic. Errors: E0103.
Result<void> write_svg(const std::vector<Chart>& charts, const std::string& path, const SvgOptions& options = {});

// The ticks of an axis over [low, high] (low < high; both positive for kLog): multiples of 1, 2 or 5 times a power of ten, about
// `wanted` of them; on a logarithmic axis powers of ten, with 2 and 5 between where the range is under two decades. The first is
// at most `low` and the last at least `high`.
std::vector<double> axis_ticks(Scale scale, double low, double high, int wanted = 6);

}  // namespace halfulp
