// What the kinds of workers share.
#pragma once

#include "halfulp/parallel/workers.hpp"

namespace halfulp {

// job(0) .. job(count - 1), each once, on so many threads.
void run_on_threads(unsigned threads, std::size_t count, const std::function<void(std::size_t)>& job);
// Workers over MPI; nullptr where the program was built without it.
std::unique_ptr<Workers> make_processes(unsigned threads);

}  // namespace halfulp
