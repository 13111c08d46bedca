// The rule of each operator: which form it is. One function an operator, listed in registry.cpp.
#pragma once

#include "halfulp/operators/form.hpp"

namespace halfulp {

using Rule = Result<LoweredNode> (*)(const Graph& graph, const Node& node);

// E0402 with the node as place.
tl::unexpected<Diagnostic> misfit(const Node& node, const std::string& sentence);
bool is_constant(const Graph& graph, NodeId id);

namespace rules {
Result<LoweredNode> source(const Graph&, const Node&);
Result<LoweredNode> linear(const Graph&, const Node&);
Result<LoweredNode> conv(const Graph&, const Node&);
Result<LoweredNode> batch_norm(const Graph&, const Node&);
Result<LoweredNode> matmul(const Graph&, const Node&);
Result<LoweredNode> add(const Graph&, const Node&);
Result<LoweredNode> subtract(const Graph&, const Node&);
Result<LoweredNode> multiply(const Graph&, const Node&);
Result<LoweredNode> divide(const Graph&, const Node&);
Result<LoweredNode> unary(const Graph&, const Node&);
Result<LoweredNode> leaky_relu(const Graph&, const Node&);
Result<LoweredNode> prelu(const Graph&, const Node&);
Result<LoweredNode> hardtanh(const Graph&, const Node&);
Result<LoweredNode> power(const Graph&, const Node&);
Result<LoweredNode> softmax(const Graph&, const Node&);
Result<LoweredNode> max_pool(const Graph&, const Node&);
Result<LoweredNode> avg_pool(const Graph&, const Node&);
Result<LoweredNode> adaptive_avg_pool(const Graph&, const Node&);
Result<LoweredNode> amax(const Graph&, const Node&);
Result<LoweredNode> mean(const Graph&, const Node&);
Result<LoweredNode> sum(const Graph&, const Node&);
Result<LoweredNode> reshape(const Graph&, const Node&);
Result<LoweredNode> permute(const Graph&, const Node&);
Result<LoweredNode> slice(const Graph&, const Node&);
Result<LoweredNode> select(const Graph&, const Node&);
Result<LoweredNode> concatenate(const Graph&, const Node&);
Result<LoweredNode> stack(const Graph&, const Node&);
Result<LoweredNode> pad(const Graph&, const Node&);
Result<LoweredNode> expand(const Graph&, const Node&);
}  // namespace rules

}  // namespace halfulp
