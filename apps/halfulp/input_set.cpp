#include "input_set.hpp"

#include <fmt/format.h>

#include "data_set.hpp"
#include "halfulp/support/array_file.hpp"
#include "halfulp/support/hash.hpp"
#include "option_sets.hpp"
#include "shell_words.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

Result<void> check_input_count(const char* option, std::size_t given, const Graph& graph) {
  if (given == graph.inputs.size()) return {};
  return fail("E0105", fmt::format("--{} is given {} times, the model has {} inputs", option, given, graph.inputs.size()));
}

std::int64_t elements_of(const Graph& graph, std::size_t input) { return element_count(graph[graph.inputs[input]].shape); }

Result<InputBox> interval_box(const Graph& graph, std::vector<std::string> texts) {
  if (texts.size() == 1) texts.resize(graph.inputs.size(), texts[0]);
  if (auto checked = check_input_count("input", texts.size(), graph); !checked) return fail(checked.error());
  InputBox box;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto interval = parse_interval("--input", texts[i]);
    if (!interval) return fail(interval.error());
    box.emplace_back(static_cast<std::size_t>(elements_of(graph, i)), *interval);
  }
  return box;
}

Result<InputBox> file_box(const Graph& graph, const std::vector<std::string>& paths, InputDecimals& decimals) {
  if (auto checked = check_input_count("box", paths.size(), graph); !checked) return fail(checked.error());
  InputBox box;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    auto one = read_box(paths[i], elements_of(graph, i));
    if (!one) return fail(one.error());
    box.push_back(std::move(one->intervals));
    decimals.push_back(std::move(one->decimals));
  }
  return box;
}

// The options as typed, each file followed by its hash.
Result<std::string> record_words(const Arguments& arguments, std::string& data_sha256) {
  std::string words;
  for (const char* option : {"input-shape", "input", "box", "data", "labels", "radius"}) {
    for (const auto& value : arguments.all(option)) {
      words += (words.empty() ? "--" : " --") + std::string(option) + " " + shell_quoted(value);
      const std::string name = option;
      if (name != "box" && name != "data" && name != "labels") continue;
      auto hash = sha256_file(split_array_path(value).path);
      if (!hash) return fail(hash.error());
      words += " --sha256 " + *hash;
      if (name != "labels" && data_sha256.empty()) data_sha256 = *hash;
    }
  }
  return words;
}

}  // namespace

Result<InputSet> read_input_set(const Graph& graph, const Arguments& arguments) {
  auto kind = arguments.at_most_one({"input", "box", "data"});
  if (!kind) return fail(kind.error());
  for (const char* option : {"labels", "radius"}) {
    if (arguments.has(option) && *kind != "data") return fail("E0003", fmt::format("--{} needs --data", option));
  }
  InputSet set;
  if (!*kind) return set;
  if (*kind == "data") {
    auto data = read_data(graph, arguments, set.batch_axis_dropped);
    if (!data) return fail(data.error());
    set.data = *std::move(data);
  } else {
    auto box = *kind == "input" ? interval_box(graph, arguments.all("input")) : file_box(graph, arguments.all("box"), set.decimals);
    if (!box) return fail(box.error());
    set.box = *std::move(box);
  }
  auto words = record_words(arguments, set.data_sha256);
  if (!words) return fail(words.error());
  set.words = *std::move(words);
  return set;
}

Result<Arguments> recorded_input_set(const std::string& words) {
  Command command{.name = "check", .options = join_options({shape_options(), input_set_options()})};
  command.options.push_back({.name = "sha256", .value = "HASH", .repeatable = true});
  auto arguments = parse_words(command, shell_split(words));
  if (arguments) return arguments;
  Diagnostic diagnostic = arguments.error();
  diagnostic.notes.push_back("read from `input_set` of the schedule");
  return fail(diagnostic);
}

Result<void> check_recorded_files(const std::string& words) {
  const std::vector<std::string> split = shell_split(words);
  for (std::size_t i = 2; i < split.size(); ++i) {
    if (split[i - 1] != "--sha256") continue;
    auto hash = sha256_file(split_array_path(split[i - 2]).path);
    if (!hash) return fail(hash.error());
    if (*hash == split[i]) continue;
    return fail("E0309", "the input set of the schedule has another SHA-256 than when it was tuned", split[i - 2],
                {"name the input set to prove for with --input, --box or --data"});
  }
  return {};
}

}  // namespace halfulp::cli
