// halfulp-ingest FD SHAPE...: reads a TorchScript file from the open file FD, lowers it for inputs of the given shapes
// ("1,3,32,32", "scalar"), and writes the reply of lib/ingest/reply.hpp to standard output. Started by halfulp::ingest,
// which limits its memory, time and written bytes.
#include <ATen/Parallel.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "allow_list.hpp"
#include "evaluator.hpp"
#include "program.hpp"
#include "refusal.hpp"
#include "reply.hpp"

namespace halfulp::ingest_child {
namespace {

std::string read_all(int fd) {
  std::string bytes;
  char buffer[1 << 16];
  if (::lseek(fd, 0, SEEK_SET) != 0) refuse("E0119", "the model cannot be read again");
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got == 0) return bytes;
    if (got < 0) refuse("E0119", "the model cannot be read again");
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

void write_all(int fd, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (put <= 0) std::_Exit(1);
    done += static_cast<std::size_t>(put);
  }
}

Shape parse_shape(const std::string& text) {
  Shape shape;
  if (text == "scalar") return shape;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    std::int64_t extent = 0;
    const auto [next, error] = std::from_chars(at, end, extent);
    if (error != std::errc{} || (next != end && *next != ',')) refuse("E0120", "'" + text + "' is no shape");
    shape.push_back(extent);
    if (next == end) return shape;
    at = next + 1;
  }
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Graph lower_model(int argc, char** argv) {
  if (argc < 2) refuse("E0119", "usage: halfulp-ingest FD SHAPE...");
  at::set_num_threads(1);
  const Program program = load_program(read_all(std::atoi(argv[1])));
  check_operators(*program.graph);
  std::vector<Shape> shapes;
  for (int i = 2; i < argc; ++i) shapes.push_back(parse_shape(argv[i]));
  return Evaluator(program).lower(shapes);
}

Result<Graph> answer(int argc, char** argv) {
  try {
    return lower_model(argc, argv);
  } catch (const Refusal& refusal) {
    return fail(refusal.diagnostic);
  } catch (const std::bad_alloc&) {
    return fail("E0116", "the model needs more memory than allowed");
  } catch (const c10::Error& error) {
    return fail("E0119", "LibTorch cannot load the model: " + first_line(error.what_without_backtrace()));
  } catch (const std::exception& error) {
    return fail("E0119", "LibTorch cannot load the model: " + first_line(error.what()));
  }
}

}  // namespace
}  // namespace halfulp::ingest_child

int main(int argc, char** argv) {
  using namespace halfulp::ingest_child;
  write_all(STDOUT_FILENO, halfulp::encode_reply(answer(argc, argv)));
  // Skips the destructors of a half-trusted object graph.
  std::_Exit(0);
}
