// One role's rounding at one node for one sample.
//
// Random bits of stochastic rounding: random_bits(seed, stream, index) with
//   stream = sample 2^24 + node 2^3 + role    (constants: sample 0)
//   index  = element of the rounded array; for `product` element * depth + t, t counting the products of one dot product; for
//            `accumulator` element * 2 depth + s, s counting its additions as they are performed.
// So a result depends on neither the number of threads nor on the batch a sample is in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "exact_sum.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/graph/graph.hpp"

namespace halfulp::sim {

enum class RoleIndex : std::uint64_t { kInput, kWeight, kBias, kProduct, kAccumulator, kOutput };

struct StreamKey {
  std::uint64_t seed = 0;
  std::uint64_t sample = 0;
  NodeId node = 0;
};

std::uint64_t stream_of(const StreamKey& key, RoleIndex role);

// Without a format nothing is rounded; the round functions require one.
class Rounder {
 public:
  Rounder() = default;
  Rounder(const std::optional<Format>& format, const StreamKey& key, RoleIndex role);

  explicit operator bool() const { return format_ != nullptr; }
  const Format& format() const { return *format_; }
  bool narrow() const { return narrow_; }  // every value of the format is a double
  bool stochastic() const { return format_->rounding == RoundingMode::kStochastic; }

  std::uint32_t random(std::uint64_t index) const;
  double round_double(double x, std::uint64_t index) const;  // requires narrow()
  Expansion round(const ExactSum& x, std::uint64_t index) const;
  Expansion round(const Expansion& x, std::uint64_t index) const;
  Expansion round_quotient(const ExactSum& x, std::uint64_t divisor, std::uint64_t index) const;
  // Element i of the values is index i.
  void round_all(Values& values) const;

 private:
  Expansion round_special(double x) const;

  const Format* format_ = nullptr;
  bool narrow_ = true;
  std::uint64_t seed_ = 0, stream_ = 0;
};

}  // namespace halfulp::sim
