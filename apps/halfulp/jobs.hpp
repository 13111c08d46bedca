// The option -j, and loops over samples that give the same result for every number of threads.
#pragma once

#include <cstddef>
#include <functional>

#include "arguments.hpp"

namespace halfulp::cli {

// Threads of --jobs; 0 stands for one a processor, or one a process under mpirun.
Option jobs_option();
Result<unsigned> read_jobs(const Arguments& arguments);

// Under mpirun every process reads the same words; one of them speaks.
void silence_unless_first();

// work(i) for each i below `count`, on `threads` threads. The error of the least i that has one.
Result<void> for_each_sample(std::size_t count, unsigned threads, const std::function<Result<void>(std::size_t)>& work);

}  // namespace halfulp::cli
