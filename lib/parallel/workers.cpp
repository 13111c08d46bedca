#include "halfulp/parallel/workers.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

#include "team.hpp"

namespace halfulp {
namespace {

class Threads final : public Workers {
 public:
  explicit Threads(unsigned threads) : threads_(std::max(1U, threads)) {}
  unsigned rank() const override { return 0; }
  unsigned processes() const override { return 1; }
  unsigned slots() const override { return threads_; }
  std::vector<std::string> map(std::size_t count, const std::function<std::string(std::size_t)>& job) override {
    std::vector<std::string> answers(count);
    run_on_threads(threads_, count, [&](std::size_t i) { answers[i] = job(i); });
    return answers;
  }
  std::string agree(std::string text) override { return text; }

 private:
  unsigned threads_;
};

long from_environment(std::initializer_list<const char*> names, long otherwise) {
  for (const char* name : names) {
    if (const char* text = std::getenv(name)) return std::strtol(text, nullptr, 10);
  }
  return otherwise;
}

}  // namespace

void run_on_threads(unsigned threads, std::size_t count, const std::function<void(std::size_t)>& job) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) job(i);
  };
  std::vector<std::thread> others;
  for (std::size_t t = 1; t < std::min<std::size_t>(threads, count); ++t) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
}

unsigned launched_rank() {
  return static_cast<unsigned>(std::max(0L, from_environment({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK"}, 0)));
}

unsigned launched_size() {
  return static_cast<unsigned>(std::max(1L, from_environment({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}, 1)));
}

std::unique_ptr<Workers> make_workers(unsigned threads) {
  if (launched_size() > 1) {
    if (auto processes = make_processes(threads)) return processes;
  }
  return std::make_unique<Threads>(threads);
}

}  // namespace halfulp
