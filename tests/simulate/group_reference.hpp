// Group formats by their definitions, in rational arithmetic: every value of the element format listed, every scale decided exactly.
#pragma once

#include <gmpxx.h>

#include <functional>
#include <string>
#include <vector>

namespace halfulp::testing {

using Rationals = std::vector<mpq_class>;

// Rounds the values of one group (nvfp4: given the largest magnitude of the tensor), to nearest even.
using GroupReference = std::function<Rationals(const Rationals& group, const mpq_class& tensor_max)>;

GroupReference bfp_reference(int significand_bits);
GroupReference mx_e4m3_reference();
GroupReference mx_e2m1_reference();
GroupReference nvfp4_reference();
GroupReference dynamic_fixed_reference(int width);
GroupReference int_reference(int width);   // symmetric
GroupReference uint_reference(int width);

// Groups of `size` neighbours of each row (the last may be shorter); size 0: everything is one group.
Rationals round_rows(const Rationals& values, std::size_t row, std::size_t size, const GroupReference& reference);

mpq_class power_of_two(int exponent);
// floor(log2 x) of x > 0.
int floor_log2(const mpq_class& x);
mpq_class nearest_integer(const mpq_class& x);  // ties to even
mpq_class largest_magnitude(const Rationals& values);

// The value of a posit's code of N bits with `exponent_bits`, and the posit nearest to x in the order of bit strings: the boundary
// between two codes is the posit of one more bit between them; ties to the even code.
mpq_class posit_value(int bits, int exponent_bits, long code);
mpq_class posit_reference(int bits, int exponent_bits, const mpq_class& x);

}  // namespace halfulp::testing
