#include "call.hpp"

#include "program.hpp"
#include "refusal.hpp"
#include "shapes.hpp"

namespace halfulp::ingest_child {

const Value& Call::arg(std::size_t i) const {
  if (i >= args_.size()) unsupported("a call with " + std::to_string(args_.size()) + " arguments");
  return args_[i];
}

int Call::position(const std::string& name) const {
  const auto* schema = node_.maybeSchema();
  if (schema == nullptr) return -1;
  const auto index = schema->argumentIndexWithName(name);
  return index ? static_cast<int>(*index) : -1;
}

std::int64_t Call::integer(std::size_t i) const {
  const Value& value = arg(i);
  if (value.kind != Value::Kind::kStatic || !value.constant.isInt()) wrong_kind(i, "an integer known without running the model");
  return value.constant.toInt();
}

std::int64_t Call::integer(std::size_t i, std::int64_t otherwise) const {
  return is_none(i) ? otherwise : integer(i);
}

double Call::real(std::size_t i) const {
  const Value& value = arg(i);
  if (value.is_number() && value.constant.isDouble()) return value.constant.toDouble();
  if (value.is_number() && value.constant.isInt()) return static_cast<double>(value.constant.toInt());
  if (value.is_tensor() && builder_.is_constant(tensor(i)) && builder_.node(tensor(i)).constant.size() == 1) {
    return builder_.node(tensor(i)).constant[0];
  }
  wrong_kind(i, "a number known without running the model");
}

double Call::real(std::size_t i, double otherwise) const { return is_none(i) ? otherwise : real(i); }

bool Call::boolean(std::size_t i, bool otherwise) const {
  if (is_none(i)) return otherwise;
  if (!arg(i).constant.isBool()) wrong_kind(i, "a bool known without running the model");
  return arg(i).constant.toBool();
}

std::string Call::text(std::size_t i) const {
  if (!arg(i).constant.isString()) wrong_kind(i, "a string known without running the model");
  return arg(i).constant.toStringRef();
}

std::vector<std::int64_t> Call::ints(std::size_t i) const {
  const Value& value = arg(i);
  if (!value.is_sequence()) return {integer(i)};
  std::vector<std::int64_t> result;
  for (const Value& item : *value.items) {
    if (item.kind != Value::Kind::kStatic || !item.constant.isInt()) wrong_kind(i, "integers known without running the model");
    result.push_back(item.constant.toInt());
  }
  return result;
}

std::vector<std::int64_t> Call::ints(std::size_t i, std::size_t rank, std::int64_t otherwise) const {
  if (is_none(i)) return std::vector<std::int64_t>(rank, otherwise);
  std::vector<std::int64_t> result = ints(i);
  if (result.size() == 1) result.resize(rank, result[0]);
  if (result.size() != rank) {
    misfit("argument " + std::to_string(i + 1) + " has " + std::to_string(result.size()) + " values, expected " + std::to_string(rank));
  }
  return result;
}

NodeId Call::tensor(std::size_t i) const {
  const Value& value = arg(i);
  if (!value.is_tensor()) wrong_kind(i, "a tensor");
  if (value.cell->version != value.cell->memory->version) {
    unsupported("a tensor used after an in-place operation on another view of its memory",
                {"use the out-of-place form of the operation"});
  }
  return value.cell->node;
}

NodeId Call::number(double value) { return builder_.constant({{}, {value}}, "constant", place()); }

NodeId Call::operand(std::size_t i) {
  if (arg(i).is_tensor()) return tensor(i);
  const double value = real(i);
  if (!(value - value == 0)) unsupported("a scalar that is NaN or infinite");
  return number(value);
}

std::vector<NodeId> Call::tensors(std::size_t i) const {
  if (!arg(i).is_sequence()) wrong_kind(i, "a list of tensors");
  std::vector<NodeId> result;
  for (const Value& item : *arg(i).items) {
    result.push_back(Call(builder_, node_, op_, {item}).tensor(0));
  }
  return result;
}

const Tensor Call::constant(NodeId id) const { return {builder_.node(id).shape, builder_.node(id).constant}; }

NodeId Call::emit(std::string op, std::vector<NodeId> inputs, Attributes attributes, Shape shape) {
  std::string name = scoped_name(op);
  return builder_.add(std::move(op), std::move(inputs), std::move(attributes), std::move(shape), std::move(name), place());
}

NodeId Call::emit_layer(std::string op, NodeId weight, std::vector<NodeId> inputs, Attributes attributes, Shape shape) {
  const std::string& owner = builder_.node(weight).name;
  const std::size_t dot = builder_.is_constant(weight) ? owner.rfind('.') : std::string::npos;
  std::string name = dot == std::string::npos ? scoped_name(op) : owner.substr(0, dot);
  return builder_.add(std::move(op), std::move(inputs), std::move(attributes), std::move(shape), std::move(name), place());
}

NodeId Call::emit_named(const std::string& name, std::string op, std::vector<NodeId> inputs, Attributes attributes, Shape shape) {
  const std::string path = module_path(node_);
  return builder_.add(std::move(op), std::move(inputs), std::move(attributes), std::move(shape), (path.empty() ? op_ : path) + "." + name, place());
}

NodeId Call::emit_constant(Tensor tensor, const std::string& name) {
  return builder_.constant(std::move(tensor), name, place());
}

std::string Call::place() const { return source_line(node_); }

std::string Call::scoped_name(const std::string& op) const {
  const std::string path = module_path(node_);
  return path.empty() ? op : path + "." + op;
}

void Call::misfit(const std::string& sentence) const {
  refuse("E0120", sentence + " (node '" + scoped_name(op_) + "', " + node_.kind().toQualString() + ")", place());
}

void Call::unsupported(const std::string& sentence, std::vector<std::string> helps) const {
  refuse("E0121", std::string(node_.kind().toQualString()) + ": " + sentence + " is not supported (node '" + scoped_name(op_) + "')",
         place(), std::move(helps), ExitCode::kUnsupportedOperator);
}

void Call::wrong_kind(std::size_t i, const std::string& wanted) const {
  unsupported("argument " + std::to_string(i + 1) + " that is not " + wanted);
}

std::int64_t Call::dim(std::size_t i, std::size_t rank) const {
  const std::int64_t given = integer(i);
  const auto normal = normal_dim(given, rank);
  if (!normal) misfit("dimension " + std::to_string(given) + " of a tensor of rank " + std::to_string(rank));
  return *normal;
}

}  // namespace halfulp::ingest_child
