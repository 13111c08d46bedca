#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

tl::unexpected<Diagnostic> cannot_write(const std::string& path, int error) {
  return fail("E0103", "cannot write '" + path + "': " + std::strerror(error), path);
}

// Writes everything and closes; 0 or an errno.
int write_and_close(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      ::close(descriptor);
      return error;
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::close(descriptor) == 0 ? 0 : errno;
}

Result<void> write_in_place(const std::string& path, std::string_view content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return cannot_write(path, errno);
  const int error = write_and_close(descriptor, content);
  if (error != 0) return cannot_write(path, error);
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return fail("E0101", "cannot read '" + path + "': it is a folder", path);
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return fail("E0101", "cannot read '" + path + "': " + std::strerror(errno), path);
  std::string content;
  std::array<char, 65536> buffer{};
  std::size_t count = 0;
  while ((count = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0) {
    content.append(buffer.data(), count);
  }
  if (std::ferror(file.get())) {
    return fail("E0101", "cannot read '" + path + "': " + std::strerror(errno), path);
  }
  return content;
}

Result<void> write_file_atomic(const std::string& path, std::string_view content) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannot_write(path, EISDIR);
  // A rename would replace a terminal, a pipe or /dev/null by a regular file.
  if (exists && !S_ISREG(status.st_mode)) return write_in_place(path, content);

  std::string target = path;
  if (exists) {
    std::error_code error;
    const auto resolved = std::filesystem::canonical(path, error);
    if (!error) target = resolved.string();
    if (::access(target.c_str(), W_OK) != 0) return cannot_write(path, errno);
  }
  const std::string temporary = target + ".tmp" + std::to_string(::getpid());
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) return cannot_write(path, errno);
  int error = write_and_close(descriptor, content);
  if (error == 0 && std::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return cannot_write(path, error);
  }
  return {};
}

std::string rules_folder() {
  if (const char* given = std::getenv("HALFULP_RULES"); given != nullptr && *given != '\0') {
    return given;
  }
  std::error_code error;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const auto installed = executable.parent_path().parent_path() / "share" / "halfulp" / "rules";
    if (std::filesystem::is_directory(installed, error)) return installed.string();
  }
  return HALFULP_SOURCE_RULES;
}

}  // namespace halfulp
