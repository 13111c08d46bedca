// Runs shell lines against the built command in a scratch folder with the files of tests/cli/data.
#pragma once

#include <filesystem>
#include <string>

namespace halfulp::testing_support {

struct Run {
  std::string out;
  std::string err;
  int exit_code = -1;
};

class CommandLine {
 public:
  CommandLine();
  ~CommandLine();
  // `line` is given to sh; `halfulp` in it is the built command. With `merged`, standard error goes to `out`.
  Run run(const std::string& line, bool merged = false) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

std::string environment(const char* name);

}  // namespace halfulp::testing_support
