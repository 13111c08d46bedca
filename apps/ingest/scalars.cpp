// Operators on values that are known without running the model: shapes, lengths, ints, floats, bools, strings, lists.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "handlers.hpp"

namespace halfulp::ingest_child {
namespace {

Value of(std::int64_t value) { return static_value(c10::IValue(value)); }
Value of(bool value) { return static_value(c10::IValue(value)); }
Value of(double value) { return static_value(c10::IValue(value)); }

bool is_integer(const Value& value) { return value.is_number() && (value.constant.isInt() || value.constant.isBool()); }
std::int64_t integer_of(const Value& value) {
  return value.constant.isBool() ? static_cast<std::int64_t>(value.constant.toBool()) : value.constant.toInt();
}
double real_of(const Value& value) {
  return value.constant.isDouble() ? value.constant.toDouble() : static_cast<double>(integer_of(value));
}

std::int64_t floor_divide(Call& call, std::int64_t a, std::int64_t b) {
  if (b == 0 || (a == std::numeric_limits<std::int64_t>::min() && b == -1)) call.unsupported("an integer division by zero or overflow");
  const std::int64_t quotient = a / b;
  return (a % b != 0 && ((a < 0) != (b < 0))) ? quotient - 1 : quotient;
}

Value integer_arithmetic(Call& call, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  const std::string& op = call.op();
  bool overflow = false;
  if (op == "add") overflow = __builtin_add_overflow(a, b, &result);
  else if (op == "sub") overflow = __builtin_sub_overflow(a, b, &result);
  else if (op == "mul") overflow = __builtin_mul_overflow(a, b, &result);
  else if (op == "floordiv" || op == "floor_divide") result = floor_divide(call, a, b);
  else if (op == "remainder") result = a - floor_divide(call, a, b) * b;
  else if (op == "min") result = std::min(a, b);
  else if (op == "max") result = std::max(a, b);
  else return of(static_cast<double>(a) / static_cast<double>(b));
  if (overflow) call.unsupported("an integer overflow");
  return of(result);
}

Value real_arithmetic(Call& call, double a, double b) {
  const std::string& op = call.op();
  if (op == "add") return of(a + b);
  if (op == "sub") return of(a - b);
  if (op == "mul") return of(a * b);
  if (op == "min") return of(std::min(a, b));
  if (op == "max") return of(std::max(a, b));
  if (op == "floordiv" || op == "floor_divide") return of(std::floor(a / b));
  if (op == "remainder") return of(a - std::floor(a / b) * b);
  return of(a / b);
}

std::optional<Value> arithmetic(Call& call) {
  const Value& a = call.arg(0);
  const Value& b = call.arg(1);
  if (call.op() == "add" && a.is_sequence() && b.is_sequence()) {
    Items items = *a.items;
    items.insert(items.end(), b.items->begin(), b.items->end());
    return sequence(Value::Kind::kList, std::move(items));
  }
  if (!a.is_number() || !b.is_number()) return std::nullopt;
  if (call.size() > 2 && !call.is_none(2) && call.real(2) != 1) call.unsupported("a scaled sum of scalars");
  if (is_integer(a) && is_integer(b)) return integer_arithmetic(call, integer_of(a), integer_of(b));
  return real_arithmetic(call, real_of(a), real_of(b));
}

bool same(Call& call, const Value& a, const Value& b) {
  if (a.is_sequence() && b.is_sequence()) {
    if (a.items->size() != b.items->size()) return false;
    for (std::size_t i = 0; i < a.items->size(); ++i) {
      if (!same(call, (*a.items)[i], (*b.items)[i])) return false;
    }
    return true;
  }
  if (a.is_number() && b.is_number()) {
    return is_integer(a) && is_integer(b) ? integer_of(a) == integer_of(b) : real_of(a) == real_of(b);
  }
  if (a.constant.isString() && b.constant.isString()) return a.constant.toStringRef() == b.constant.toStringRef();
  if (a.constant.isDevice() && b.constant.isDevice()) return a.constant.toDevice() == b.constant.toDevice();
  if (a.is_tensor() || b.is_tensor()) call.unsupported("a comparison of tensors");
  return a.is_none() && b.is_none();
}

std::optional<Value> comparison(Call& call) {
  const Value& a = call.arg(0);
  const Value& b = call.arg(1);
  if (call.op() == "eq") return of(same(call, a, b));
  if (call.op() == "ne") return of(!same(call, a, b));
  if (!a.is_number() || !b.is_number()) call.unsupported("a comparison that depends on data");
  const double x = real_of(a), y = real_of(b);
  if (call.op() == "lt") return of(x < y);
  if (call.op() == "le") return of(x <= y);
  if (call.op() == "gt") return of(x > y);
  return of(x >= y);
}

std::optional<Value> identity_test(Call& call) {
  const bool is = call.is_none(0) == call.is_none(1);
  if (!call.is_none(0) && !call.is_none(1)) call.unsupported("an identity test of two values");
  return of(call.op() == "__is__" ? is : !is);
}

std::optional<Value> item(Call& call) {
  const Value& whole = call.arg(0);
  if (!whole.is_sequence()) call.unsupported("an index into something that is neither list nor tuple");
  const auto size = static_cast<std::int64_t>(whole.items->size());
  const std::int64_t index = call.integer(1);
  if (index < -size || index >= size) call.misfit("index " + std::to_string(index) + " of " + std::to_string(size) + " items");
  return (*whole.items)[static_cast<std::size_t>(index < 0 ? index + size : index)];
}

std::optional<Value> membership(Call& call) {
  if (!call.arg(0).is_sequence()) call.unsupported("a membership test in something that is no list");
  for (const Value& candidate : *call.arg(0).items) {
    if (same(call, candidate, call.arg(1))) return of(true);
  }
  return of(false);
}

std::optional<Value> length(Call& call) {
  const Value& value = call.arg(0);
  if (value.is_sequence()) return of(static_cast<std::int64_t>(value.items->size()));
  if (value.constant.isString()) return of(static_cast<std::int64_t>(value.constant.toStringRef().size()));
  if (call.shape(0).empty()) call.misfit("the length of a scalar");
  return of(call.shape(0)[0]);
}

std::optional<Value> sizes(Call& call) {
  const Shape& shape = call.shape(0);
  if (call.size() > 1) return of(shape[static_cast<std::size_t>(call.dim(1, shape.size()))]);
  Items items;
  for (const std::int64_t extent : shape) items.push_back(of(extent));
  return sequence(Value::Kind::kList, std::move(items));
}

std::optional<Value> number_cast(Call& call) {
  const Value& value = call.arg(0);
  const std::string& op = call.op();
  if (value.is_tensor()) call.unsupported("a number taken out of a tensor");
  if (!value.is_number()) call.unsupported("a conversion of something that is no number");
  if (op == "Int" || op == "IntImplicit") return is_integer(value) ? of(integer_of(value)) : of(static_cast<std::int64_t>(std::clamp(real_of(value), -9e18, 9e18)));
  if (op == "Float" || op == "FloatImplicit") return of(real_of(value));
  if (op == "Bool") return of(real_of(value) != 0);
  return value;
}

std::string shown(const Value& value) {
  if (value.is_sequence()) {
    std::string text = "[";
    for (const Value& one : *value.items) text += (text.size() > 1 ? ", " : "") + shown(one);
    return text + "]";
  }
  if (value.constant.isString()) return value.constant.toStringRef();
  if (is_integer(value)) return std::to_string(integer_of(value));
  if (value.is_number()) return std::to_string(real_of(value));
  return value.is_none() ? "None" : "...";
}

std::optional<Value> formatted(Call& call) {
  std::string text;
  std::size_t next = 1;
  const std::string pattern = call.text(0);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool is_slot = pattern.compare(i, 2, "{}") == 0 && next < call.size();
    text += is_slot ? shown(call.arg(next++)) : std::string(1, pattern[i]);
    if (is_slot) ++i;
  }
  return static_value(c10::IValue(text));
}

std::optional<Value> logic(Call& call) {
  const bool a = call.boolean(0, false);
  if (call.op() == "__not__") return of(!a);
  const bool b = call.boolean(1, false);
  return of(call.op() == "__and__" ? a && b : a || b);
}

std::optional<Value> range_length(Call& call) {
  const std::int64_t low = call.integer(0), high = call.integer(1), step = call.integer(2);
  if (step == 0) call.misfit("a range with step 0");
  const double count = std::ceil((static_cast<double>(high) - static_cast<double>(low)) / static_cast<double>(step));
  return of(static_cast<std::int64_t>(std::clamp(count, 0.0, 9e18)));
}

std::optional<Value> derive_index(Call& call) {
  std::int64_t offset = 0, result = 0;
  if (__builtin_mul_overflow(call.integer(0), call.integer(2), &offset) || __builtin_add_overflow(call.integer(1), offset, &result)) {
    call.unsupported("an integer overflow");
  }
  return of(result);
}

std::optional<Value> append(Call& call) {
  if (call.arg(0).kind != Value::Kind::kList) call.unsupported("an append to something that is no list");
  call.arg(0).items->push_back(call.arg(1));
  return call.arg(0);
}

std::optional<Value> copy_list(Call& call) {
  if (!call.arg(0).is_sequence()) call.unsupported("a list of something that is no list");
  return sequence(Value::Kind::kList, *call.arg(0).items);
}

std::optional<Value> tuple_slice(Call& call) {
  if (!call.arg(0).is_sequence()) call.unsupported("a slice of something that is no tuple");
  const Items& items = *call.arg(0).items;
  const auto size = static_cast<std::int64_t>(items.size());
  const std::int64_t start = std::clamp<std::int64_t>(call.integer(1, 0), 0, size);
  const std::int64_t end = std::clamp<std::int64_t>(call.integer(2, size), start, size);
  return sequence(call.arg(0).kind, Items(items.begin() + start, items.begin() + end));
}

std::optional<Value> sliced_list(Call& call) {
  if (!call.arg(0).is_sequence()) return std::nullopt;
  const auto size = static_cast<std::int64_t>(call.arg(0).items->size());
  const auto bound = [&](std::size_t i, std::int64_t otherwise) {
    const std::int64_t given = std::clamp<std::int64_t>(call.integer(i, otherwise), -size, size);
    return given < 0 ? given + size : given;
  };
  const std::int64_t start = bound(1, 0), end = bound(2, size), step = call.integer(3, 1);
  if (step < 1) call.unsupported("a list slice with a step below 1");
  Items items;
  for (std::int64_t i = start; i < end; i += step) items.push_back((*call.arg(0).items)[static_cast<std::size_t>(i)]);
  return sequence(Value::Kind::kList, std::move(items));
}

std::optional<Value> unary_number(Call& call) {
  const Value& value = call.arg(0);
  if (!value.is_number()) return std::nullopt;
  if (is_integer(value) && integer_of(value) == std::numeric_limits<std::int64_t>::min()) call.unsupported("an integer overflow");
  if (call.op() == "neg") return is_integer(value) ? of(-integer_of(value)) : of(-real_of(value));
  if (call.op() == "abs") return is_integer(value) ? of(std::abs(integer_of(value))) : of(std::abs(real_of(value)));
  if (call.op() == "sqrt") return of(std::sqrt(real_of(value)));
  const double rounded = call.op() == "floor" ? std::floor(real_of(value)) : std::ceil(real_of(value));
  return of(static_cast<std::int64_t>(std::clamp(rounded, -9e18, 9e18)));
}

std::optional<Value> element_total(Call& call) { return of(element_count(call.shape(0))); }
std::optional<Value> rank(Call& call) { return of(static_cast<std::int64_t>(call.shape(0).size())); }
// Every tensor counts as float32: formats come from the schedule.
std::optional<Value> element_type(Call& call) {
  call.tensor(0);
  return of(static_cast<std::int64_t>(c10::ScalarType::Float));
}
std::optional<Value> cpu_device(Call&) { return static_value(c10::IValue(c10::Device(c10::kCPU))); }
std::optional<Value> always_false(Call&) { return of(false); }
std::optional<Value> always_true(Call&) { return of(true); }
std::optional<Value> unchanged(Call& call) { return call.arg(0); }
std::optional<Value> nothing(Call&) { return Value{}; }

using StaticRule = std::optional<Value> (*)(Call&);

const std::map<std::string, StaticRule>& static_rules() {
  static const std::map<std::string, StaticRule> kRules = {
      {"Bool", number_cast},          {"Float", number_cast},       {"FloatImplicit", number_cast},
      {"Int", number_cast},           {"IntImplicit", number_cast}, {"NumToTensor", unchanged},
      {"ScalarImplicit", number_cast}, {"TupleIndex", item},        {"TupleSlice", tuple_slice},
      {"__and__", logic},             {"__contains__", membership}, {"__derive_index", derive_index},
      {"__getitem__", item},          {"__is__", identity_test},    {"__isnot__", identity_test},
      {"__not__", logic},             {"__or__", logic},            {"__range_length", range_length},
      {"abs", unary_number},          {"add", arithmetic},          {"append", append},
      {"ceil", unary_number},         {"device", cpu_device},       {"dim", rank},
      {"div", arithmetic},            {"dtype", element_type},      {"eq", comparison},           {"floor", unary_number},
      {"floor_divide", arithmetic},
      {"floordiv", arithmetic},       {"format", formatted},        {"ge", comparison},
      {"gt", comparison},             {"is_cuda", always_false},    {"is_floating_point", always_true},
      {"le", comparison},             {"len", length},              {"list", copy_list},
      {"lt", comparison},             {"max", arithmetic},          {"min", arithmetic},
      {"mul", arithmetic},            {"ne", comparison},           {"neg", unary_number},
      {"numel", element_total},       {"remainder", arithmetic},    {"size", sizes},
      {"slice", sliced_list},         {"sqrt", unary_number},       {"sub", arithmetic},
      {"warn", nothing},
  };
  return kRules;
}

}  // namespace

std::optional<Value> evaluate_static(Call& call) {
  const auto found = static_rules().find(call.op());
  return found == static_rules().end() ? std::nullopt : found->second(call);
}

}  // namespace halfulp::ingest_child
