// What a pickle says about a tensor, held against the record that should carry it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

struct StorageClaim {
  std::string record;           // "data/0"
  std::uint64_t elements = 0;
  std::string storage_class = {};  // "FloatStorage"
};

struct TensorClaim {
  StorageClaim storage;
  std::int64_t offset = 0;      // in elements
  std::vector<std::int64_t> sizes, strides;
};

// Bytes of an element of that storage class ("FloatStorage"), or 0 where it is not supported.
std::uint64_t element_bytes(const std::string& storage_class);

// Errors: E0115. Every element lies inside the storage, and the shape is not far larger than it.
Result<void> check_claim(const TensorClaim& claim);

}  // namespace halfulp
