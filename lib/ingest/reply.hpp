// What the child sends back over its pipe: a graph, or the one Diagnostic that says why there is none.
#pragma once

#include <string>
#include <string_view>

#include "halfulp/graph/graph.hpp"

namespace halfulp {

std::string encode_reply(const Result<Graph>& result);

// The bytes are untrusted; damaged ones are E0118.
Result<Graph> decode_reply(std::string_view bytes);

}  // namespace halfulp
