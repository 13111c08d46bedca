// Built without MPI: there is no more than this process.
#include "team.hpp"

namespace halfulp {

std::unique_ptr<Workers> make_processes(unsigned) { return nullptr; }

}  // namespace halfulp
