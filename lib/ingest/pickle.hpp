// Reads a pickle of a TorchScript archive as data: only the opcodes and globals that TorchScript writes are known, nothing is
// called, and every tensor is held against the record that it names.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "halfulp/support/result.hpp"
#include "tensor_claim.hpp"

namespace halfulp {

// Size in bytes of the record "data/KEY" for a KEY of the pickle, if there is one.
using RecordSize = std::function<std::optional<std::uint64_t>(const std::string& key)>;

// Errors: E0111 damaged, E0114 what TorchScript does not write, E0115 a tensor that its record does not carry.
Result<void> check_pickle(std::string_view bytes, const std::string& name, const RecordSize& record_size);

struct PickledTensor {
  TensorClaim claim;
  std::string storage_class;  // "FloatStorage"
};

// The tensor that the pickle consists of. Errors: as check_pickle; E0114 also where it holds something else.
Result<PickledTensor> read_pickled_tensor(std::string_view bytes, const std::string& name, const RecordSize& record_size);

}  // namespace halfulp
