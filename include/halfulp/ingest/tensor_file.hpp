// One tensor saved by torch.save(tensor, path), or by a TorchScript tensor archive of the same layout, read as data: no torch,
// and no code of the file runs. float16/32/64, bfloat16, bool and integers, widened to double exactly.
#pragma once

#include <string>

#include "halfulp/support/result.hpp"
#include "halfulp/support/tensor.hpp"

namespace halfulp {

// Errors: E0101 unreadable, E0102 with what the file holds instead.
Result<Tensor> read_torch_tensor(const std::string& path);

}  // namespace halfulp
