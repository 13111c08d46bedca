// The operators that ingest accepts: the allow list that every block of a model is checked against before anything else is
// done with it, and what `halfulp ops` prints.
#pragma once

#include <string>
#include <vector>

namespace halfulp {

struct SupportedOperator {
  std::string name;                    // canonical name in our graph, "conv"; empty: leaves no node
  std::vector<std::string> spellings;  // names in TorchScript, "aten::conv2d"
  std::string limits;                  // one sentence; empty where everything is supported
};

// Sorted by canonical name.
std::vector<SupportedOperator> supported_operators();

// Operators on ints, bools, strings, lists and tuples, decided while the model is read; and the control flow.
std::vector<std::string> evaluated_operators();

}  // namespace halfulp
