#include "halfulp/support/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace halfulp {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "internal error: %s:%d: '%s' does not hold\n", file, line, expression);
  std::abort();
}

}  // namespace halfulp
