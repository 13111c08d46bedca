// The constructors and limits of the format families, and the table of named records.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "family.hpp"

namespace halfulp {

// E0202 with the allowed range, or the format.
Result<Format> checked_fixed(bool is_signed, int width_bits, int integer_bits);
Result<Format> checked_float(int exponent_bits, int stored_significand_bits);

struct FormatRecord {
  Format format;
  std::vector<std::string> aliases;
};

// All rows of one file of rules/formats, checked. E0204 for a row that makes no format.
Result<std::vector<FormatRecord>> read_records(const std::string& path);
// The rows of all files, in the order of file names, read once.
const Result<std::vector<FormatRecord>>& format_records();

// ":up" or ":stochastic<8>"; empty for nearest-even.
std::string rounding_suffix(const Format& format);
std::string hexadecimal(double x);  // "0x1.8p+3"

// Applies the modifiers (spelling without the base, split at colons) and appends the non-default
// ones to the name.
Result<void> apply_modifiers(Format& format, const std::vector<std::string>& modifiers);

}  // namespace halfulp
