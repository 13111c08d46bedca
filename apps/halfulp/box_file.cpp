#include <fmt/format.h>

#include <algorithm>

#include "halfulp/formats/round.hpp"
#include "halfulp/support/text.hpp"
#include "input_set.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

// "0.1,0.1": one number, not the interval that encloses it.
std::optional<DecimalPoint> single_decimal(const std::string& line) {
  std::string text;
  for (const char c : line) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '[' && c != ']') text += c;
  }
  const std::size_t comma = text.find(',');
  if (text.substr(0, comma) != text.substr(comma + 1)) return std::nullopt;
  const auto point = read_decimal(text.substr(0, comma));
  return point ? std::optional(*point) : std::nullopt;
}

}  // namespace

Result<BoxFile> read_box(const std::string& path, std::int64_t elements) {
  auto text = read_file(path);
  if (!text) return fail(text.error());
  BoxFile box;
  std::int64_t row = 0;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    const std::string line = text->substr(at, end - at);
    at = end + 1;
    ++row;
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '#') continue;
    auto interval = parse_interval(fmt::format("{}:{}", path, row), line);
    if (!interval) return fail(interval.error());
    box.intervals.push_back(*interval);
    box.decimals.push_back(single_decimal(line));
  }
  if (static_cast<std::int64_t>(box.intervals.size()) == elements) return box;
  return fail("E0105", fmt::format("the box has {} rows, the input has {} elements", box.intervals.size(), elements), path);
}

std::vector<std::vector<std::vector<double>>> sample_box(const InputBox& box, std::size_t count, std::uint64_t seed) {
  std::vector<std::vector<std::vector<double>>> samples(count);
  for (std::size_t s = 0; s < count; ++s) {
    std::uint64_t index = 0;
    for (const auto& input : box) {
      std::vector<double>& values = samples[s].emplace_back();
      for (const auto& interval : input) {
        const double share = random_bits(seed, s, index++) / 4294967295.0;
        const double value = interval.lo * (1 - share) + interval.hi * share;
        values.push_back(s == 0 ? midpoint(interval) : std::clamp(value, interval.lo, interval.hi));
      }
    }
  }
  return samples;
}

}  // namespace halfulp::cli
