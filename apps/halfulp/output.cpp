#include "output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace halfulp::cli {
namespace {

int& first_error() {
  static int error = 0;
  return error;
}

}  // namespace

void write_output(const std::string& text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written && first_error() == 0) first_error() = errno == 0 ? EIO : errno;
}

Result<ExitCode> finish_output(ExitCode code) {
  if (first_error() == 0 || first_error() == EPIPE) return code;
  return fail("E0103", std::string("standard output cannot be written: ") + std::strerror(first_error()));
}

}  // namespace halfulp::cli
