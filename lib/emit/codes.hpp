// Integer codes of values: what the emitted files store instead of numbers.
#pragma once

#include <cstdint>
#include <string>

#include "halfulp/formats/exact.hpp"
#include "halfulp/formats/format.hpp"

namespace halfulp::emit_detail {

// x rounded to the format (deterministic modes), exactly.
Expansion round_value(const Format& format, double x);
double value_of(const Expansion& x);  // the sum of the parts, rounded to double

// The code of a value of the format as 64 bits: two's complement for fixed, the storage bits for floats; zero always has code 0.
// Asserts that x is a value of the format.
std::uint64_t code_of(const Format& format, const Expansion& x);

// C++ literal of the code, and the type of an array of them.
std::string code_literal(const Format& format, std::uint64_t code);
std::string code_type(const Format& format);
// Decimal as the test bench reads and prints it.
std::string code_text(const Format& format, std::uint64_t code);

}  // namespace halfulp::emit_detail
