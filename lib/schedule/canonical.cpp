#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "fields.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::schedule_detail {
namespace {

// Length of the well-formed UTF-8 sequence at `at`, 0 if there is none (RFC 3629).
std::size_t utf8_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned second = byte(at + 1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

// A TOML basic string; bytes that are no UTF-8 become U+FFFD.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    const char c = text[i];
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(i, length);
    }
    i += std::max<std::size_t>(length, 1);
  }
  return out + "\"";
}

std::string key_text(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? key : quoted(key);
}

// TOML integers end at 2^63; a larger seed is written as a string.
std::string seed_text(std::uint64_t seed) {
  const bool fits = seed <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return fits ? std::to_string(seed) : quoted(std::to_string(seed));
}

class Emitter {
 public:
  void section(const std::string& comment, const std::string& head) {
    text_ += "\n# " + comment + "\n" + head + "\n";
  }
  void block(const std::string& head) { text_ += "\n" + head + "\n"; }
  void raw(const std::string& key, const std::string& value) { text_ += key + " = " + value + "\n"; }
  void string(const std::string& key, const std::string& value) { raw(key, quoted(value)); }
  void given(const std::string& key, const std::string& value) {
    if (!value.empty()) string(key, value);
  }
  void number(const std::string& key, const std::optional<double>& value) {
    if (value) raw(key, shortest(*value));
  }
  void comment(const std::string& line) { text_ += "# " + line + "\n"; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void emit_provenance(Emitter& out, const Provenance& provenance) {
  out.section("What wrote this file, from what.", "[provenance]");
  out.given("tool", provenance.tool);
  out.given("command", provenance.command);
  out.raw("seed", seed_text(provenance.seed));
  out.given("model_file", provenance.model_file);
  out.given("model_sha256", provenance.model_sha256);
  out.given("data_sha256", provenance.data_sha256);
  out.given("rules_sha256", provenance.rules_sha256);
}

void emit_requirement(Emitter& out, const Requirement& requirement) {
  out.section("What was asked for.", "[requirement]");
  out.given("input_set", requirement.input_set);
  if (requirement.max_error) out.string("max_error", *requirement.max_error);
  out.number("certify_share", requirement.certify_share);
  if (requirement.max_relative_error) out.string("max_relative_error", *requirement.max_relative_error);
  if (requirement.no_overflow) out.raw("no_overflow", "true");
  out.number("max_accuracy_drop", requirement.max_accuracy_drop);
  if (requirement.max_observed_error) out.string("max_observed_error", *requirement.max_observed_error);
  if (requirement.mean_observed_error) out.string("mean_observed_error", *requirement.mean_observed_error);
  if (requirement.output_errors.empty()) return;
  out.block("[requirement.output_errors]");
  for (const auto& [key, value] : requirement.output_errors) out.string(key_text(key), value);
}

void emit_result(Emitter& out, const Claim& claim) {
  out.section("What is claimed: proved, observed, assumed or unmet. `halfulp check` proves it again.", "[result]");
  out.string("status", claim.status);
  out.given("error_bound", claim.error_bound);
  out.number("argmax_share", claim.argmax_share);
  out.given("relative_error", claim.relative_error);
  for (const auto& [name, numbers] : {std::pair{"[result.observed]", &claim.observed}, std::pair{"[result.cost]", &claim.cost}}) {
    if (numbers->empty()) continue;
    out.block(name);
    for (const auto& [key, value] : *numbers) out.number(key_text(key), value);
  }
}

void emit_formats(Emitter& out, const NodeFormats& formats) {
  for (const auto& role : kRoles) {
    if (formats.*role.format) out.string(role.key, (formats.*role.format)->name);
  }
  if (!(formats.order == SummationOrder{})) out.string("order", spell(formats.order));
}

}  // namespace

std::string document_text(const Schedule& schedule, const std::string& content_hash) {
  Emitter out;
  out.comment("Precision schedule: the number format of each role of each layer; an absent role is exact.");
  out.string("schema", kSchemaPrefix + std::to_string(kSchemaMajor));
  out.given("content_sha256", content_hash);
  emit_provenance(out, schedule.provenance);
  emit_requirement(out, schedule.requirement);
  emit_result(out, schedule.result);
  out.section("Formats of nodes without a block of their own.", "[defaults]");
  emit_formats(out, schedule.defaults);
  bool first = true;
  for (const auto& layer : schedule.layers) {
    if (std::exchange(first, false)) {
      out.section("Layers in graph order.", "[[layer]]");
    } else {
      out.block("[[layer]]");
    }
    out.string("name", layer.name);
    emit_formats(out, layer.formats);
  }
  return out.take();
}

std::string canonical_text(const Schedule& schedule) { return document_text(schedule, ""); }

}  // namespace halfulp::schedule_detail
