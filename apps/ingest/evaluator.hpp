// Walks forward's graph in program order with static values for everything but tensors: decides branches, unrolls loops of
// constant length, and hands every operator on tensors to its lowering rule. No code of torch runs on the model's behalf.
#pragma once

#include <torch/script.h>

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "builder.hpp"
#include "program.hpp"
#include "values.hpp"

namespace halfulp::ingest_child {

class Evaluator {
 public:
  explicit Evaluator(const Program& program) : program_(program) {}

  // One shape an input of forward. Throws Refusal.
  Graph lower(const std::vector<Shape>& input_shapes);

 private:
  using Block = torch::jit::Block;
  using JitNode = torch::jit::Node;

  void bind_inputs(const std::vector<Shape>& input_shapes);
  void run(const Block& block);
  void run(const JitNode& node);
  void run_if(const JitNode& node);
  void run_loop(const JitNode& node);
  void run_get_attribute(const JitNode& node);
  void run_operator(const JitNode& node);
  bool run_structure(const JitNode& node);

  const Value& value(const torch::jit::Value* name) const;
  void bind(const torch::jit::Value* name, Value value) { values_[name] = std::move(value); }
  void bind_all(at::ArrayRef<const torch::jit::Value*> names, const Items& items, const JitNode& node);
  std::vector<Value> arguments(const JitNode& node) const;
  bool static_bool(const torch::jit::Value* name, const JitNode& node) const;

  Value literal(const c10::IValue& constant);
  Value from_file(const c10::IValue& constant, const std::string& path, bool is_parameter);
  Value assign_in_place(const Value& target, const Value& result, const JitNode& node);

  const Program& program_;
  Builder builder_;
  std::unordered_map<const torch::jit::Value*, Value> values_;
  std::map<std::string, Value> parameters_;  // by path, so that a shared weight is one constant
  std::int64_t steps_ = 0;
};

}  // namespace halfulp::ingest_child
