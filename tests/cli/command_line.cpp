#include "cli/command_line.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "halfulp/support/npy.hpp"

namespace halfulp::testing_support {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

namespace {

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

CommandLine::CommandLine() {
  std::string pattern = (fs::temp_directory_path() / "halfulp_cli_XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  fs::create_directories(folder_ / "bin");
  fs::create_directories(folder_ / "work");
  fs::create_symlink(environment("HALFULP_BINARY"), folder_ / "bin" / "halfulp");
  fs::copy(fs::path(environment("HALFULP_SOURCE")) / "tests/cli/data", folder_ / "work", fs::copy_options::recursive);
  const double inf = std::numeric_limits<double>::infinity();
  write_npy({.shape = {5}, .data = {0.1, 1e9, -3, 5, 0}}, (folder_ / "work/a.npy").string());
  write_npy({.shape = {2}, .data = {std::nan(""), -inf}}, (folder_ / "work/nan.npy").string());
  write_npy({.shape = {3, 2}, .data = {0, 0, 0.5, 1, 0.25, -0.75}}, (folder_ / "work/x.npy").string());
  write_npy({.shape = {3, 2}, .data = {0, 0, 0.5, inf, 0.25, -0.75}}, (folder_ / "work/x_inf.npy").string());
  write_npy({.shape = {3, 4}, .data = std::vector<double>(12, 0.5)}, (folder_ / "work/x_wide.npy").string());
  write_npy({.shape = {2}, .data = {0, 1}}, (folder_ / "work/labels_short.npy").string());
}

CommandLine::~CommandLine() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Run CommandLine::run(const std::string& line, bool merged) const {
  const fs::path out = folder_ / "out", err = folder_ / "err";
  std::ofstream(folder_ / "line.sh") << line << "\n";
  const std::string command = "cd '" + (folder_ / "work").string() + "' && PATH='" + (folder_ / "bin").string() +
                              "':$PATH sh ../line.sh >'" + out.string() + "' 2>" + (merged ? "&1" : "'" + err.string() + "'") + " </dev/null";
  const int status = std::system(command.c_str());
  return {.out = slurp(out), .err = merged ? "" : slurp(err), .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

}  // namespace halfulp::testing_support
