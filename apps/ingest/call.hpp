// One operator call of the model's program, as a lowering rule sees it: checked access to its arguments, and ways to add
// nodes that carry its name and place.
#pragma once

#include <torch/script.h>

#include <string>
#include <vector>

#include "builder.hpp"
#include "values.hpp"

namespace halfulp::ingest_child {

class Call {
 public:
  Call(Builder& builder, const torch::jit::Node& node, std::string op, std::vector<Value> args)
      : builder_(builder), node_(node), op_(std::move(op)), args_(std::move(args)) {}

  Builder& builder() { return builder_; }
  const std::string& op() const { return op_; }  // "relu" of aten::relu and aten::relu_
  std::size_t size() const { return args_.size(); }
  const Value& arg(std::size_t i) const;
  // Position of the argument of that name in the operator's schema, or -1.
  int position(const std::string& name) const;
  std::size_t results() const { return node_.outputs().size(); }

  bool is_none(std::size_t i) const { return i >= args_.size() || args_[i].is_none(); }
  std::int64_t integer(std::size_t i) const;
  std::int64_t integer(std::size_t i, std::int64_t otherwise) const;
  double real(std::size_t i) const;
  double real(std::size_t i, double otherwise) const;
  bool boolean(std::size_t i, bool otherwise) const;
  std::string text(std::size_t i) const;
  std::vector<std::int64_t> ints(std::size_t i) const;  // a single int is a list of one
  std::vector<std::int64_t> ints(std::size_t i, std::size_t rank, std::int64_t otherwise) const;

  NodeId tensor(std::size_t i) const;   // refuses stale views
  NodeId operand(std::size_t i);        // a tensor, or a number as a constant of rank 0
  NodeId number(double value);          // a constant of rank 0
  std::vector<NodeId> tensors(std::size_t i) const;
  const Shape& shape(std::size_t i) const { return builder_.node(tensor(i)).shape; }
  const Shape& shape_of(NodeId id) const { return builder_.node(id).shape; }
  const Tensor constant(NodeId id) const;

  NodeId emit(std::string op, std::vector<NodeId> inputs, Attributes attributes, Shape shape);
  // As emit, named after the module that owns the constant `weight`: "fc1" for "fc1.weight".
  NodeId emit_layer(std::string op, NodeId weight, std::vector<NodeId> inputs, Attributes attributes, Shape shape);
  // As emit, named `name` within the module that is called, "lstm.l0.t3.in", or within the operator outside any module.
  NodeId emit_named(const std::string& name, std::string op, std::vector<NodeId> inputs, Attributes attributes, Shape shape);
  NodeId emit_constant(Tensor tensor, const std::string& name);

  Value fresh(NodeId id) const { return fresh_tensor(id); }
  Value view(std::size_t i, NodeId id) const { return view_of(*arg(i).cell, id); }

  std::string place() const;
  [[noreturn]] void misfit(const std::string& sentence) const;                                    // E0120
  [[noreturn]] void unsupported(const std::string& sentence, std::vector<std::string> helps = {}) const;  // E0121
  std::int64_t dim(std::size_t i, std::size_t rank) const;  // normalised, or misfit

 private:
  [[noreturn]] void wrong_kind(std::size_t i, const std::string& wanted) const;
  std::string scoped_name(const std::string& op) const;

  Builder& builder_;
  const torch::jit::Node& node_;
  std::string op_;
  std::vector<Value> args_;
};

}  // namespace halfulp::ingest_child
