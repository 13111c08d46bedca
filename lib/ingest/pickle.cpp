#include "pickle.hpp"

#include <cstring>
#include <memory>
#include <unordered_map>
#include <vector>

#include "tensor_claim.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kMaxStack = 10'000'000;

// A value of the pickle, as far as the checks need it.
struct Item {
  enum class Kind { kOther, kMark, kInteger, kText, kGlobal, kTuple, kStorage, kTensor };
  Kind kind = Kind::kOther;
  std::int64_t integer = 0;
  std::string text;         // kText; kGlobal: "module name"
  StorageClaim storage;
  std::vector<std::shared_ptr<const Item>> items;  // kTuple
  TensorClaim tensor = {};
};
using Ref = std::shared_ptr<const Item>;

bool is_known_global(const std::string& module, const std::string& name) {
  if (module.rfind("__torch__.torch.classes", 0) == 0) return false;
  if (module == "__torch__" || module.rfind("__torch__.", 0) == 0) return true;
  if (module == "collections") return name == "OrderedDict";
  if (module == "torch._utils") return name == "_rebuild_tensor_v2";
  if (module == "torch") return element_bytes(name) != 0 || name == "device";
  if (module != "torch.jit._pickle") return false;
  return name == "build_intlist" || name == "build_tensorlist" || name == "build_doublelist" || name == "build_boollist" ||
         name == "restore_type_tag";
}

class Machine {
 public:
  Machine(std::string_view bytes, const std::string& name, const RecordSize& record_size)
      : bytes_(bytes), name_(name), record_size_(record_size) {}

  Result<void> run() {
    while (!stopped_) {
      if (bytes_.empty()) return damaged();
      const auto opcode = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      if (auto done = step(opcode); !done) return done;
      if (stack_.size() > kMaxStack) return fail("E0113", "'" + name_ + "' holds too many values", name_);
    }
    return {};
  }

  // After run(): what the pickle consists of, if that is one tensor.
  const TensorClaim* tensor() const {
    const bool is_one = stack_.size() == 1 && stack_[0]->kind == Item::Kind::kTensor;
    return is_one ? &stack_[0]->tensor : nullptr;
  }

 private:
  Result<void> step(unsigned char opcode);
  Result<void> step_value(unsigned char opcode);
  Result<void> step_container(unsigned char opcode);

  Result<void> damaged() const { return fail("E0111", "'" + name_ + "' is damaged", name_); }
  Result<void> foreign(const std::string& what) const {
    return fail("E0114", "'" + name_ + "' holds " + what + ", which no TorchScript model of this tool's kind does", name_);
  }

  template <typename T>
  bool take(T& value) {
    if (bytes_.size() < sizeof value) return false;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return true;
  }
  bool take_text(std::size_t size, std::string& text) {
    if (bytes_.size() < size) return false;
    text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return true;
  }
  bool take_line(std::string& text) {
    const std::size_t end = bytes_.find('\n');
    if (end == std::string_view::npos || !take_text(end, text)) return false;
    bytes_.remove_prefix(1);
    return true;
  }

  void push(Item item) { stack_.push_back(std::make_shared<const Item>(std::move(item))); }
  void push_other() { push({}); }
  Result<void> push_integer(std::int64_t value) {
    push({.kind = Item::Kind::kInteger, .integer = value, .text = {}, .storage = {}, .items = {}});
    return {};
  }
  // Drops `count` values, none of them a mark.
  bool pop(std::size_t count, std::vector<Ref>& values) {
    if (stack_.size() < count) return false;
    values.assign(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    for (const Ref& value : values) {
      if (value->kind == Item::Kind::kMark) return false;
    }
    return true;
  }
  bool pop_to_mark(std::vector<Ref>& values) {
    std::size_t at = stack_.size();
    while (at > 0 && stack_[at - 1]->kind != Item::Kind::kMark) --at;
    if (at == 0) return false;
    values.assign(stack_.begin() + static_cast<std::ptrdiff_t>(at), stack_.end());
    stack_.resize(at - 1);
    return true;
  }
  Result<void> push_tuple(std::vector<Ref> items) {
    push({.kind = Item::Kind::kTuple, .integer = 0, .text = {}, .storage = {}, .items = std::move(items)});
    return {};
  }
  Result<void> tuple_of(std::size_t count) {
    std::vector<Ref> values;
    return pop(count, values) ? push_tuple(std::move(values)) : damaged();
  }
  template <typename Key>
  Result<void> remember() {
    Key key{};
    if (!take(key) || stack_.empty()) return damaged();
    memo_[key] = stack_.back();
    return {};
  }
  template <typename Key>
  Result<void> recall() {
    Key key{};
    if (!take(key)) return damaged();
    const auto found = memo_.find(key);
    if (found == memo_.end()) return damaged();
    stack_.push_back(found->second);
    return {};
  }

  Result<void> global();
  Result<void> persistent_storage();
  Result<void> reduce();
  Result<void> rebuilt_tensor(const Item& arguments);

  std::string_view bytes_;
  const std::string& name_;
  const RecordSize& record_size_;
  std::vector<Ref> stack_;
  std::unordered_map<std::uint32_t, Ref> memo_;
  bool stopped_ = false;
};

Result<void> Machine::step(unsigned char opcode) {
  switch (opcode) {
    case 0x80: {  // PROTO
      std::uint8_t version = 0;
      return take(version) && version == 2 ? Result<void>{} : damaged();
    }
    case '.': stopped_ = true; return {};
    case 'q': return remember<std::uint8_t>();
    case 'r': return remember<std::uint32_t>();
    case 'h': return recall<std::uint8_t>();
    case 'j': return recall<std::uint32_t>();
    case 'c': return global();
    case 'Q': return persistent_storage();
    case 'R': return reduce();
    default: return step_value(opcode);
  }
}

Result<void> Machine::step_value(unsigned char opcode) {
  switch (opcode) {
    case 'N': case 0x88: case 0x89: push_other(); return {};  // None, True, False
    case 'K': { std::uint8_t value; return take(value) ? push_integer(value) : damaged(); }
    case 'M': { std::uint16_t value; return take(value) ? push_integer(value) : damaged(); }
    case 'J': { std::int32_t value; return take(value) ? push_integer(value) : damaged(); }
    case 0x8a: {  // LONG1: TorchScript writes 8 bytes
      std::uint8_t size;
      std::int64_t value;
      return take(size) && size == 8 && take(value) ? push_integer(value) : damaged();
    }
    case 'G': { double value; if (!take(value)) return damaged(); push_other(); return {}; }
    case 'X': case 'T': {  // BINUNICODE, BINSTRING
      std::uint32_t size;
      Item item{.kind = Item::Kind::kText, .integer = 0, .text = {}, .storage = {}, .items = {}};
      if (!take(size) || !take_text(size, item.text)) return damaged();
      push(std::move(item));
      return {};
    }
    default: return step_container(opcode);
  }
}

Result<void> Machine::step_container(unsigned char opcode) {
  std::vector<Ref> values;
  switch (opcode) {
    case '(': push({.kind = Item::Kind::kMark, .integer = 0, .text = {}, .storage = {}, .items = {}}); return {};
    case ')': return push_tuple({});
    case ']': case '}': push_other(); return {};
    case 0x85: return tuple_of(1);
    case 0x86: return tuple_of(2);
    case 0x87: return tuple_of(3);
    case 't': return pop_to_mark(values) ? push_tuple(std::move(values)) : damaged();
    case 'e': case 'u': return pop_to_mark(values) && !stack_.empty() ? Result<void>{} : damaged();  // APPENDS, SETITEMS
    case 'a': case 'b': return pop(1, values) && !stack_.empty() ? Result<void>{} : damaged();       // APPEND, BUILD
    case 's': return pop(2, values) && !stack_.empty() ? Result<void>{} : damaged();                 // SETITEM
    case 0x81:  // NEWOBJ
      if (!pop(2, values)) return damaged();
      if (values[0]->kind != Item::Kind::kGlobal) return foreign("an object of no class");
      push_other();
      return {};
    default: return foreign("pickle opcode " + std::to_string(opcode));
  }
}

Result<void> Machine::global() {
  std::string module, name;
  if (!take_line(module) || !take_line(name)) return damaged();
  if (!is_known_global(module, name)) return foreign("a reference to '" + module + "." + name + "'");
  push({.kind = Item::Kind::kGlobal, .integer = 0, .text = module + " " + name, .storage = {}, .items = {}});
  return {};
}

// ("storage", torch.FloatStorage, "KEY", "cpu", elements).
Result<void> Machine::persistent_storage() {
  std::vector<Ref> values;
  if (!pop(1, values) || values[0]->kind != Item::Kind::kTuple || values[0]->items.size() != 5) return damaged();
  const auto& parts = values[0]->items;
  const bool fits = parts[0]->text == "storage" && parts[1]->kind == Item::Kind::kGlobal && parts[2]->kind == Item::Kind::kText &&
                    parts[4]->kind == Item::Kind::kInteger && parts[4]->integer >= 0;
  if (!fits) return damaged();
  const std::string& type = parts[1]->text;
  const std::uint64_t width = type.rfind("torch ", 0) == 0 ? element_bytes(type.substr(6)) : 0;
  if (width == 0) return foreign("a storage of class '" + type + "'");
  const std::optional<std::uint64_t> bytes = record_size_(parts[2]->text);
  const auto elements = static_cast<std::uint64_t>(parts[4]->integer);
  if (!bytes) return fail("E0115", "'" + name_ + "' names the record '" + parts[2]->text + "', which is not there", name_);
  if (elements > *bytes / width) {
    return fail("E0115", "record '" + parts[2]->text + "' holds " + std::to_string(*bytes) + " bytes, too few for the " +
                             std::to_string(elements) + " elements of " + std::to_string(width) + " bytes that '" + name_ + "' claims", name_);
  }
  push({.kind = Item::Kind::kStorage, .integer = 0, .text = {}, .storage = {parts[2]->text, elements, type.substr(6)}, .items = {}});
  return {};
}

Result<void> Machine::reduce() {
  std::vector<Ref> values;
  if (!pop(2, values)) return damaged();
  const Item& callee = *values[0];
  const Item& arguments = *values[1];
  if (callee.kind != Item::Kind::kGlobal || arguments.kind != Item::Kind::kTuple) return foreign("a call of something that is no function");
  if (callee.text == "torch._utils _rebuild_tensor_v2") return rebuilt_tensor(arguments);
  const bool is_tag = callee.text == "torch.jit._pickle restore_type_tag" && !arguments.items.empty();
  if (is_tag) stack_.push_back(arguments.items[0]);
  else push_other();
  return {};
}

bool integers_of(const Item& tuple, std::vector<std::int64_t>& values) {
  if (tuple.kind != Item::Kind::kTuple) return false;
  for (const Ref& item : tuple.items) {
    if (item->kind != Item::Kind::kInteger) return false;
    values.push_back(item->integer);
  }
  return true;
}

// (storage, offset, sizes, strides, requires_grad, hooks).
Result<void> Machine::rebuilt_tensor(const Item& arguments) {
  const auto& parts = arguments.items;
  if (parts.size() < 5 || parts[0]->kind != Item::Kind::kStorage || parts[1]->kind != Item::Kind::kInteger) return damaged();
  TensorClaim claim{parts[0]->storage, parts[1]->integer, {}, {}};
  if (!integers_of(*parts[2], claim.sizes) || !integers_of(*parts[3], claim.strides)) return damaged();
  if (auto checked = check_claim(claim); !checked) return checked;
  push({.kind = Item::Kind::kTensor, .integer = 0, .text = {}, .storage = {}, .items = {}, .tensor = std::move(claim)});
  return {};
}

}  // namespace

Result<void> check_pickle(std::string_view bytes, const std::string& name, const RecordSize& record_size) {
  return Machine(bytes, name, record_size).run();
}

Result<PickledTensor> read_pickled_tensor(std::string_view bytes, const std::string& name, const RecordSize& record_size) {
  Machine machine(bytes, name, record_size);
  if (auto done = machine.run(); !done) return fail(done.error());
  const TensorClaim* tensor = machine.tensor();
  if (tensor == nullptr) return fail("E0114", "'" + name + "' holds something other than one tensor", name);
  return PickledTensor{*tensor, tensor->storage.storage_class};
}

}  // namespace halfulp
