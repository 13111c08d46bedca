// Ctrl-C during a long run: the first one asks the run to stop with the best so far, the second ends the process.
#pragma once

namespace halfulp::cli {

void catch_interrupts();
bool interrupted();

}  // namespace halfulp::cli
