// The one macro of the project: a broken invariant stops the program in every build type, because a wrong bound that is
// printed is worse than no bound.
#pragma once

namespace halfulp {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);
}  // namespace halfulp

#define HALFULP_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::halfulp::assertion_failed(#expression, __FILE__, __LINE__))
