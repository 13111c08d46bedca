#include "degenerate_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "halfulp/report/numbers.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {
namespace {

constexpr std::size_t kShown = 5;

Diagnostic warning_of(const Graph& graph, const DegeneratePlace& place) {
  Diagnostic warning{.code = "W0111",
                     .message = fmt::format("{} keeps nothing of its values: all of {} become {} in {}", to_string(place.role),
                                            short_range(place.values.lo, place.values.hi), shortest(place.becomes), place.format.name),
                     .place = graph[place.node].name};
  if (place.format.family == FormatFamily::kFixed) {
    const int integer = place.format.width_bits - place.format.fraction_bits;
    warning.notes.push_back(fmt::format("its {} integer bits make steps of {}, wider than the values", integer,
                                        shortest(std::ldexp(1.0, -place.format.fraction_bits))));
  }
  if (place.softmax) warning.notes.push_back(fmt::format("softmax '{}' then gives every class the same value for every input", graph[*place.softmax].name));
  if (place.fix) warning.helps.push_back(fmt::format("{} holds the range with as many bits and steps of {}", place.fix->name,
                                                     shortest(std::ldexp(1.0, -place.fix->fraction_bits))));
  return warning;
}

}  // namespace

void warn_degenerate(const Context& context, const Graph& graph, const std::vector<DegeneratePlace>& places) {
  for (std::size_t i = 0; i < places.size() && i < kShown; ++i) context.warn(warning_of(graph, places[i]));
  if (places.size() > kShown) context.say(fmt::format("{} more roles whose values all become one number", places.size() - kShown));
}

}  // namespace halfulp::cli
