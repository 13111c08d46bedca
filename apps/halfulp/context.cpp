#include "context.hpp"

#include <cstdio>

#include "output.hpp"

namespace halfulp::cli {
namespace {

void put(std::FILE* stream, const std::string& text) { std::fwrite(text.data(), 1, text.size(), stream); }

// Control bytes of file and node names must not reach the terminal.
std::string printable(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += (byte < 0x20 && c != '\n') || byte == 0x7f ? '?' : c;
  }
  return out;
}

}  // namespace

void Context::print(const std::string& text) const { write_output(text); }

void Context::print_json(const Json& json_result) const { write_output(json_result.dump() + "\n"); }

void Context::say(const std::string& text) const {
  if (!quiet) put(stderr, text + "\n");
}

void Context::warn(const Diagnostic& diagnostic) const {
  if (!quiet) put(stderr, render(diagnostic, "warning", colour_errors));
}

Json Context::provenance() const {
  return Json::object().set("tool", std::string("halfulp ") + kVersion).set("command", command_line).set("seed", seed);
}

std::string render(const Diagnostic& diagnostic, const std::string& kind, bool colour) {
  const auto paint = [&](const char* code, const std::string& text) {
    return colour ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
  };
  const std::string head = diagnostic.code.empty() ? kind : kind + "[" + diagnostic.code + "]";
  std::string out = paint(kind == "error" ? "1;31" : "1;33", head) + paint("1", ": " + printable(diagnostic.message)) + "\n";
  if (!diagnostic.place.empty()) out += "  " + paint("34", "-->") + " " + printable(diagnostic.place) + "\n";
  for (const auto& note : diagnostic.notes) out += "  " + paint("36", "note") + ": " + printable(note) + "\n";
  for (const auto& help : diagnostic.helps) out += "  " + paint("32", "help") + ": " + printable(help) + "\n";
  return out;
}

}  // namespace halfulp::cli
