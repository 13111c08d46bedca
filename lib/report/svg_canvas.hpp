// Shapes of an SVG document. Coordinates in user units, y downwards; text is escaped.
#pragma once

#include <span>
#include <string>
#include <utility>

namespace halfulp::svg {

using Position = std::pair<double, double>;

struct Stroke {
  std::string colour = "#333";
  double width = 1;
  std::string dashes = {};  // as stroke-dasharray
};

enum class Anchor { kStart, kMiddle, kEnd };

struct TextStyle {
  Anchor anchor = Anchor::kStart;
  double size = 12;
  bool bold = false;
  bool upward = false;  // turned by 90 degrees, reading upwards
  std::string colour = "#333";
};

enum class Marker { kCircle, kSquare, kDiamond, kTriangle, kCross, kRing };
inline constexpr int kMarkerCount = 6;

class Canvas {
 public:
  void line(Position from, Position to, const Stroke& stroke);
  void polyline(std::span<const Position> points, const Stroke& stroke);
  void rectangle(Position corner, double width, double height, const std::string& fill);
  void text(Position at, const std::string& text, const TextStyle& style);
  void marker(Marker marker, Position at, const std::string& colour, const std::string& hint = {});
  // The document so far, with a white background of that size.
  std::string document(double width, double height) const;

 private:
  std::string body_;
};

std::string escaped(const std::string& text);

}  // namespace halfulp::svg
