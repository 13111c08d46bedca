// A flat binary form of a graph, for one process to hand it to another on the same machine. Integers are little-endian and
// fixed in width, doubles are their IEEE 754 bits. decode() trusts nothing: every count is checked against the bytes that
// are left before anything is allocated, and the decoded graph is validated. decode(encode(g)) equals g.
#pragma once

#include <string>
#include <string_view>

#include "halfulp/graph/graph.hpp"

namespace halfulp {

std::string encode(const Graph& graph);

// Errors: E0411 (bytes that are no graph), and those of validate().
Result<Graph> decode(std::string_view bytes);

}  // namespace halfulp
