#include "folder.hpp"

#include <filesystem>
#include <system_error>

#include "halfulp/support/text.hpp"

namespace halfulp::emit_detail {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Diagnostic> unwritable(const fs::path& path, const std::error_code& error) {
  return fail("E0103", "cannot write '" + path.string() + "': " + error.message());
}

Result<void> fill(const fs::path& folder, const std::vector<TextFile>& files) {
  for (const TextFile& file : files) {
    if (auto ok = write_file_atomic((folder / file.name).string(), file.text); !ok) return ok;
  }
  return {};
}

// Into place: the whole folder at once if the target is new or empty, else file by file.
std::error_code publish(const fs::path& from, const fs::path& to, const std::vector<TextFile>& files) {
  std::error_code error;
  if (!fs::exists(to, error) || fs::is_empty(to, error)) {
    fs::remove(to, error);
    fs::rename(from, to, error);
    return error;
  }
  for (const TextFile& file : files) {
    fs::rename(from / file.name, to / file.name, error);
    if (error) return error;
  }
  return error;
}

}  // namespace

Result<std::vector<std::string>> write_folder(const std::string& folder, const std::vector<TextFile>& files, bool overwrite) {
  fs::path target = fs::path(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  std::error_code error;
  if (fs::exists(target, error) && !fs::is_directory(target, error)) {
    return fail("E0703", "'" + folder + "' is not a folder");
  }
  if (fs::exists(target, error) && !fs::is_empty(target, error) && !overwrite) {
    return fail("E0703", "folder '" + folder + "' is not empty", "", {"choose another folder, or ask to overwrite"});
  }
  const fs::path partial = target.string() + ".partial";
  fs::remove_all(partial, error);
  fs::create_directories(partial, error);
  if (error) return unwritable(partial, error);
  if (auto ok = fill(partial, files); !ok) {
    fs::remove_all(partial, error);
    return fail(ok.error());
  }
  const std::error_code failed = publish(partial, target, files);
  fs::remove_all(partial, error);
  if (failed) return unwritable(target, failed);
  std::vector<std::string> paths;
  for (const TextFile& file : files) paths.push_back((target / file.name).string());
  return paths;
}

}  // namespace halfulp::emit_detail
