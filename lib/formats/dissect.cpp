#include "halfulp/formats/dissect.hpp"

#include "families.hpp"
#include "halfulp/support/assert.hpp"

namespace halfulp {
namespace {

std::string record_names(FormatFamily id) {
  std::string names;
  const auto& records = format_records();
  if (!records) return names;
  for (const FormatRecord& record : *records) {
    if (record.format.family != id) continue;
    names += (names.empty() ? "" : " ") + record.format.name;
  }
  return names;
}

std::string modifiers_of(const ModifierRules& rules) {
  std::string text;
  const auto add = [&text](bool has, const char* word) {
    if (has) text += (text.empty() ? "" : " ") + std::string(word);
  };
  add(rules.overflow, "saturate saturate-symmetric infinity error");
  add(rules.wrap, "wrap");
  add(rules.flush, "gradual flush");
  add(rules.symmetry, "symmetric asymmetric");
  add(rules.scale_rule, "scale-floor scale-ceil scale-nearest scale-even scale-saturation-free");
  add(rules.axis, "axis<K>");
  return text;
}

}  // namespace

std::string counted(int count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::vector<BitField> bit_fields(const Format& format, std::uint64_t code) {
  const auto fields = family_of(format).fields;
  HALFULP_ASSERT(fields != nullptr);
  std::vector<BitField> result;
  int left = format.width_bits;
  for (const FieldWidth& field : fields(format, code)) {
    std::string bits;
    for (int i = 0; i < field.bits; ++i) bits += (code >> --left & 1) != 0 ? '1' : '0';
    if (!bits.empty()) result.push_back({field.name, std::move(bits)});
  }
  HALFULP_ASSERT(left == 0);
  return result;
}

std::string describe(const Format& format) { return family_of(format).describe(format); }

std::string family_name(const Format& format) {
  const Family& family = family_of(format);
  const bool second = family.heads[1] != nullptr && !format.is_signed;
  if (family.heads[0] != nullptr) return family.heads[second ? 1 : 0];
  return format.family == FormatFamily::kPower ? "power" : "scaled";
}

std::vector<FamilyFacts> family_facts() {
  std::vector<FamilyFacts> facts;
  for (const Family* family : families()) {
    const std::string names = record_names(family->id);
    std::string spelling = family->spelling == nullptr ? "" : family->spelling;
    if (!names.empty()) spelling += (spelling.empty() ? "" : " ") + names;
    if (spelling.empty()) continue;  // made by the program only
    facts.push_back({.spelling = std::move(spelling),
                     .values = family->values,
                     .modifiers = modifiers_of(family->modifiers),
                     .is_grouped = family->groups != nullptr});
  }
  return facts;
}

}  // namespace halfulp
