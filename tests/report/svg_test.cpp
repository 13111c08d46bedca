#include "halfulp/report/svg.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <regex>

namespace halfulp {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// Tags close in the order in which they opened, and no bare & or < is left in text.
::testing::AssertionResult is_well_formed(const std::string& svg) {
  std::vector<std::string> open;
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at)) {
    const std::size_t end = svg.find('>', at);
    if (end == std::string::npos) return ::testing::AssertionFailure() << "open tag at " << at;
    const std::string tag = svg.substr(at + 1, end - at - 1);
    at = end;
    if (tag.ends_with('/')) continue;
    if (!tag.starts_with('/')) {
      open.push_back(tag.substr(0, tag.find(' ')));
      continue;
    }
    if (open.empty() || open.back() != tag.substr(1)) return ::testing::AssertionFailure() << "unexpected <" << tag << ">";
    open.pop_back();
  }
  if (!open.empty()) return ::testing::AssertionFailure() << "<" << open.back() << "> is not closed";
  if (std::regex_search(svg, std::regex("&(?!amp;|lt;|gt;|quot;)"))) return ::testing::AssertionFailure() << "a bare &";
  return ::testing::AssertionSuccess();
}

Chart chart_of(std::vector<ChartPoint> points, Scale x = Scale::kLinear, Scale y = Scale::kLinear) {
  return {.title = "t", .x = {.label = "x", .scale = x}, .y = {.label = "y", .scale = y}, .series = {{.name = "s", .points = std::move(points)}}};
}

// The corners of the only polyline.
std::vector<std::pair<double, double>> corners(const std::string& svg) {
  std::smatch match;
  EXPECT_TRUE(std::regex_search(svg, match, std::regex("<polyline points=\"([^\"]*)\"")));
  const std::string text = match[1];
  std::vector<std::pair<double, double>> result;
  static const std::regex kPair("([-0-9.]+),([-0-9.]+)");
  for (std::sregex_iterator pair(text.begin(), text.end(), kPair), end; pair != end; ++pair) {
    result.emplace_back(std::stod((*pair)[1]), std::stod((*pair)[2]));
  }
  return result;
}

TEST(Svg, TicksAreRoundAndCoverTheRange) {
  EXPECT_EQ(axis_ticks(Scale::kLinear, 4, 16), (std::vector<double>{4, 6, 8, 10, 12, 14, 16}));
  EXPECT_EQ(axis_ticks(Scale::kLinear, -0.3, 0.3), (std::vector<double>{-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3}));
  EXPECT_EQ(axis_ticks(Scale::kLog, 0.02, 30), (std::vector<double>{0.01, 0.1, 1, 10, 100}));
  EXPECT_EQ(axis_ticks(Scale::kLog, 3, 40), (std::vector<double>{2, 5, 10, 20, 50}));
  double low = 1e-9, width = 3e-7;
  for (int i = 0; i < 300; ++i) {
    for (const Scale scale : {Scale::kLinear, Scale::kLog}) {
      const auto ticks = axis_ticks(scale, low, low + width);
      ASSERT_GE(ticks.size(), 2u);
      ASSERT_LE(ticks.front(), low);
      ASSERT_GE(ticks.back(), low + width);
      ASSERT_GT(ticks[1], low) << "a superfluous first tick";
      ASSERT_LT(ticks[ticks.size() - 2], low + width) << "a superfluous last tick";
    }
    low *= 1.07;
    width *= 1.11;
  }
}

TEST(Svg, ScalesPlacePoints) {
  const auto linear = corners(render_svg({chart_of({{0, 0}, {1, 5}, {4, 10}})}));
  ASSERT_EQ(linear.size(), 3u);
  EXPECT_NEAR((linear[1].first - linear[0].first) / (linear[2].first - linear[0].first), 0.25, 1e-3);
  EXPECT_NEAR((linear[1].second - linear[0].second) / (linear[2].second - linear[0].second), 0.5, 1e-3);
  EXPECT_LT(linear[2].second, linear[0].second) << "y grows upwards";
  const auto log = corners(render_svg({chart_of({{1, 1e-4}, {10, 1e-3}, {1000, 1}}, Scale::kLog, Scale::kLog)}));
  ASSERT_EQ(log.size(), 3u);
  EXPECT_NEAR((log[1].first - log[0].first) / (log[2].first - log[0].first), 1.0 / 3, 1e-3);
  EXPECT_NEAR((log[1].second - log[0].second) / (log[2].second - log[0].second), 0.25, 1e-3);
}

TEST(Svg, LeavesOutWhatHasNoPlace) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const std::string svg =
      render_svg({chart_of({{1, 1}, {2, 2}, {3, 0}, {4, 4}, {5, nan}, {6, 6}, {7, 7}, {8, infinity}}, Scale::kLinear, Scale::kLog)});
  EXPECT_TRUE(is_well_formed(svg)) << svg;
  EXPECT_EQ(count(svg, "<polyline"), 2u) << "1-2 and 6-7; 4 stands alone";
  EXPECT_EQ(count(svg, "<circle"), 5u + 1u) << "five points and the legend";
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(Svg, SurvivesEmptyAndConstantData) {
  for (const auto& points : std::vector<std::vector<ChartPoint>>{{}, {{3, 3}}, {{0, 0}, {0, 0}}, {{-1, -1}}}) {
    for (const Scale scale : {Scale::kLinear, Scale::kLog}) {
      const std::string svg = render_svg({chart_of(points, scale, scale)});
      EXPECT_TRUE(is_well_formed(svg)) << svg;
      EXPECT_EQ(svg.find("nan"), std::string::npos);
    }
  }
  EXPECT_TRUE(is_well_formed(render_svg({})));
}

TEST(Svg, EscapesText) {
  Chart chart = chart_of({{1, 1, "<8,3> & \"more\""}});
  chart.series[0].name = "fixed<8,3>";
  chart.title = "a & b";
  const std::string svg = render_svg({chart});
  EXPECT_TRUE(is_well_formed(svg)) << svg;
  EXPECT_NE(svg.find("<title>&lt;8,3&gt; &amp; &quot;more&quot;</title>"), std::string::npos);
  EXPECT_NE(svg.find(">fixed&lt;8,3&gt;</text>"), std::string::npos);
}

TEST(Svg, EqualNamesShareLookAndLegend) {
  Chart a = chart_of({{1, 1}, {2, 2}}), b = chart_of({{1, 1}, {2, 2}});
  b.series.insert(b.series.begin(), {.name = "other", .points = {{1, 2}, {2, 1}}});
  const std::string svg = render_svg({a, b});
  EXPECT_EQ(count(svg, ">s</text>"), 1u);
  EXPECT_EQ(count(svg, ">other</text>"), 1u);
  EXPECT_EQ(count(svg, "<polyline"), 3u);
  EXPECT_EQ(count(svg, "fill=\"none\" stroke=\"#0072b2\""), 2u) << "series s in both panels";
}

TEST(Svg, KeepsToAGivenRange) {
  Chart chart = chart_of({{0, 0}, {5, 5}, {10, 10}});
  chart.x.low = 2;
  chart.x.high = 8;
  const std::string svg = render_svg({chart});
  EXPECT_EQ(count(svg, "<circle"), 1u + 1u);
}

}  // namespace
}  // namespace halfulp
