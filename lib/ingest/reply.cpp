#include "reply.hpp"

#include "halfulp/graph/encoding.hpp"
#include "halfulp/graph/wire.hpp"

namespace halfulp {
namespace {

constexpr char kGraph = 'G';
constexpr char kDiagnostic = 'D';

void write_lines(WireWriter& out, const std::vector<std::string>& lines) {
  out.number<std::uint64_t>(lines.size());
  for (const std::string& line : lines) out.text(line);
}

std::vector<std::string> read_lines(WireReader& in) {
  std::vector<std::string> lines(in.count(sizeof(std::uint64_t)));
  for (std::string& line : lines) line = in.text();
  return lines;
}

// Control characters of a stranger's text never reach a terminal.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

std::vector<std::string> printable(std::vector<std::string> lines) {
  for (std::string& line : lines) line = printable(std::move(line));
  return lines;
}

bool is_child_exit_code(std::int32_t code) {
  return code == static_cast<int>(ExitCode::kUsage) ||
         code == static_cast<int>(ExitCode::kUnsupportedOperator) ||
         code == static_cast<int>(ExitCode::kInternal);
}

}  // namespace

std::string encode_reply(const Result<Graph>& result) {
  if (result) return kGraph + encode(*result);
  const Diagnostic& diagnostic = result.error();
  WireWriter out;
  out.number(kDiagnostic);
  out.text(diagnostic.code);
  out.text(diagnostic.message);
  out.text(diagnostic.place);
  write_lines(out, diagnostic.notes);
  write_lines(out, diagnostic.helps);
  out.number(static_cast<std::int32_t>(diagnostic.exit_code));
  return out.take();
}

Result<Graph> decode_reply(std::string_view bytes) {
  const auto damaged = fail("E0118", "the reading process ended without an answer", {},
                            {"the file may be damaged or hostile"});
  if (bytes.empty()) return damaged;
  if (bytes.front() == kGraph) return decode(bytes.substr(1));
  if (bytes.front() != kDiagnostic) return damaged;
  WireReader in(bytes.substr(1));
  Diagnostic diagnostic;
  diagnostic.code = printable(in.text());
  diagnostic.message = printable(in.text());
  diagnostic.place = printable(in.text());
  diagnostic.notes = printable(read_lines(in));
  diagnostic.helps = printable(read_lines(in));
  const auto exit_code = in.number<std::int32_t>();
  if (!in.ok() || !in.at_end() || !is_child_exit_code(exit_code)) return damaged;
  diagnostic.exit_code = static_cast<ExitCode>(exit_code);
  return fail(std::move(diagnostic));
}

}  // namespace halfulp
