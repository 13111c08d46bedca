// What a variable of the model's program holds while it is read: a static value, a module, a list or tuple of such, or a
// tensor, which stands for a node of our graph.
//
// In-place operators are rebindings: every holder of a tensor shares one TensorCell, and an in-place operator puts the new
// node into it. Views are cells of their own that share the Memory: after an in-place operator through one of them the
// others are stale, and using one is refused rather than guessed at.
#pragma once

#include <torch/script.h>

#include <memory>
#include <string>
#include <vector>

#include "halfulp/graph/graph.hpp"

namespace halfulp::ingest_child {

struct Memory {
  int version = 0;
  bool is_parameter = false;  // belongs to the module: assigning to it makes the model stateful
};

struct TensorCell {
  NodeId node = -1;
  std::shared_ptr<Memory> memory;
  int version = 0;
};

struct Value;
using Items = std::vector<Value>;

struct Value {
  enum class Kind { kStatic, kModule, kTensor, kList, kTuple };
  Kind kind = Kind::kStatic;
  c10::IValue constant;               // kStatic: None, bool, int, float, string, device; kModule: the object
  std::string path;                   // kModule: "features.0"
  std::shared_ptr<TensorCell> cell;   // kTensor
  std::shared_ptr<Items> items;       // kList, kTuple

  bool is_tensor() const { return kind == Kind::kTensor; }
  bool is_sequence() const { return kind == Kind::kList || kind == Kind::kTuple; }
  bool is_none() const { return kind == Kind::kStatic && constant.isNone(); }
  bool is_number() const { return kind == Kind::kStatic && constant.isScalar(); }
};

Value static_value(c10::IValue constant);
Value fresh_tensor(NodeId node);
// A tensor that shares its elements with `base`.
Value view_of(const TensorCell& base, NodeId node);
Value sequence(Value::Kind kind, Items items);

}  // namespace halfulp::ingest_child
