// Names of operations and axes in target files, in the order of their enumerators.
#include <algorithm>
#include <array>
#include <string_view>

#include "halfulp/cost/operation.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

constexpr std::array<std::string_view, 17> kOperations = {
    "fixed_multiply", "fixed_add",      "fixed_round",    "float_multiply", "float_product",  "float_add",       "float_round",     "float_to_fixed",
    "fixed_to_float", "maximum",        "select",         "divide",         "function",       "parameter_read",  "activation_read", "activation_write",
    "log_product"};

constexpr std::array<std::string_view, 12> kAxes = {"left_bits", "right_bits", "bits_product", "left_precision", "right_precision", "precision_product",
                                                    "in_bits",   "out_bits",   "bits",         "precision",      "exponent_bits",   "kilobytes"};

template <typename Enumeration, std::size_t N>
std::optional<Enumeration> find(const std::array<std::string_view, N>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enumeration>(found - names.begin());
}

}  // namespace

std::optional<Operation> operation_of(const std::string& name) { return find<Operation>(kOperations, name); }
std::optional<Axis> axis_of(const std::string& name) { return find<Axis>(kAxes, name); }
std::vector<std::string> operation_spellings() { return {kOperations.begin(), kOperations.end()}; }
std::vector<std::string> axis_spellings() { return {kAxes.begin(), kAxes.end()}; }

double value_of(Axis axis, const Operands& operands) {
  switch (axis) {
    case Axis::kLeftBits: return operands.left_bits;
    case Axis::kRightBits: return operands.right_bits;
    case Axis::kBitsProduct: return operands.left_bits * operands.right_bits;
    case Axis::kLeftPrecision: return operands.left_precision;
    case Axis::kRightPrecision: return operands.right_precision;
    case Axis::kPrecisionProduct: return operands.left_precision * operands.right_precision;
    case Axis::kInBits: return operands.in_bits;
    case Axis::kOutBits: return operands.out_bits;
    case Axis::kBits: return operands.bits;
    case Axis::kPrecision: return operands.precision;
    case Axis::kExponentBits: return operands.exponent_bits;
    case Axis::kKilobytes: return operands.kilobytes;
  }
  HALFULP_ASSERT(!"an axis of a table");
}

}  // namespace halfulp
