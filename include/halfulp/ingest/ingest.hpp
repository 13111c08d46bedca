// Reads a TorchScript file, scripted or traced, as a static graph. The file is a program from a stranger: its directory and
// pickles are checked as data first, then a child process with limits on memory, time and written bytes loads it, checks
// every operator against the allow list and lowers it without running any of it; the graph that comes back is validated
// like any other untrusted input. This lowers the risk of a hostile file, it does not remove it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "halfulp/graph/graph.hpp"

namespace halfulp {

struct IngestOptions {
  std::string path;                     // the TorchScript file
  std::vector<Shape> input_shapes = {}; // one a forward input, batch dimension included where the model has one
  bool infer_shapes_only = false;       // constants keep their shapes, their values are all zero
  std::uint64_t memory_limit_mb = 8192; // address space of the child
  int time_limit_s = 120;               // processor time of the child
};

// Errors: E0101 unreadable; E0110..E0119 the file itself; E0120 shapes; E0121 a form of an operator
// that is not supported and E0401 an unlisted operator (both ExitCode::kUnsupportedOperator); E0411..E0414 of validate().
Result<Graph> ingest(const IngestOptions& options);

}  // namespace halfulp
