#include "option_sets.hpp"

namespace halfulp::cli {

Operand model_operand() { return {.name = "MODEL", .help = "TorchScript file, scripted or traced"}; }

std::vector<Option> shape_options() {
  return {{.name = "input-shape", .value = "SHAPE", .help = "one sample as forward takes it, such as 1,3,32,32; once an input", .repeatable = true}};
}

std::vector<Option> input_set_options() {
  return {
      {.name = "input", .value = "INTERVAL", .help = "every element of an input lies in it, such as \"[0,1]\"; once for all inputs, or once an input",
       .repeatable = true},
      {.name = "box", .value = "FILE", .help = "CSV of lower,upper, a row an element of the input in row-major order; once an input", .repeatable = true},
      {.name = "data", .value = "FILE", .help = "NPY, NPZ, CSV, IDX or saved tensor of samples along axis 0; once an input", .repeatable = true},
      {.name = "labels", .value = "FILE", .help = "class numbers, one a sample of --data, in any of these formats"},
      {.name = "radius", .value = "R", .fallback = "0", .help = "each sample stands for the ball of this radius (max norm) around it"},
  };
}

std::vector<Option> precision_options() {
  return {{.name = "uniform", .value = "FORMAT", .help = "this format for every role of every layer, accumulators exact"},
          {.name = "schedule", .value = "FILE", .help = "formats from a precision schedule"}};
}

std::vector<Option> engine_options(const char* engine_default) {
  return {{.name = "method", .value = "METHOD", .fallback = "auto", .help = "how ranges and errors are bounded",
           .choices = {"auto", "interval", "affine", "backward", "split"}},
          {.name = "engine", .value = "ENGINE", .fallback = engine_default, .help = "arithmetic of the proof", .choices = {"mpfr", "fast"}},
          {.name = "bits", .value = "N", .fallback = "128", .help = "working precision of --engine mpfr, 53 to 256"}};
}

std::vector<Option> join_options(std::vector<std::vector<Option>> groups) {
  std::vector<Option> all;
  for (auto& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

}  // namespace halfulp::cli
