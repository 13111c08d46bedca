#include "signature.hpp"

#include <algorithm>
#include <optional>

#include "refusal.hpp"

namespace halfulp::ingest_child {
namespace {

// Tensors that a value of that type is made of; -1 for a type that is not made of tensors.
int tensors_in(const c10::TypePtr& type) {
  if (type->isSubtypeOf(*c10::TensorType::get())) return 1;
  if (const auto optional = type->cast<c10::OptionalType>()) return tensors_in(optional->getElementType());
  const auto tuple = type->cast<c10::TupleType>();
  if (!tuple) return -1;
  int count = 0;
  for (const c10::TypePtr& element : tuple->elements()) {
    const int inner = tensors_in(element);
    if (inner < 0) return -1;
    count += inner;
  }
  return count;
}

class Binder {
 public:
  Binder(const std::vector<Shape>& shapes, Builder& builder) : shapes_(shapes), builder_(builder) {}

  Value bind(const c10::TypePtr& type, const std::string& name) {
    if (const auto optional = type->cast<c10::OptionalType>()) return bind(optional->getElementType(), name);
    const auto tuple = type->cast<c10::TupleType>();
    if (!tuple) return fresh_tensor(builder_.input(shapes_.at(next_++), name));
    Items items;
    for (const c10::TypePtr& element : tuple->elements()) items.push_back(bind(element, name + "." + std::to_string(items.size())));
    return sequence(Value::Kind::kTuple, std::move(items));
  }

 private:
  const std::vector<Shape>& shapes_;
  Builder& builder_;
  std::size_t next_ = 0;
};

[[noreturn]] void refuse_count(std::size_t least, std::size_t most, std::size_t given) {
  const std::string takes = least == most ? std::to_string(most) : std::to_string(least) + " to " + std::to_string(most);
  refuse("E0120", "forward takes " + takes + " inputs, " + std::to_string(given) + (given == 1 ? " shape was given" : " shapes were given"), {},
         {"give --input-shape once for each input, leading batch dimension of 1 included"});
}

struct Parameter {
  std::string name;
  c10::TypePtr type;
  int tensors = -1;
  std::optional<c10::IValue> otherwise;  // None for an Optional without a default
};

std::vector<Parameter> parameters_of(const Program& program) {
  const auto inputs = program.graph->inputs();
  const auto& schema = program.module.get_method("forward").function().getSchema();
  std::vector<Parameter> parameters;
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    Parameter one{inputs[i]->debugNameBase(), inputs[i]->type(), tensors_in(inputs[i]->type()), {}};
    const bool has_default = i < schema.arguments().size() && schema.arguments()[i].default_value().has_value();
    if (has_default) one.otherwise = *schema.arguments()[i].default_value();
    if (!one.otherwise && one.type->cast<c10::OptionalType>()) one.otherwise = c10::IValue();
    if (one.tensors < 0 && !one.otherwise) {
      refuse("E0121", "input '" + one.name + "' of forward is no tensor but " + one.type->str(), {}, {}, ExitCode::kUnsupportedOperator);
    }
    parameters.push_back(std::move(one));
  }
  return parameters;
}

}  // namespace

std::vector<Value> bind_parameters(const Program& program, const std::vector<Shape>& shapes, Builder& builder, const Literal& literal) {
  const std::vector<Parameter> parameters = parameters_of(program);
  std::size_t least = 0, most = 0;
  for (const Parameter& one : parameters) {
    const auto tensors = static_cast<std::size_t>(std::max(one.tensors, 0));
    most += tensors;
    if (!one.otherwise) least += tensors;
  }
  if (shapes.size() < least || shapes.size() > most) refuse_count(least, most, shapes.size());
  std::size_t spare = shapes.size() - least;
  Binder binder(shapes, builder);
  std::vector<Value> values;
  for (const Parameter& one : parameters) {
    const auto tensors = static_cast<std::size_t>(std::max(one.tensors, 0));
    const bool is_left_out = one.otherwise && (one.tensors < 0 || spare < tensors);
    if (one.otherwise && !is_left_out) spare -= tensors;
    values.push_back(is_left_out ? literal(*one.otherwise, one.name) : binder.bind(one.type, one.name));
  }
  if (spare > 0) refuse_count(least, most, shapes.size());
  return values;
}

}  // namespace halfulp::ingest_child
