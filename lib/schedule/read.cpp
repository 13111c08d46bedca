#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "fields.hpp"
#include "halfulp/support/hash.hpp"
#include "halfulp/support/text.hpp"
#include "reader.hpp"

namespace halfulp {
namespace {

using namespace schedule_detail;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<double>::max();

Result<void> first_failure(std::initializer_list<Result<void>> results) {
  for (const auto& result : results) {
    if (!result) return fail(result.error());
  }
  return {};
}

// A bound is a decimal string, so that it can be rounded outward by name; "inf" where nothing is proved.
Result<void> check_bound(const TableReader& in, const char* key, const std::string& text) {
  double value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  const bool readable = error == std::errc{} || error == std::errc::result_out_of_range;
  if (readable && end == last && !std::isnan(value) && !std::signbit(value)) return {};
  return fail("E0304", fmt::format("'{}' in {} must be a nonnegative decimal number as a string, not \"{}\"", key, in.what(), text),
              in.place(key));
}

Result<void> read_format(const TableReader& in, const RoleField& role, NodeFormats& out) {
  std::string spelling;
  if (auto done = in.text(role.key, spelling); !done) return done;
  if (!in.has(role.key) || spelling == "exact") return {};
  auto format = parse_format(spelling);
  if (format) {
    out.*role.format = *std::move(format);
    return {};
  }
  Diagnostic diagnostic = format.error();
  diagnostic.place = in.place(role.key);
  diagnostic.notes.push_back(fmt::format("in '{}' of {}", role.key, in.what()));
  return fail(diagnostic);
}

Result<void> read_formats(const TableReader& in, std::vector<std::string> keys, NodeFormats& out) {
  for (const auto& role : kRoles) keys.push_back(role.key);
  keys.push_back("order");
  if (auto done = in.check_keys(keys); !done) return done;
  for (const auto& role : kRoles) {
    if (auto done = read_format(in, role, out); !done) return done;
  }
  std::string order = "sequential";
  if (auto done = in.text("order", order); !done) return done;
  const auto parsed = parse_order(order);
  if (!parsed) {
    return fail("E0304", fmt::format("unknown summation order \"{}\"", order), in.place("order"),
                {"orders: sequential, blocked<k> with k >= 1, tree"});
  }
  out.order = *parsed;
  return {};
}

Result<void> read_provenance(const TableReader& in, Provenance& out) {
  return first_failure({in.check_keys({"tool", "command", "seed", "model_file", "model_sha256", "data_sha256", "rules_sha256"}),
                        in.text("tool", out.tool), in.text("command", out.command), in.seed("seed", out.seed),
                        in.text("model_file", out.model_file), in.text("model_sha256", out.model_sha256),
                        in.text("data_sha256", out.data_sha256), in.text("rules_sha256", out.rules_sha256)});
}

Result<void> read_limit(const TableReader& in, const char* key, std::optional<std::string>& out) {
  std::string text;
  if (auto done = in.text(key, text); !done || !in.has(key)) return done;
  out = text;
  return check_bound(in, key, text);
}

Result<void> read_output_errors(const TableReader& in, std::map<std::string, std::string>& out) {
  for (const auto& [key, node] : in.raw()) {
    const std::string name(key.str());
    std::optional<std::string> limit;
    if (auto done = read_limit(in, name.c_str(), limit); !done) return done;
    out[name] = *limit;
  }
  return {};
}

Result<void> read_requirement(const TableReader& in, Requirement& out) {
  auto done = first_failure({in.check_keys({"input_set", "max_error", "certify_share", "max_relative_error", "no_overflow", "max_accuracy_drop",
                                            "max_observed_error", "mean_observed_error", "output_errors"}),
                             in.text("input_set", out.input_set), read_limit(in, "max_error", out.max_error),
                             in.real("certify_share", out.certify_share, 0, 1), read_limit(in, "max_relative_error", out.max_relative_error),
                             in.flag("no_overflow", out.no_overflow), in.real("max_accuracy_drop", out.max_accuracy_drop, 0, 1),
                             read_limit(in, "max_observed_error", out.max_observed_error),
                             read_limit(in, "mean_observed_error", out.mean_observed_error)});
  if (!done) return done;
  auto outputs = in.table("output_errors");
  if (!outputs) return fail(outputs.error());
  return *outputs ? read_output_errors(TableReader(**outputs, in.file(), "[requirement.output_errors]"), out.output_errors) : Result<void>{};
}

Result<void> read_numbers(const TableReader& in, std::map<std::string, double>& out) {
  for (const auto& [key, node] : in.raw()) {
    const std::string name(key.str());
    std::optional<double> value;
    if (auto done = in.real(name.c_str(), value, -kLargest, kLargest); !done) return done;
    out[name] = *value;
  }
  return {};
}

Result<void> read_result(const TableReader& in, Claim& out) {
  auto done = first_failure({in.check_keys({"status", "error_bound", "argmax_share", "relative_error", "observed", "cost"}), in.text("status", out.status),
                             in.text("error_bound", out.error_bound), in.real("argmax_share", out.argmax_share, 0, 1),
                             in.text("relative_error", out.relative_error)});
  if (!done) return done;
  const std::vector<std::string> statuses = {"proved", "observed", "assumed", "unmet"};
  if (std::find(statuses.begin(), statuses.end(), out.status) == statuses.end()) {
    return fail("E0304", fmt::format("unknown status \"{}\"; allowed are {}", out.status, fmt::join(statuses, ", ")),
                in.place("status"), nearest_help(out.status, statuses));
  }
  if (in.has("error_bound")) {
    if (auto checked = check_bound(in, "error_bound", out.error_bound); !checked) return checked;
  }
  if (in.has("relative_error")) {
    if (auto checked = check_bound(in, "relative_error", out.relative_error); !checked) return checked;
  }
  for (const auto& [key, numbers] : {std::pair{"observed", &out.observed}, std::pair{"cost", &out.cost}}) {
    auto table = in.table(key);
    if (!table) return fail(table.error());
    if (!*table) continue;
    if (auto read = read_numbers(TableReader(**table, in.file(), fmt::format("[result.{}]", key)), *numbers); !read) return read;
  }
  return {};
}

Result<void> read_layers(const TableReader& in, std::vector<ScheduleLayer>& out) {
  auto array = in.tables("layer");
  if (!array) return fail(array.error());
  if (!*array) return {};
  std::set<std::string> seen;
  for (const auto& element : **array) {
    ScheduleLayer layer;
    const TableReader unnamed(*element.as_table(), in.file(), "a [[layer]] block");
    if (auto done = unnamed.text("name", layer.name); !done) return done;
    if (layer.name.empty()) return fail("E0304", "a [[layer]] block has no `name`", unnamed.place());
    if (!seen.insert(layer.name).second) {
      return fail("E0307", fmt::format("layer '{}' is given twice", layer.name), unnamed.place());
    }
    const TableReader named(unnamed.raw(), in.file(), fmt::format("layer '{}'", layer.name));
    if (auto done = read_formats(named, {"name"}, layer.formats); !done) return done;
    out.push_back(std::move(layer));
  }
  return {};
}

Result<void> check_schema(const TableReader& in) {
  std::string schema;
  if (auto done = in.text("schema", schema); !done) return done;
  const std::string prefix = kSchemaPrefix;
  const std::string wanted = prefix + std::to_string(kSchemaMajor);
  if (!in.has("schema")) {
    return fail("E0302", "no `schema` line, so this is no precision schedule", in.place(), {"the first line is: schema = \"" + wanted + "\""});
  }
  if (schema == wanted) return {};
  int major = 0;
  const char* last = schema.data() + schema.size();
  const bool ours = schema.starts_with(prefix) &&
                    std::from_chars(schema.data() + prefix.size(), last, major).ptr == last;
  if (ours && major > kSchemaMajor) {
    return fail("E0308", fmt::format("the schedule has schema \"{}\"; this version reads up to \"{}\"", schema, wanted),
                in.place("schema"), {"read it with a newer halfulp"});
  }
  return fail("E0302", fmt::format("unknown schema \"{}\"; expected \"{}\"", schema, wanted), in.place("schema"));
}

using SectionReader = Result<void> (*)(const TableReader&, Schedule&);

Result<void> read_section(const TableReader& in, const char* key, Schedule& out, SectionReader read) {
  auto table = in.table(key);
  if (!table) return fail(table.error());
  if (!*table) return {};
  return read(TableReader(**table, in.file(), fmt::format("[{}]", key)), out);
}

Result<Schedule> read_document(const TableReader& in) {
  Schedule schedule;
  std::string content_sha256;
  if (auto done = check_schema(in); !done) return fail(done.error());
  auto done = first_failure(
      {in.check_keys({"schema", "content_sha256", "provenance", "requirement", "result", "defaults", "layer"}),
       in.text("content_sha256", content_sha256),
       read_section(in, "provenance", schedule, [](const TableReader& t, Schedule& s) { return read_provenance(t, s.provenance); }),
       read_section(in, "requirement", schedule, [](const TableReader& t, Schedule& s) { return read_requirement(t, s.requirement); }),
       read_section(in, "result", schedule, [](const TableReader& t, Schedule& s) { return read_result(t, s.result); }),
       read_section(in, "defaults", schedule, [](const TableReader& t, Schedule& s) { return read_formats(t, {}, s.defaults); }),
       read_layers(in, schedule.layers)});
  if (!done) return fail(done.error());
  schedule.edited = sha256(canonical_text(schedule)) != content_sha256;
  if (schedule.edited) schedule.result.status = "assumed";
  return schedule;
}

}  // namespace

Result<Schedule> parse_schedule(const std::string& text, const std::string& place) {
  try {
    const toml::table document = toml::parse(std::string_view(text), std::string_view(place));
    return read_document(TableReader(document, place, "the top level"));
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return fail("E0301", fmt::format("this is no TOML: {}", error.description()),
                fmt::format("{}:{}:{}", place, begin.line, begin.column));
  }
}

Result<Schedule> read_schedule(const std::string& path) {
  auto text = read_file(path);
  if (!text) return fail(text.error());
  return parse_schedule(*text, path);
}

}  // namespace halfulp
