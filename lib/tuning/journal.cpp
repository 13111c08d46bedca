#include "journal.hpp"

#include <sstream>

#include "halfulp/support/hash.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

constexpr std::size_t kKeyDigits = 64, kCheckDigits = 16;
constexpr std::string_view kOpening = "{\"key\":\"", kMiddle = "\",\"check\":\"", kClosing = "\",";

std::string header_of(const std::string& run_id) { return "{\"schema\":\"halfulp.journal/1\",\"run\":\"" + run_id + "\"}"; }

std::string check_of(const std::string& key, const std::string& answer) { return sha256(key + answer).substr(0, kCheckDigits); }

// Adds the answer of a whole and undamaged line.
void read_line(const std::string& line, Answers& answers) {
  const std::size_t check_at = kOpening.size() + kKeyDigits + kMiddle.size();
  const std::size_t answer_at = check_at + kCheckDigits + kClosing.size();
  if (line.size() <= answer_at || !line.starts_with(kOpening) || line.back() != '}') return;
  const std::string key = line.substr(kOpening.size(), kKeyDigits);
  const std::string answer = line.substr(answer_at, line.size() - answer_at - 1);
  if (line.substr(check_at, kCheckDigits) == check_of(key, answer)) answers[key] = answer;
}

}  // namespace

Journal::~Journal() {
  if (file_) std::fclose(file_);
}

Result<Journal> Journal::open(const std::string& path, const std::string& run_id, bool append) {
  std::FILE* file = std::fopen(path.c_str(), append ? "r+b" : "wb");
  if (!file) return fail("E0103", "cannot write '" + path + "'", path, {"name a file in a folder that exists and can be written"});
  Journal journal(file);
  if (!append) {
    std::fputs((header_of(run_id) + "\n").c_str(), file);
  } else {
    // A torn last line is closed, so that the next one stands by itself.
    char last = '\n';
    if (std::fseek(file, -1, SEEK_END) == 0) last = static_cast<char>(std::fgetc(file));
    std::fseek(file, 0, SEEK_END);
    if (last != '\n') std::fputc('\n', file);
  }
  std::fflush(file);
  return journal;
}

void Journal::add(const std::string& key, const std::string& answer) {
  if (!file_) return;
  std::string line(kOpening);
  line.append(key).append(kMiddle).append(check_of(key, answer)).append(kClosing).append(answer).append("}\n");
  std::fwrite(line.data(), 1, line.size(), file_);
  std::fflush(file_);
}

Result<Answers> read_journal(const std::string& path, const std::string& run_id) {
  auto text = read_file(path);
  if (!text) return fail(text.error());
  std::istringstream lines(*text);
  std::string line;
  std::getline(lines, line);
  // A run that was killed before its first line was whole has no answers.
  if (line != header_of(run_id) && lines.eof() && header_of(run_id).starts_with(line)) return Answers{};
  if (line != header_of(run_id)) {
    const bool journal = line.starts_with("{\"schema\":\"halfulp.journal/");
    return fail("E0803", journal ? "the journal is of another model, data set or version" : "the file is no journal of a search", path,
                {"without --resume the search starts anew"});
  }
  Answers answers;
  while (std::getline(lines, line)) read_line(line, answers);
  return answers;
}

}  // namespace halfulp
