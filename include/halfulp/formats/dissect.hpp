// What a format and one of its codes look like, for people: the fields of a code, a sentence about a format, and the table of
// families that docs/formats.md shows.
#pragma once

#include <string>
#include <vector>

#include "halfulp/formats/format.hpp"

namespace halfulp {

// A run of bits of a code, from the most significant on. Fields that are cut off at the end of the code are left out.
struct BitField {
  std::string name;  // "sign", "regime", "exponent", "fraction", ...
  std::string bits;  // "0110"
};

// The fields of a code of an element format (not scaled), in order; their bits make up the code.
std::vector<BitField> bit_fields(const Format& format, std::uint64_t code);

// "posit, 16 bits, 1 exponent bits, largest step between neighbours 2^2": parameters and special values, without the name.
std::string describe(const Format& format);
// "fixed", "ufixed", "float", "posit", "mx", ...
std::string family_name(const Format& format);

struct FamilyFacts {
  std::string spelling;   // "fixed<W,I> ufixed<W,I>", or the names of its records
  std::string values;     // one sentence
  std::string modifiers;  // beside the rounding modes
  bool is_grouped = false;
};
// In the order of the families.
std::vector<FamilyFacts> family_facts();

}  // namespace halfulp
