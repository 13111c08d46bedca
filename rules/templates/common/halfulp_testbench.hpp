// Codes as decimal text, for the test bench.
#ifndef HALFULP_TESTBENCH_HPP
#define HALFULP_TESTBENCH_HPP

#include <cstdint>
#include <istream>
#include <ostream>
#include <type_traits>

#include "halfulp_rounding.hpp"

namespace halfulp_rt {

template <class T>
using wide_code = std::conditional_t<std::is_signed_v<typename number<T>::code_type>, std::int64_t, std::uint64_t>;

template <class T>
bool read_codes(std::istream& in, T* values, int count) {
  for (int i = 0; i < count; ++i) {
    wide_code<T> code = 0;
    if (!(in >> code)) return false;
    values[i] = number<T>::from_code(static_cast<typename number<T>::code_type>(code));
  }
  return true;
}

template <class T>
void print_codes(std::ostream& out, const T* values, int count, bool& first) {
  for (int i = 0; i < count; ++i) {
    out << (first ? "" : " ") << static_cast<wide_code<T>>(number<T>::code(values[i]));
    first = false;
  }
}

template <class T, class Code>
void load(const Code* codes, T* values, int count) {
  for (int i = 0; i < count; ++i) values[i] = number<T>::from_code(codes[i]);
}

// The number of values whose code is not the expected one; the first is reported.
template <class T, class Code>
int mismatches(std::ostream& out, const char* name, int sample, const T* values, const Code* expected, int count) {
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    const wide_code<T> code = number<T>::code(values[i]), wanted = expected[i];
    if (code == wanted) continue;
    if (wrong == 0) out << name << ", sample " << sample << ", element " << i << ": " << code << ", expected " << wanted << "\n";
    ++wrong;
  }
  return wrong;
}

}  // namespace halfulp_rt

#endif
