// Decimal numbers rounded to a format, as `halfulp formats NAME --round X` shows them.
#pragma once

#include <string>
#include <vector>

#include "halfulp/formats/format.hpp"
#include "halfulp/report/json.hpp"

namespace halfulp::cli {

struct RoundedNumber {
  std::string argument;  // as written
  double value = 0;
  std::string code;      // "0x1d"; empty if the value has none
  std::string fields;    // "sign 0, exponent 0011, significand 101"
  double error = 0;
  double error_ulp = 0;
};

// Each decimal exactly as written (E0105 if the double enclosing it straddles a rounding boundary).
Result<std::vector<RoundedNumber>> round_decimals(const Format& format, const std::vector<std::string>& decimals, std::uint64_t seed);

// Of a group format: the doubles nearest the decimals as one group. `scale` tells what they share.
struct RoundedGroup {
  std::string scale;
  std::vector<RoundedNumber> numbers;
};
Result<RoundedGroup> round_group_of_decimals(const Format& format, const std::vector<std::string>& decimals, std::uint64_t seed);

std::string rounded_text(const RoundedNumber& number);
Json rounded_json(const RoundedNumber& number);

}  // namespace halfulp::cli
