// The generated part of a node: its types, its constant tables, and the configuration of a hand-written kernel.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "network.hpp"

namespace halfulp::emit_detail {

struct TypeDefinition {
  std::string name;    // "fc1_weight_t"
  Format format;
};

struct ConstantTable {
  std::string type;    // element type, "std::int8_t"
  std::string name;    // "fc1_weight_codes"
  std::vector<std::string> values;
};

// One kernel call: kernel<config>(operands..., output).
struct KernelCall {
  std::string kernel;                  // "linear"
  std::string config;                  // name of the configuration
  std::vector<std::string> members;    // its lines
  std::vector<NodeId> operands;        // value arrays that it reads
};

struct Layer {
  NodeId id = 0;
  std::vector<TypeDefinition> types;
  std::vector<ConstantTable> tables;
  std::vector<KernelCall> calls;
  bool alias = false;        // values are those of operand 0, unchanged: nothing is computed
  int accumulator_bits = 0;  // width of the window, Linear only
  std::vector<std::string> notes;
};

// Adds index tables and the member functions that read them.
class Configuration {
 public:
  Configuration(Layer& layer, const Network& network, std::string suffix);

  void type(const std::string& member, const std::string& type);
  void integer(const std::string& member, std::int64_t value);
  void flag(const std::string& member, bool value);
  void line(const std::string& text);
  // static int member(int i): `values`, as the identity or a constant where they are, else a table.
  void index(const std::string& member, std::span<const std::int32_t> values);
  // static TYPE member(int i): codes of a table that holds values of the format named `type`.
  void codes(const std::string& member, const std::string& type, const Format& format, std::span<const double> values,
             bool single = false);
  // Adds a table and gives its name.
  std::string table(const std::string& member, const std::string& type, std::vector<std::string> values);
  KernelCall call(const std::string& kernel, std::vector<NodeId> operands);

 private:
  Layer& layer_;
  std::string prefix_;
  KernelCall call_;
};

std::vector<std::string> texts(std::span<const std::int32_t> values);
std::string index_type(std::span<const std::int32_t> values);
bool is_identity(std::span<const std::int32_t> values);

Result<Layer> make_layer(const Network& network, NodeId id);

Result<void> linear_layer(const Network& network, const LinearForm& form, Layer& layer);
Result<void> unary_layer(const Network& network, const UnaryForm& form, Layer& layer);
Result<void> table_layer(const Network& network, Layer& layer);
Result<void> binary_layer(const Network& network, const BinaryForm& form, Layer& layer);
Result<void> gather_layer(const Network& network, const GatherForm& form, Layer& layer);
Result<void> maximum_layer(const Network& network, const MaxForm& form, Layer& layer);

}  // namespace halfulp::emit_detail
