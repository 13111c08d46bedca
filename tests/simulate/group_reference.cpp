#include "group_reference.hpp"

#include <algorithm>

namespace halfulp::testing {
namespace {

// Values 0 = v[0] < v[1] < ..., each the magnitude of the code that is its index.
using Magnitudes = std::vector<mpq_class>;

mpq_class nearest_magnitude(const Magnitudes& values, const mpq_class& x) {
  const mpq_class size = abs(x);
  const auto above = std::lower_bound(values.begin(), values.end(), size);
  if (above == values.end()) return sgn(x) * values.back();
  if (above == values.begin()) return 0;
  const auto below = above - 1;
  const mpq_class to_above = *above - size, to_below = size - *below;
  const bool above_is_even = (above - values.begin()) % 2 == 0;
  const bool up = to_above < to_below || (to_above == to_below && above_is_even);
  return sgn(x) * (up ? *above : *below);
}

Magnitudes e4m3_magnitudes() {
  Magnitudes values;
  for (int code = 0; code < 127; ++code) {
    const int exponent = code / 8, significand = code % 8;
    values.push_back(exponent == 0 ? significand * power_of_two(-9) : (8 + significand) * power_of_two(exponent - 10));
  }
  return values;
}

Magnitudes e2m1_magnitudes() { return {0, mpq_class(1, 2), 1, mpq_class(3, 2), 2, 3, 4, 6}; }

Magnitudes integers_up_to(long largest) {
  Magnitudes values;
  for (long k = 0; k <= largest; ++k) values.emplace_back(k);
  return values;
}

Rationals scaled_to(const Rationals& group, const mpq_class& scale, const Magnitudes& values) {
  Rationals result;
  for (const mpq_class& x : group) result.push_back(scale * nearest_magnitude(values, x / scale));
  return result;
}

GroupReference power_scaled(Magnitudes values, int element_exponent) {
  return [values = std::move(values), element_exponent](const Rationals& group, const mpq_class&) {
    const mpq_class most = largest_magnitude(group);
    if (most == 0) return group;
    const int exponent = std::clamp(floor_log2(most) - element_exponent, -127, 127);
    return scaled_to(group, power_of_two(exponent), values);
  };
}

// The unit in the last place of float32 numbers around x > 0.
mpq_class single_unit(const mpq_class& x) { return power_of_two(std::max(floor_log2(x), -126) - 23); }
mpq_class nearest_single(const mpq_class& x) { return single_unit(x) * nearest_integer(x / single_unit(x)); }
mpq_class single_above(const mpq_class& x) {
  const mpq_class nearest = nearest_single(x);
  return nearest < x ? mpq_class(nearest + single_unit(x)) : nearest;
}

mpq_class clamp(const mpq_class& x, const mpq_class& low, const mpq_class& high) { return x < low ? low : x > high ? high : x; }

}  // namespace

mpq_class power_of_two(int exponent) {
  mpq_class result = 1;
  if (exponent >= 0) result <<= static_cast<unsigned long>(exponent);
  else result >>= static_cast<unsigned long>(-exponent);
  return result;
}

int floor_log2(const mpq_class& x) {
  int exponent = static_cast<int>(mpz_sizeinbase(x.get_num_mpz_t(), 2)) - static_cast<int>(mpz_sizeinbase(x.get_den_mpz_t(), 2));
  while (power_of_two(exponent) > x) --exponent;
  while (power_of_two(exponent + 1) <= x) ++exponent;
  return exponent;
}

mpq_class nearest_integer(const mpq_class& x) {
  const mpq_class shifted = x + mpq_class(1, 2);
  mpz_class result;
  mpz_fdiv_q(result.get_mpz_t(), shifted.get_num_mpz_t(), shifted.get_den_mpz_t());
  const bool tie = mpq_class(result) == shifted;
  return mpq_class(tie && mpz_odd_p(result.get_mpz_t()) ? mpz_class(result - 1) : result);
}

mpq_class largest_magnitude(const Rationals& values) {
  mpq_class most = 0;
  for (const mpq_class& x : values) most = std::max<mpq_class>(most, abs(x));
  return most;
}

GroupReference bfp_reference(int significand_bits) {
  return power_scaled(integers_up_to((1L << (significand_bits - 1)) - 1), significand_bits - 2);
}

GroupReference mx_e4m3_reference() { return power_scaled(e4m3_magnitudes(), 8); }
GroupReference mx_e2m1_reference() { return power_scaled(e2m1_magnitudes(), 2); }

GroupReference nvfp4_reference() {
  return [](const Rationals& group, const mpq_class& tensor_max) {
    const mpq_class least_single = power_of_two(-149);
    const mpq_class tensor_scale = tensor_max == 0 ? least_single : std::max<mpq_class>(nearest_single(tensor_max / 2688), least_single);
    const Magnitudes scales = e4m3_magnitudes();
    const mpq_class wanted = largest_magnitude(group) / (6 * tensor_scale);
    const mpq_class scale = std::max<mpq_class>(nearest_magnitude(scales, wanted), scales[1]);
    return scaled_to(group, scale * tensor_scale, e2m1_magnitudes());
  };
}

GroupReference dynamic_fixed_reference(int width) {
  return [width](const Rationals& group, const mpq_class&) {
    const mpq_class half = power_of_two(width - 1) - mpq_class(1, 2);
    const mpq_class least = *std::min_element(group.begin(), group.end()), most = *std::max_element(group.begin(), group.end());
    if (least >= 0 && most <= 0) return group;
    mpq_class room = most > 0 ? mpq_class(half / most) : mpq_class((half + 1) / -least);
    if (least < 0) room = std::min<mpq_class>(room, (half + 1) / -least);
    const mpq_class unit = power_of_two(-floor_log2(room));
    Rationals result;
    for (const mpq_class& x : group) {
      result.push_back(unit * clamp(nearest_integer(x / unit), -power_of_two(width - 1), power_of_two(width - 1) - 1));
    }
    return result;
  };
}

GroupReference int_reference(int width) {
  return [width](const Rationals& group, const mpq_class&) {
    const mpq_class codes = power_of_two(width - 1) - 1, most = largest_magnitude(group);
    if (most == 0) return group;
    const mpq_class scale = single_above(most / codes);
    Rationals result;
    for (const mpq_class& x : group) result.push_back(scale * clamp(nearest_integer(x / scale), -codes, codes));
    return result;
  };
}

GroupReference uint_reference(int width) {
  return [width](const Rationals& group, const mpq_class&) {
    const mpq_class codes = power_of_two(width) - 1;
    const mpq_class low = std::min<mpq_class>(0, *std::min_element(group.begin(), group.end()));
    const mpq_class high = std::max<mpq_class>(0, *std::max_element(group.begin(), group.end()));
    if (low == high) return group;
    const mpq_class scale = single_above((high - low) / codes), zero = nearest_integer(-low / scale);
    Rationals result;
    for (const mpq_class& x : group) result.push_back(scale * (clamp(nearest_integer(x / scale) + zero, 0, codes) - zero));
    return result;
  };
}

Rationals round_rows(const Rationals& values, std::size_t row, std::size_t size, const GroupReference& reference) {
  const mpq_class tensor_max = largest_magnitude(values);
  if (size == 0) return reference(values, tensor_max);
  Rationals result;
  for (std::size_t first = 0; first < values.size();) {
    const std::size_t left = row - first % row;
    const std::size_t count = std::min(size, left);
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
    const Rationals rounded = reference({begin, begin + static_cast<std::ptrdiff_t>(count)}, tensor_max);
    result.insert(result.end(), rounded.begin(), rounded.end());
    first += count;
  }
  return result;
}

mpq_class posit_value(int bits, int exponent_bits, long code) {
  if (code == 0) return 0;
  const auto bit = [&](int i) { return i < 0 ? 0 : static_cast<int>((code >> i) & 1); };
  int at = bits - 2;
  const int first = bit(at);
  int run = 0;
  while (at >= 0 && bit(at) == first) {
    ++run;
    --at;
  }
  const int regime = first == 1 ? run - 1 : -run;
  --at;  // the bit that ends the regime
  int exponent = 0;
  for (int i = 0; i < exponent_bits; ++i) exponent = 2 * exponent + bit(at--);
  mpq_class significand = 1;
  for (int weight = 1; at >= 0; ++weight) significand += bit(at--) * power_of_two(-weight);
  return significand * power_of_two(regime * (1 << exponent_bits) + exponent);
}

mpq_class posit_reference(int bits, int exponent_bits, const mpq_class& x) {
  if (x == 0) return 0;
  const mpq_class size = abs(x);
  const long most = (1L << (bits - 1)) - 1;
  long low = 1, high = most;  // the last code whose value is at most `size`, at least 1
  while (low < high) {
    const long middle = (low + high + 1) / 2;
    if (posit_value(bits, exponent_bits, middle) <= size) low = middle;
    else high = middle - 1;
  }
  const mpq_class boundary = posit_value(bits + 1, exponent_bits, 2 * low + 1);
  const bool up = low < most && (size > boundary || (size == boundary && low % 2 == 1));
  return sgn(x) * posit_value(bits, exponent_bits, up ? low + 1 : low);
}

}  // namespace halfulp::testing
