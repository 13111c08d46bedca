// HLS back-ends: from a graph and a schedule to a folder of headers whose results are bit for bit those of Simulator.
#pragma once

#include <string>
#include <vector>

#include "halfulp/operators/form.hpp"
#include "halfulp/schedule/schedule.hpp"

namespace halfulp {

struct EmitOptions {
  std::string backend = "cpp";      // cpp | vitis
  std::string output_folder;
  std::string top = "network";      // name of the top function
  std::string part = "xc7z020clg400-1";  // vitis
  double clock_ns = 10;
  // Samples (one vector of elements a graph input) written with their simulated outputs into the test bench.
  std::vector<std::vector<std::vector<double>>> test_inputs;
  bool overwrite = false;
};

struct EmittedFiles {
  std::vector<std::string> paths;
};

// Nothing is written unless everything can be. Errors: E0701 an input or a node without the formats that integer hardware needs
// (names node and role), E0702 a form the back-end has no template for, E0703 folder not empty without overwrite.
Result<EmittedFiles> emit(const LoweredGraph& graph, const Schedule& schedule, const EmitOptions& options);

std::vector<std::string> backend_names();

}  // namespace halfulp
