// Processor seconds of a model's float32 forward pass in LibTorch, one image, one thread: what `halfulp simulate --format json` is
// compared with. Usage: bench_torch_forward MODEL EXTENT...
#include <ATen/Parallel.h>
#include <torch/script.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return 2;
  constexpr int kRuns = 15, kWarm = 3;
  std::vector<std::int64_t> shape;
  for (int i = 2; i < count; ++i) shape.push_back(std::atoll(words[i]));
  at::set_num_threads(1);
  const c10::InferenceMode guard;
  auto model = torch::jit::load(words[1]);
  model.eval();
  const auto x = at::randn(shape);
  std::vector<double> seconds;
  for (int run = 0; run < kRuns; ++run) {
    const double start = processor_seconds();
    model.forward({x});
    if (run >= kWarm) seconds.push_back(processor_seconds() - start);
  }
  std::printf("%.6f\n", *std::min_element(seconds.begin(), seconds.end()));
}
