#include "rules.hpp"

namespace halfulp::rules {

Result<LoweredNode> source(const Graph&, const Node& node) {
  return LoweredNode{.form = SourceForm{.is_constant = node.op == "constant"},
                     .operands = {},
                     .size = element_count(node.shape)};
}

}  // namespace halfulp::rules
