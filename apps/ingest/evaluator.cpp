#include "evaluator.hpp"

#include "call.hpp"
#include "constants.hpp"
#include "handlers.hpp"
#include "refusal.hpp"
#include "signature.hpp"

namespace halfulp::ingest_child {
namespace {

constexpr std::int64_t kMaxSteps = 20'000'000;

bool is_in_place(const std::string& name) {
  return name.size() > 1 && name.back() == '_' && name[name.size() - 2] != '_';
}

[[noreturn]] void refuse_here(const torch::jit::Node& node, const std::string& sentence, std::string code = "E0121") {
  refuse(std::move(code), sentence, source_line(node), {}, ExitCode::kUnsupportedOperator);
}

// The last component of a raised message: what the model itself says is wrong.
std::string raised_text(const Value& message) {
  return message.constant.isString() ? message.constant.toStringRef() : std::string("an exception");
}

void collect_outputs(const Value& value, std::vector<NodeId>& outputs) {
  if (value.is_sequence()) {
    for (const Value& item : *value.items) collect_outputs(item, outputs);
    return;
  }
  if (!value.is_tensor()) refuse("E0121", "forward returns something that is not a tensor", {}, {}, ExitCode::kUnsupportedOperator);
  if (value.cell->version != value.cell->memory->version) {
    refuse("E0121", "forward returns a view that an in-place operation changed", {}, {}, ExitCode::kUnsupportedOperator);
  }
  outputs.push_back(value.cell->node);
}

}  // namespace

Graph Evaluator::lower(const std::vector<Shape>& input_shapes) {
  bind_inputs(input_shapes);
  for (const std::string& name : program_.left_out) builder_.note_rewrite(name + " was left out: nothing uses its result");
  const Block& block = *program_.graph->block();
  run(block);
  std::vector<NodeId> outputs;
  for (const torch::jit::Value* output : block.outputs()) collect_outputs(value(output), outputs);
  if (outputs.empty()) refuse("E0121", "forward returns no tensor", {}, {}, ExitCode::kUnsupportedOperator);
  return builder_.finish(outputs);
}

void Evaluator::bind_inputs(const std::vector<Shape>& input_shapes) {
  const auto inputs = program_.graph->inputs();
  Value self;
  self.kind = Value::Kind::kModule;
  self.constant = program_.module._ivalue();
  bind(inputs.at(0), self);
  const auto named = [&](const c10::IValue& constant, const std::string& name) { return from_file(constant, name, true); };
  const std::vector<Value> parameters = bind_parameters(program_, input_shapes, builder_, named);
  for (std::size_t i = 0; i < parameters.size(); ++i) bind(inputs[i + 1], parameters[i]);
}

void Evaluator::run(const Block& block) {
  for (const JitNode* node : block.nodes()) run(*node);
}

void Evaluator::run(const JitNode& node) {
  if (++steps_ > kMaxSteps) {
    refuse("E0116", "forward takes more than " + std::to_string(kMaxSteps) + " steps to read", source_line(node),
           {"loops are unrolled: lower their trip count"});
  }
  if (run_structure(node)) return;
  run_operator(node);
}

// Control flow and the building and taking apart of values.
bool Evaluator::run_structure(const JitNode& node) {
  namespace prim = torch::jit::prim;
  const auto kind = node.kind();
  if (kind == prim::If) return run_if(node), true;
  if (kind == prim::Loop) return run_loop(node), true;
  if (kind == prim::GetAttr) return run_get_attribute(node), true;
  if (kind == prim::Constant) {
    const auto constant = torch::jit::toIValue(node.output());
    bind(node.output(), constant ? literal(*constant) : Value{});
    return true;
  }
  if (kind == prim::ListConstruct) return bind(node.output(), sequence(Value::Kind::kList, arguments(node))), true;
  if (kind == prim::TupleConstruct) return bind(node.output(), sequence(Value::Kind::kTuple, arguments(node))), true;
  if (kind == prim::TupleUnpack || kind == prim::ListUnpack) {
    const Value& whole = value(node.input(0));
    if (!whole.is_sequence()) refuse_here(node, "unpacking something that is neither list nor tuple is not supported");
    bind_all(node.outputs(), *whole.items, node);
    return true;
  }
  if (kind == prim::unchecked_cast) return bind(node.output(), value(node.input())), true;
  if (kind == prim::Uninitialized) return bind(node.output(), Value{}), true;
  if (kind == prim::RaiseException) {
    refuse("E0120", "the model refuses this input: " + raised_text(value(node.input(0))), source_line(node),
           {"check --input-shape"});
  }
  return false;
}

void Evaluator::run_if(const JitNode& node) {
  const bool condition = static_bool(node.input(0), node);
  const Block& block = *node.blocks().at(condition ? 0 : 1);
  run(block);
  for (std::size_t i = 0; i < node.outputs().size(); ++i) bind(node.outputs()[i], value(block.outputs()[i]));
}

void Evaluator::run_loop(const JitNode& node) {
  const Value& trips = value(node.input(0));
  if (!trips.constant.isInt()) refuse_here(node, "a loop whose length depends on data is not supported");
  std::vector<Value> carried = arguments(node);
  carried.erase(carried.begin(), carried.begin() + 2);
  bool goes_on = static_bool(node.input(1), node);
  const Block& body = *node.blocks().at(0);
  for (std::int64_t i = 0; goes_on && i < trips.constant.toInt(); ++i) {
    if (++steps_ > kMaxSteps) refuse("E0116", "a loop takes too many steps to unroll", source_line(node));
    bind(body.inputs()[0], static_value(i));
    for (std::size_t k = 0; k < carried.size(); ++k) bind(body.inputs()[k + 1], carried[k]);
    run(body);
    goes_on = static_bool(body.outputs()[0], node);
    for (std::size_t k = 0; k < carried.size(); ++k) carried[k] = value(body.outputs()[k + 1]);
  }
  for (std::size_t k = 0; k < carried.size(); ++k) bind(node.outputs()[k], carried[k]);
}

void Evaluator::run_get_attribute(const JitNode& node) {
  const Value& owner = value(node.input());
  if (owner.kind != Value::Kind::kModule) refuse_here(node, "an attribute of something that is no module is not supported");
  const std::string name = node.s(torch::jit::attr::name);
  const std::string path = owner.path.empty() ? name : owner.path + "." + name;
  const auto object = owner.constant.toObject();
  const c10::IValue attribute = object->getAttr(name);
  if (name == "training" && attribute.isBool() && attribute.toBool()) {
    refuse("E0117", "module '" + (owner.path.empty() ? std::string("(the model)") : owner.path) + "' is in training mode",
           source_line(node), {"call model.eval() before saving it"}, ExitCode::kUsage);
  }
  const auto known = parameters_.find(path);
  if (known == parameters_.end()) parameters_[path] = from_file(attribute, path, true);
  bind(node.output(), parameters_[path]);
}

void Evaluator::run_operator(const JitNode& node) {
  const std::string kind = node.kind().toUnqualString();
  const bool in_place = is_in_place(kind);
  Call call(builder_, node, in_place ? kind.substr(0, kind.size() - 1) : kind, arguments(node));
  if (std::optional<Value> known = evaluate_static(call)) {
    if (!node.outputs().empty()) bind(node.output(), *std::move(known));
    return;
  }
  const Rule rule = find_rule(call.op());
  if (rule == nullptr) call.unsupported("this form of the operator");
  Value result = rule(call);
  if (in_place) result = assign_in_place(call.arg(0), result, node);
  if (node.outputs().size() != 1) {
    if (!result.is_sequence()) call.unsupported("a call with several results");
    return bind_all(node.outputs(), *result.items, node);
  }
  bind(node.output(), std::move(result));
}

Value Evaluator::assign_in_place(const Value& target, const Value& result, const JitNode& node) {
  if (result.cell == target.cell) return target;
  TensorCell& cell = *target.cell;
  if (cell.memory->is_parameter) {
    refuse("E0117", std::string("the model is stateful: ") + node.kind().toQualString() + " changes a parameter or buffer in place",
           source_line(node), {"make the state an input and an output of forward"}, ExitCode::kUnsupportedOperator);
  }
  if (builder_.node(cell.node).shape != builder_.node(result.cell->node).shape) {
    refuse("E0120", "an in-place operation changes the shape of its operand", source_line(node));
  }
  cell.node = result.cell->node;
  cell.version = ++cell.memory->version;
  return target;
}

const Value& Evaluator::value(const torch::jit::Value* name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) refuse("E0119", "the program uses a value before it is set: " + name->debugName());
  return found->second;
}

std::vector<Value> Evaluator::arguments(const JitNode& node) const {
  std::vector<Value> result;
  for (const torch::jit::Value* input : node.inputs()) result.push_back(value(input));
  return result;
}

void Evaluator::bind_all(at::ArrayRef<const torch::jit::Value*> names, const Items& items, const JitNode& node) {
  if (names.size() != items.size()) {
    refuse("E0120", "unpacking " + std::to_string(items.size()) + " values into " + std::to_string(names.size()), source_line(node));
  }
  for (std::size_t i = 0; i < items.size(); ++i) bind(names[i], items[i]);
}

bool Evaluator::static_bool(const torch::jit::Value* name, const JitNode& node) const {
  const Value& condition = value(name);
  if (condition.kind != Value::Kind::kStatic || !condition.constant.isBool()) {
    refuse_here(node, "control flow that depends on data is not supported");
  }
  return condition.constant.toBool();
}

// Tracing turns integers of shape arithmetic into tensors of rank 0.
Value Evaluator::literal(const c10::IValue& constant) {
  const bool is_integer = constant.isTensor() && constant.toTensor().defined() && constant.toTensor().dim() == 0 &&
                          at::isIntegralType(constant.toTensor().scalar_type(), /*includeBool=*/false);
  return is_integer ? static_value(constant.toTensor().item<std::int64_t>()) : from_file(constant, "constant", true);
}

Value Evaluator::from_file(const c10::IValue& constant, const std::string& path, bool is_parameter) {
  if (constant.isTensor()) {
    if (!constant.toTensor().defined()) return Value{};
    Value tensor = fresh_tensor(builder_.constant(widen(constant.toTensor(), path), path));
    tensor.cell->memory->is_parameter = is_parameter;
    return tensor;
  }
  if (constant.isModule()) {
    Value module;
    module.kind = Value::Kind::kModule;
    module.constant = constant;
    module.path = path;
    return module;
  }
  if (constant.isList() || constant.isTuple()) {
    Items items;
    const auto elements = constant.isList() ? constant.toListRef().vec() : constant.toTupleRef().elements().vec();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      items.push_back(from_file(elements[i], path + "." + std::to_string(i), is_parameter));
    }
    return sequence(constant.isList() ? Value::Kind::kList : Value::Kind::kTuple, std::move(items));
  }
  if (constant.isNone() || constant.isScalar() || constant.isString() || constant.isDevice()) return static_value(constant);
  refuse("E0121", "the attribute '" + path + "' of type " + constant.tagKind() + " is not supported", path, {},
         ExitCode::kUnsupportedOperator);
}

}  // namespace halfulp::ingest_child
