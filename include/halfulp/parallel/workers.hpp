// Who computes: this thread, several threads, or several processes under mpirun (MPI, where it was found at build time).
//
// Every process runs the whole program and takes the same decisions, because each answer of a job is computed once, somewhere, and
// then known everywhere as the same bytes. So the number of threads and processes changes the time, never the result.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace halfulp {

class Workers {
 public:
  virtual ~Workers() = default;
  virtual unsigned rank() const = 0;   // 0 speaks for all: it alone prints and writes
  virtual unsigned processes() const = 0;
  virtual unsigned slots() const = 0;  // jobs that run at the same time: all threads of all processes
  // Answers of job(0) .. job(count - 1), each computed once, job i by process i mod processes(); every process gets all of them. Jobs
  // are pure and thread-safe.
  virtual std::vector<std::string> map(std::size_t count, const std::function<std::string(std::size_t)>& job) = 0;
  // The text of rank 0, for what may differ between processes: a clock, a signal, a file.
  virtual std::string agree(std::string text) = 0;
};

// MPI processes if the program runs under mpirun and was built with MPI, each with `threads` threads. At most once a program.
std::unique_ptr<Workers> make_workers(unsigned threads);
// The rank that a launcher has given this process; 0 without one. Needs no MPI.
unsigned launched_rank();
// How many processes a launcher has started; 1 without one.
unsigned launched_size();

}  // namespace halfulp
