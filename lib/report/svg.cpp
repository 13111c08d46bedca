#include "halfulp/report/svg.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "halfulp/support/assert.hpp"
#include "halfulp/support/text.hpp"
#include "svg_axis.hpp"
#include "svg_canvas.hpp"

namespace halfulp {
namespace {

using svg::Anchor;
using svg::AxisMap;
using svg::Canvas;
using svg::Marker;
using svg::Position;

// Okabe and Ito without yellow, which is too light for lines.
constexpr std::array<const char*, 7> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};
constexpr const char* kGridColour = "#e2e2e2";
constexpr double kLeft = 64, kRight = 20, kTop = 34, kBottom = 48;  // around the plotted area of a panel
constexpr double kLegendLine = 18, kLegendTop = 8, kLegendColumn = 200;

struct Look {
  std::string colour;
  Marker marker;
};

Look look_of(std::size_t index) {
  return {kColours[index % kColours.size()], static_cast<Marker>(index % svg::kMarkerCount)};
}

// Names of series in the order of their first appearance; the position is the look.
std::vector<std::string> names_of(const std::vector<Chart>& charts) {
  std::vector<std::string> names;
  for (const Chart& chart : charts) {
    for (const Series& series : chart.series) {
      if (std::find(names.begin(), names.end(), series.name) == names.end()) names.push_back(series.name);
    }
  }
  return names;
}

std::vector<double> coordinates(const Chart& chart, double ChartPoint::*which) {
  std::vector<double> values;
  for (const Series& series : chart.series) {
    for (const ChartPoint& point : series.points) values.push_back(point.*which);
  }
  return values;
}

class Panel {
 public:
  Panel(Canvas& canvas, const Chart& chart, Position corner, const SvgOptions& options)
      : canvas_(canvas),
        chart_(chart),
        x_(chart.x, coordinates(chart, &ChartPoint::x)),
        y_(chart.y, coordinates(chart, &ChartPoint::y)),
        left_(corner.first + kLeft),
        right_(corner.first + options.panel_width - kRight),
        top_(corner.second + kTop),
        bottom_(corner.second + options.panel_height - kBottom) {}

  void draw(const std::vector<std::string>& names) {
    canvas_.text({(left_ + right_) / 2, top_ - 14}, chart_.title, {.anchor = Anchor::kMiddle, .size = 14, .bold = true});
    grid();
    for (const Series& series : chart_.series) {
      const auto at = std::find(names.begin(), names.end(), series.name) - names.begin();
      draw(series, look_of(static_cast<std::size_t>(at)));
    }
  }

 private:
  Position place(double x, double y) const {
    return {left_ + x_.share(x) * (right_ - left_), bottom_ - y_.share(y) * (bottom_ - top_)};
  }
  bool has_place(const ChartPoint& point) const {
    const auto inside = [](double share) { return share >= -1e-9 && share <= 1 + 1e-9; };
    return x_.has_place(point.x) && y_.has_place(point.y) && inside(x_.share(point.x)) && inside(y_.share(point.y));
  }

  void grid() {
    for (const double tick : x_.ticks()) {
      const double x = left_ + x_.share(tick) * (right_ - left_);
      canvas_.line({x, top_}, {x, bottom_}, {.colour = kGridColour});
      canvas_.text({x, bottom_ + 16}, svg::tick_text(tick), {.anchor = Anchor::kMiddle, .size = 11});
    }
    for (const double tick : y_.ticks()) {
      const double y = bottom_ - y_.share(tick) * (bottom_ - top_);
      canvas_.line({left_, y}, {right_, y}, {.colour = kGridColour});
      canvas_.text({left_ - 6, y + 4}, svg::tick_text(tick), {.anchor = Anchor::kEnd, .size = 11});
    }
    canvas_.line({left_, bottom_}, {right_, bottom_}, {});
    canvas_.line({left_, top_}, {left_, bottom_}, {});
    canvas_.text({(left_ + right_) / 2, bottom_ + 36}, chart_.x.label, {.anchor = Anchor::kMiddle});
    canvas_.text({left_ - 48, (top_ + bottom_) / 2}, chart_.y.label, {.anchor = Anchor::kMiddle, .upward = true});
  }

  void draw(const Series& series, const Look& look) {
    std::vector<Position> run;
    const auto end_line = [&] {
      if (run.size() > 1) canvas_.polyline(run, {.colour = look.colour, .width = 1.5});
      run.clear();
    };
    for (const ChartPoint& point : series.points) {
      if (has_place(point)) run.push_back(place(point.x, point.y));
      if (!has_place(point) || !series.line) end_line();
    }
    end_line();
    if (!series.markers) return;
    for (const ChartPoint& point : series.points) {
      if (has_place(point)) canvas_.marker(look.marker, place(point.x, point.y), look.colour, point.hint);
    }
  }

  Canvas& canvas_;
  const Chart& chart_;
  AxisMap x_, y_;
  double left_, right_, top_, bottom_;
};

// Entries row by row, as many in a row as fit; the height they take.
double draw_legend(Canvas& canvas, const std::vector<std::string>& names, double top, double width) {
  const std::size_t columns = std::max<std::size_t>(1, static_cast<std::size_t>((width - kLeft) / kLegendColumn));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Look look = look_of(i);
    const double x = kLeft + static_cast<double>(i % columns) * kLegendColumn;
    const double y = top + kLegendTop + static_cast<double>(i / columns) * kLegendLine;
    canvas.line({x, y}, {x + 22, y}, {.colour = look.colour, .width = 1.5});
    canvas.marker(look.marker, {x + 11, y}, look.colour);
    canvas.text({x + 28, y + 4}, names[i], {});
  }
  const auto rows = static_cast<double>((names.size() + columns - 1) / columns);
  return kLegendTop + rows * kLegendLine;
}

}  // namespace

std::string render_svg(const std::vector<Chart>& charts, const SvgOptions& options) {
  HALFULP_ASSERT(options.columns > 0);
  Canvas canvas;
  const std::vector<std::string> names = names_of(charts);
  const std::size_t columns = std::clamp<std::size_t>(charts.size(), 1, static_cast<std::size_t>(options.columns));
  const std::size_t rows = (charts.size() + columns - 1) / columns;
  for (std::size_t i = 0; i < charts.size(); ++i) {
    const Position corner = {options.panel_width * static_cast<double>(i % columns), options.panel_height * static_cast<double>(i / columns)};
    Panel(canvas, charts[i], corner, options).draw(names);
  }
  const double width = options.panel_width * static_cast<double>(columns), height = options.panel_height * static_cast<double>(rows);
  return canvas.document(width, height + (names.empty() ? 0 : draw_legend(canvas, names, height, width)));
}

Result<void> write_svg(const std::vector<Chart>& charts, const std::string& path, const SvgOptions& options) {
  return write_file_atomic(path, render_svg(charts, options));
}

}  // namespace halfulp
