#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

extern char** environ;

namespace halfulp {
namespace {

constexpr int kModelFd = 3;
constexpr int kExecFailed = 126;
// A child that neither sends nor computes for this many times its processor time is stopped.
constexpr int kIdleFactor = 10;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

tl::unexpected<Diagnostic> broken(const std::string& what) {
  return fail("E0118", what + ": " + std::strerror(errno), {}, {}, ExitCode::kInternal);
}

std::string child_executable() {
  if (const char* named = std::getenv("HALFULP_INGEST"); named != nullptr && *named != 0) return named;
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const std::filesystem::path built = folder / "halfulp-ingest";
  if (std::filesystem::exists(built, error)) return built.string();
  return (folder.parent_path() / "libexec/halfulp/ingest").string();
}

std::vector<std::string> child_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (std::strncmp(*variable, "OMP_NUM_THREADS=", 16) != 0) variables.emplace_back(*variable);
  }
  variables.emplace_back("OMP_NUM_THREADS=1");
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become_child(int model, int reply, const ChildLimits& limits, char* const* arguments, char* const* environment) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // No network, where the system lets us.
  if (unshare(CLONE_NEWNET) != 0) unshare(CLONE_NEWUSER | CLONE_NEWNET);
  const int null = open("/dev/null", O_RDWR);
  const int high_model = fcntl(model, F_DUPFD, 10), high_reply = fcntl(reply, F_DUPFD, 10);
  dup2(null, STDIN_FILENO);
  dup2(high_reply, STDOUT_FILENO);
  dup2(null, STDERR_FILENO);
  dup2(high_model, kModelFd);
  close_range(kModelFd + 1, ~0U, 0);
  limit(RLIMIT_AS, static_cast<rlim_t>(limits.memory_mb) << 20);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.time_s));
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  execve(arguments[0], arguments, environment);
  _exit(kExecFailed);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

enum class ReadEnd { kDone, kTooMuch, kIdle };

ReadEnd read_reply(int fd, std::size_t most, int idle_ms, std::string& reply) {
  std::vector<char> buffer(std::size_t{1} << 16);
  for (;;) {
    pollfd waiting{fd, POLLIN, 0};
    const int ready = poll(&waiting, 1, idle_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return ReadEnd::kIdle;
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return ReadEnd::kDone;
    if (reply.size() + static_cast<std::size_t>(got) > most) return ReadEnd::kTooMuch;
    reply.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

Result<void> judge(int status, ReadEnd end, const ChildLimits& limits, const std::string& executable) {
  if (end == ReadEnd::kTooMuch) return fail("E0116", "the model's graph is larger than " + std::to_string(limits.memory_mb) + " MB");
  const bool out_of_time = end == ReadEnd::kIdle || (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL));
  if (out_of_time) return fail("E0116", "reading the model took more than " + std::to_string(limits.time_s) + " s or too much memory");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status) && WEXITSTATUS(status) == kExecFailed) {
    return fail("E0118", "the reading process '" + executable + "' cannot be started", {},
                {"set HALFULP_INGEST to the halfulp-ingest executable"}, ExitCode::kInternal);
  }
  return fail("E0118", "the reading process ended by " + (WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status)) : std::string("itself")) +
                           " while it loaded the model", {}, {"the file may be damaged or hostile"});
}

}  // namespace

Result<std::string> run_child(std::string_view model, const std::vector<std::string>& arguments, const ChildLimits& limits) {
  Descriptor memory(memfd_create("model", MFD_CLOEXEC));
  if (memory.get() < 0 || !write_all(memory.get(), model)) return broken("the model cannot be handed over");
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return broken("no pipe");
  Descriptor reading(ends[0]), writing(ends[1]);
  const std::string executable = child_executable();
  std::vector<std::string> words = {executable, std::to_string(kModelFd)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = child_environment();
  const std::vector<char*> argv = pointers(words), envp = pointers(variables);
  const pid_t child = fork();
  if (child < 0) return broken("no process");
  if (child == 0) become_child(memory.get(), writing.get(), limits, argv.data(), envp.data());
  writing.close();
  std::string reply;
  const ReadEnd end = read_reply(reading.get(), static_cast<std::size_t>(limits.memory_mb) << 20, limits.time_s * 1000 * kIdleFactor, reply);
  if (end != ReadEnd::kDone) kill(child, SIGKILL);
  if (auto judged = judge(wait_for(child), end, limits, executable); !judged) return fail(judged.error());
  return reply;
}

}  // namespace halfulp
