#include "jobs.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

#include "halfulp/parallel/workers.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

struct FirstFailure {
  std::mutex mutex;
  std::size_t sample = 0;
  std::optional<Diagnostic> diagnostic;

  void add(std::size_t at, Diagnostic found) {
    const std::lock_guard lock(mutex);
    if (diagnostic && sample < at) return;
    sample = at;
    diagnostic = std::move(found);
  }
};

}  // namespace

Option jobs_option() {
  return {.name = "jobs", .short_name = 'j', .value = "N", .fallback = "0", .help = "threads; 0: one a processor. The result is the same for any number"};
}

Result<unsigned> read_jobs(const Arguments& arguments) {
  auto jobs = parse_count("--jobs", arguments.text("jobs"), 0, 1024);
  if (!jobs) return fail(jobs.error());
  if (*jobs > 0) return static_cast<unsigned>(*jobs);
  return launched_size() > 1 ? 1U : std::max(1U, std::thread::hardware_concurrency());
}

void silence_unless_first() {
  if (launched_rank() == 0) return;
  for (std::FILE* stream : {stdout, stderr}) {
    if (!std::freopen("/dev/null", "w", stream)) std::fclose(stream);
  }
}

Result<void> for_each_sample(std::size_t count, unsigned threads, const std::function<Result<void>(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  FirstFailure failure;
  // Samples are handed out in order, so that all below a failed one have been started and will end.
  const auto worker = [&] {
    while (!failed) {
      const std::size_t at = next++;
      if (at >= count) return;
      if (auto done = work(at); !done) {
        failure.add(at, done.error());
        failed = true;
      }
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i) others.emplace_back(worker);
  worker();
  others.clear();
  if (failure.diagnostic) return fail(*std::move(failure.diagnostic));
  return {};
}

}  // namespace halfulp::cli
