// Answers on disk, JSON Lines: a header that names the run's model and data, then one line an answer,
//   {"key":"<SHA-256 of what was asked>","check":"<16 hex digits of the SHA-256 of the rest>",<the answer>}
// A line is written whole and at once; a line whose check does not fit (the last one of a run that was killed) says nothing. What is
// kept are answers, not the state of a search: a search that asks again the same questions takes the same way.
#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "halfulp/support/result.hpp"

namespace halfulp {

class Journal {
 public:
  Journal() = default;  // keeps nothing
  Journal(const Journal&) = delete;
  Journal(Journal&& other) noexcept : file_(other.file_) { other.file_ = nullptr; }
  Journal& operator=(Journal&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Journal();

  // A new file (an old one is overwritten), or one to go on with. Errors: E0103 cannot be written.
  static Result<Journal> open(const std::string& path, const std::string& run_id, bool append);
  void add(const std::string& key, const std::string& answer);

 private:
  explicit Journal(std::FILE* file) : file_(file) {}
  std::FILE* file_ = nullptr;
};

using Answers = std::map<std::string, std::string>;  // by key
// Errors: E0101 unreadable, E0803 no journal, or one of another run.
Result<Answers> read_journal(const std::string& path, const std::string& run_id);

}  // namespace halfulp
