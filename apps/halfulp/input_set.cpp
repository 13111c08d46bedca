#include "input_set.hpp"

#include <fmt/format.h>

#include <cmath>

#include "halfulp/support/hash.hpp"
#include "halfulp/support/npy.hpp"
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

// Adds the samples of one input's file to `data`.
Result<void> add_samples(const std::string& path, const Shape& sample, DataSet& data, bool& batch_axis_dropped) {
  auto tensor = read_npy(path);
  if (!tensor) return fail(tensor.error());
  Shape rest = tensor->shape;
  if (rest.empty()) return fail("E0107", "the data is a scalar; samples along axis 0 are needed", path);
  const std::int64_t count = rest.front();
  rest.erase(rest.begin());
  const bool dropped = !sample.empty() && sample.front() == 1 && rest == Shape(sample.begin() + 1, sample.end());
  if (!dropped && rest != sample) {
    return fail("E0107", fmt::format("the data has shape {}, but samples have shape {}", to_string(tensor->shape), to_string(sample)), path,
                {fmt::format("needed is {} with N samples along axis 0", "N x " + to_string(sample))});
  }
  if (count < 1) return fail("E0107", "the data holds no sample", path);
  batch_axis_dropped = dropped;
  if (data.samples.empty()) data.samples.resize(static_cast<std::size_t>(count));
  if (data.samples.size() != static_cast<std::size_t>(count)) {
    return fail("E0107", fmt::format("this file holds {} samples, the one before {}", count, data.samples.size()), path);
  }
  const auto size = static_cast<std::size_t>(element_count(sample));
  for (std::size_t s = 0; s < data.samples.size(); ++s) {
    const auto first = tensor->data.begin() + static_cast<std::ptrdiff_t>(s * size);
    std::vector<double> values(first, first + static_cast<std::ptrdiff_t>(size));
    for (std::size_t e = 0; e < size; ++e) {
      if (!std::isfinite(values[e])) return fail("E0107", fmt::format("sample {}, element {} is NaN or infinite", s, e), path);
    }
    data.samples[s].push_back(std::move(values));
  }
  return {};
}

Result<std::vector<std::int64_t>> read_labels(const std::string& path, std::size_t count) {
  auto tensor = read_npy(path);
  if (!tensor) return fail(tensor.error());
  if (tensor->data.size() != count) {
    return fail("E0107", fmt::format("{} labels for {} samples", tensor->data.size(), count), path);
  }
  std::vector<std::int64_t> labels;
  for (const double value : tensor->data) {
    if (!(value >= 0 && value < 1e9 && value == std::floor(value))) {
      return fail("E0107", fmt::format("label {} of sample {} is no class number", value, labels.size()), path);
    }
    labels.push_back(static_cast<std::int64_t>(value));
  }
  return labels;
}

Result<DataSet> read_data(const Graph& graph, const Arguments& arguments, bool& batch_axis_dropped) {
  const auto paths = arguments.all("data");
  if (auto checked = check_input_count("data", paths.size(), graph); !checked) return fail(checked.error());
  DataSet data;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    auto added = add_samples(paths[i], graph[graph.inputs[i]].shape, data, batch_axis_dropped);
    if (!added) return fail(added.error());
  }
  if (const auto text = arguments.given("radius")) {
    auto radius = parse_radius("--radius", *text);
    if (!radius) return fail(radius.error());
    data.radius = *radius;
  }
  if (const auto path = arguments.given("labels")) {
    auto labels = read_labels(*path, data.samples.size());
    if (!labels) return fail(labels.error());
    data.labels = *std::move(labels);
  }
  return data;
}

// The options as typed, each file followed by its hash.
Result<std::string> record_words(const Arguments& arguments, std::string& data_sha256) {
  std::string words;
  for (const char* option : {"input-shape", "input", "box", "data", "labels", "radius"}) {
    for (const auto& value : arguments.all(option)) {
      words += (words.empty() ? "--" : " --") + std::string(option) + " " + shell_quoted(value);
      const std::string name = option;
      if (name != "box" && name != "data" && name != "labels") continue;
      auto hash = sha256_file(value);
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
    auto hash = sha256_file(split[i - 2]);
    if (!hash) return fail(hash.error());
    if (*hash == split[i]) continue;
    return fail("E0309", "the input set of the schedule has another SHA-256 than when it was tuned", split[i - 2],
                {"name the input set to prove for with --input, --box or --data"});
  }
  return {};
}

}  // namespace halfulp::cli
