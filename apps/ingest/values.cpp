#include "values.hpp"

namespace halfulp::ingest_child {

Value static_value(c10::IValue constant) {
  Value value;
  value.constant = std::move(constant);
  return value;
}

Value fresh_tensor(NodeId node) {
  Value value;
  value.kind = Value::Kind::kTensor;
  value.cell = std::make_shared<TensorCell>();
  value.cell->node = node;
  value.cell->memory = std::make_shared<Memory>();
  return value;
}

Value view_of(const TensorCell& base, NodeId node) {
  Value value = fresh_tensor(node);
  value.cell->memory = base.memory;
  value.cell->version = base.memory->version;
  return value;
}

Value sequence(Value::Kind kind, Items items) {
  Value value;
  value.kind = kind;
  value.items = std::make_shared<Items>(std::move(items));
  return value;
}

}  // namespace halfulp::ingest_child
