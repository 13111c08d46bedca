// The files of a network: the hand-written headers as they are, the templates filled in.
#pragma once

#include <vector>

#include "backend.hpp"
#include "folder.hpp"
#include "layers.hpp"
#include "vectors.hpp"

namespace halfulp::emit_detail {

struct Content {
  const Network* network = nullptr;
  const Backend* backend = nullptr;
  const EmitOptions* options = nullptr;
  std::vector<Layer> layers;  // of network->live, in order
  TestVectors vectors;
  std::string claim;          // one line: what is claimed of the result
  std::string model_sha256, schedule_sha256;
};

Result<std::vector<TextFile>> render(const Content& content);

}  // namespace halfulp::emit_detail
