#include "arithmetic.hpp"

#include <cmath>

#include "halfulp/formats/round.hpp"

namespace kmeans {

void Arithmetic::round(const std::optional<halfulp::Format>& format, std::span<double> values) {
  if (format) halfulp::round_to(*format, values, values);
}

void Arithmetic::enter(std::span<double> values) const {
  for (double& x : values) x = std::ldexp(x, formats_.scale_exponent);
  round(formats_.value, values);
}

void Arithmetic::leave(std::span<double> values) const {
  for (double& x : values) x = std::ldexp(x, -formats_.scale_exponent);
}

void Arithmetic::subtract(std::span<const double> a, double b, std::span<double> out) {
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] - b;
  round(formats_.value, out);
  counts_.subtract += a.size();
}

void Arithmetic::square(std::span<double> values) {
  for (double& x : values) x *= x;
  round(formats_.distance, values);
  counts_.square += values.size();
}

void Arithmetic::add(std::span<const double> a, std::span<double> in_out) {
  for (std::size_t i = 0; i < a.size(); ++i) in_out[i] += a[i];
  round(formats_.distance, in_out);
  counts_.add += a.size();
}

bool Arithmetic::less(double a, double b) {
  ++counts_.compare;
  return a < b;
}

double Arithmetic::accumulate(double sum, double value) {
  ++counts_.accumulate;
  const double result = sum + value;
  return formats_.sum ? halfulp::round_to(*formats_.sum, result) : result;
}

std::uint64_t Arithmetic::count(std::uint64_t members) {
  ++counts_.count;
  return members + 1;
}

double Arithmetic::divide(double sum, std::uint64_t members) {
  ++counts_.divide;
  const double result = sum / static_cast<double>(members);
  return formats_.value ? halfulp::round_to(*formats_.value, result) : result;
}

}  // namespace kmeans
