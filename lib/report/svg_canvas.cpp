#include "svg_canvas.hpp"

#include <fmt/format.h>

#include <cmath>

namespace halfulp::svg {
namespace {

constexpr double kMarkerRadius = 3.5;

// 1/100 of a unit, without trailing zeros or a negative zero.
std::string number(double x) {
  const double hundredths = std::round(x * 100);
  std::string text = fmt::format("{:.2f}", hundredths == 0 ? 0.0 : hundredths / 100);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string points_attribute(std::span<const Position> points) {
  std::string text;
  for (const auto& [x, y] : points) text += (text.empty() ? "" : " ") + number(x) + "," + number(y);
  return text;
}

std::string stroke_attributes(const Stroke& stroke) {
  const std::string dashes = stroke.dashes.empty() ? "" : fmt::format(" stroke-dasharray=\"{}\"", stroke.dashes);
  return fmt::format("stroke=\"{}\" stroke-width=\"{}\"{}", stroke.colour, number(stroke.width), dashes);
}

std::string polygon(std::initializer_list<Position> corners, Position at, const std::string& colour, const std::string& inside) {
  std::string points;
  for (const auto& [x, y] : corners) {
    points += (points.empty() ? "" : " ") + number(at.first + x * kMarkerRadius) + "," + number(at.second + y * kMarkerRadius);
  }
  return fmt::format("<polygon points=\"{}\" fill=\"{}\">{}</polygon>\n", points, colour, inside);
}

std::string circle(Position at, const std::string& paint, const std::string& inside) {
  return fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {}>{}</circle>\n", number(at.first), number(at.second),
                     number(kMarkerRadius), paint, inside);
}

std::string cross(Position at, const std::string& colour, const std::string& inside) {
  const double r = kMarkerRadius;
  return fmt::format("<path d=\"M{} {}L{} {}M{} {}L{} {}\" stroke=\"{}\" stroke-width=\"2\">{}</path>\n", number(at.first - r),
                     number(at.second - r), number(at.first + r), number(at.second + r), number(at.first - r),
                     number(at.second + r), number(at.first + r), number(at.second - r), colour, inside);
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

void Canvas::line(Position from, Position to, const Stroke& stroke) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", number(from.first), number(from.second),
                       number(to.first), number(to.second), stroke_attributes(stroke));
}

void Canvas::polyline(std::span<const Position> points, const Stroke& stroke) {
  body_ += fmt::format("<polyline points=\"{}\" fill=\"none\" {}/>\n", points_attribute(points), stroke_attributes(stroke));
}

void Canvas::rectangle(Position corner, double width, double height, const std::string& fill) {
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", number(corner.first),
                       number(corner.second), number(width), number(height), fill);
}

void Canvas::text(Position at, const std::string& text, const TextStyle& style) {
  const char* anchor = style.anchor == Anchor::kStart ? "start" : style.anchor == Anchor::kMiddle ? "middle" : "end";
  const std::string turn =
      style.upward ? fmt::format(" transform=\"rotate(-90 {} {})\"", number(at.first), number(at.second)) : "";
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"{}\" fill=\"{}\"{}{}>{}</text>\n", number(at.first),
                       number(at.second), anchor, number(style.size), style.colour, style.bold ? " font-weight=\"bold\"" : "",
                       turn, escaped(text));
}

void Canvas::marker(Marker marker, Position at, const std::string& colour, const std::string& hint) {
  const std::string inside = hint.empty() ? "" : "<title>" + escaped(hint) + "</title>";
  switch (marker) {
    case Marker::kCircle: body_ += circle(at, fmt::format("fill=\"{}\"", colour), inside); return;
    case Marker::kRing:
      body_ += circle(at, fmt::format("fill=\"white\" stroke=\"{}\" stroke-width=\"1.5\"", colour), inside);
      return;
    case Marker::kSquare: body_ += polygon({{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}}, at, colour, inside); return;
    case Marker::kDiamond: body_ += polygon({{0, -1.3}, {1.3, 0}, {0, 1.3}, {-1.3, 0}}, at, colour, inside); return;
    case Marker::kTriangle: body_ += polygon({{0, -1.2}, {1.1, 0.9}, {-1.1, 0.9}}, at, colour, inside); return;
    case Marker::kCross: body_ += cross(at, colour, inside); return;
  }
}

std::string Canvas::document(double width, double height) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"Helvetica, Arial, sans-serif\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n{2}</svg>\n",
      number(width), number(height), body_);
}

}  // namespace halfulp::svg
