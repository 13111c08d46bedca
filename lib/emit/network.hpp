// What is emitted: the nodes that reach an output, a C++ identifier for each, and the format its values are stored in.
#pragma once

#include <string>
#include <vector>

#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp::emit_detail {

struct Network {
  const LoweredGraph* lowered = nullptr;
  FormatAssignment formats;             // indexed by NodeId
  std::vector<NodeId> live;             // in graph order; constants only where something reads their values
  std::vector<std::string> identifier;  // indexed by NodeId; unique
  std::vector<Format> value;            // indexed by NodeId; of live nodes

  const Graph& graph() const { return *lowered->graph; }
  const Node& node(NodeId id) const { return graph()[id]; }
  const LoweredNode& form(NodeId id) const { return (*lowered)[id]; }
  const NodeFormats& roles(NodeId id) const { return formats[static_cast<std::size_t>(id)]; }
  const Format& value_format(NodeId id) const { return value[static_cast<std::size_t>(id)]; }
  const std::string& name(NodeId id) const { return identifier[static_cast<std::size_t>(id)]; }
  std::string value_type(NodeId id) const;  // "fc1_output_t", "x_input_t"
};

// No identifier is that of the top function. Errors: E0701, E0702 as emit().
Result<Network> make_network(const LoweredGraph& lowered, FormatAssignment formats, const std::string& top);

// The format a node's values are stored in: `output`, or without it the narrowest that holds the exact result.
Result<Format> infer_value_format(const Network& network, NodeId id);

// A constant operand of an element-wise operator: its format is the operator's `weight` or `bias`, or exact.
Format constant_operand_format(const Network& network, NodeId id, NodeId operand);
bool is_constant_operand(const Network& network, NodeId id, std::size_t operand);

// E0701 naming node and role.
tl::unexpected<Diagnostic> missing_format(const Node& node, const std::string& role, const std::string& reason);
// E0702 with the node as place.
tl::unexpected<Diagnostic> no_template(const Node& node, const std::string& reason, const std::string& help);

}  // namespace halfulp::emit_detail
