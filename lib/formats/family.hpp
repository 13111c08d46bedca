// What a family of formats is to the rest of this module: a table of functions, one constant a
// family. registry.cpp lists them all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exact_number.hpp"
#include "halfulp/formats/format.hpp"
#include "halfulp/formats/group.hpp"

namespace halfulp {

// "int<8>@channel" is {"int<8>@channel", "int", {"8"}, "@channel"}.
struct Spelling {
  std::string text, head;
  std::vector<std::string> parameters;
  std::string suffix;
};

// Rounding of single values. Every argument of number type is not zero; codes fit the width.
struct ElementRules {
  double (*round)(const Format&, double x, std::uint32_t random);  // any x
  void (*round_all)(const Format&, std::span<const double> in, std::span<double> out,
                    std::uint64_t seed, std::uint64_t stream);
  Expansion (*round_number)(const Format&, const ExactNumber&, std::uint32_t random);
  bool (*overflows)(const Format&, const ExactNumber&);
  double (*decode)(const Format&, std::uint64_t code);
  std::optional<std::uint64_t> (*encode)(const Format&, double x);
  double (*largest)(const Format&);
  double (*lowest)(const Format&);
  double (*smallest_positive)(const Format&);
  double (*smallest_normal)(const Format&);
  double (*unit_roundoff)(const Format&);
  double (*max_rounding_error)(const Format&, double magnitude);  // magnitude > 0
  bool (*fits_double)(const Format&);
};

struct GroupRules {
  double (*tensor_scale)(const Format&, const GroupExtent& tensor);
  GroupScale (*choose_scale)(const Format&, const GroupExtent& group, double tensor_scale);
  Format (*element)(const Format&, const GroupScale&);
  double (*max_error)(const Format&, double max_abs);  // max_abs > 0
  double (*max_value)(const Format&, double max_abs);
  double (*smallest_positive)(const Format&);
};

struct FieldWidth {
  const char* name;
  int bits;
};

// GroupRules::tensor_scale of families with one level of scales.
double no_tensor_scale(const Format&, const GroupExtent&);

// Which modifiers a family takes beside the rounding mode.
struct ModifierRules {
  bool overflow = false;  // all but wrap
  bool wrap = false;
  bool flush = false;
  bool axis = false;
  bool scale_rule = false;
  bool symmetry = false;
};

struct OrderedRules;  // ordered.hpp

struct Family {
  FormatFamily id;
  const char* values;         // a sentence on its numbers, for people
  const char* heads[2];       // names that take parameters; nullptr = none
  const char* spelling;       // "posit<N,ES>"; nullptr: only records or internal
  const char* parameters[2];  // the parameter list of each head, for help texts
  Result<Format> (*parse)(const Spelling&);
  const ElementRules* elements;  // one of these two
  const GroupRules* groups;
  const OrderedRules* ordered;  // of families rounded by ordered.cpp
  ModifierRules modifiers;
  // Widths of the fields of a code, from the most significant on; nullptr for groups.
  std::vector<FieldWidth> (*fields)(const Format&, std::uint64_t code);
  std::string (*describe)(const Format&);
};

extern const Family kFixedFamily, kFloatFamily, kPowerFamily, kPositFamily, kTakumFamily,
    kLnsFamily, kDoubleWordFamily, kScaledFamily, kIntegerFamily, kDynamicFixedFamily, kBlockFamily,
    kMicroscalingFamily, kNvfp4Family;

const Family& family_of(const Format& format);
std::span<const Family* const> families();

// E0202 unless there are `count` integer parameters; they are clamped to +-2^20.
Result<std::vector<int>> integer_parameters(const Spelling& spelling, const Family& family,
                                            std::size_t count);

// The default of ElementRules::round_all: one value after the other.
void round_each(const Format& format, std::span<const double> in, std::span<double> out,
                std::uint64_t seed, std::uint64_t stream);

bool is_nearest(RoundingMode mode);
std::string counted(int count, const char* noun);  // "1 bit", "8 bits"

}  // namespace halfulp
