// Workers over MPI: job i is computed by the process of rank i mod size, and all answers are gathered everywhere.
#include <boost/mpi.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>

#include "team.hpp"

namespace halfulp {
namespace {

class Processes final : public Workers {
 public:
  explicit Processes(unsigned threads) : environment_(boost::mpi::threading::funneled), threads_(std::max(1U, threads)) {}
  unsigned rank() const override { return static_cast<unsigned>(world_.rank()); }
  unsigned processes() const override { return static_cast<unsigned>(world_.size()); }
  unsigned slots() const override { return static_cast<unsigned>(world_.size()) * threads_; }

  std::vector<std::string> map(std::size_t count, const std::function<std::string(std::size_t)>& job) override {
    const auto size = static_cast<std::size_t>(world_.size()), own = static_cast<std::size_t>(world_.rank());
    std::vector<std::string> mine(count > own ? (count - own - 1) / size + 1 : 0);
    run_on_threads(threads_, mine.size(), [&](std::size_t k) { mine[k] = job(own + k * size); });
    std::vector<std::vector<std::string>> all;
    boost::mpi::all_gather(world_, mine, all);
    std::vector<std::string> answers;
    for (std::size_t i = 0; i < count; ++i) answers.push_back(std::move(all[i % size][i / size]));
    return answers;
  }
  std::string agree(std::string text) override {
    boost::mpi::broadcast(world_, text, 0);
    return text;
  }

 private:
  boost::mpi::environment environment_;
  boost::mpi::communicator world_;
  unsigned threads_;
};

}  // namespace

std::unique_ptr<Workers> make_processes(unsigned threads) { return std::make_unique<Processes>(threads); }

}  // namespace halfulp
