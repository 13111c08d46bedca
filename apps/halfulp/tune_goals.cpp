#include "tune_goals.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "halfulp/enclosure/interval.hpp"
#include "halfulp/support/text.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// "fixed<2..32,*>, e4m3": the commas outside of brackets separate.
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '<' || c == '{' ? 1 : c == '>' || c == '}' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

struct Limit {
  std::string output;  // empty: all of them
  std::string words;
  double value = 0;
};

// "1e-3", or "box=1e-2,score=1e-3" an output each.
Result<std::vector<Limit>> read_limits(const std::string& text) {
  std::vector<Limit> limits;
  for (const std::string& part : split_list(text)) {
    const std::size_t equals = part.rfind('=');
    Limit limit{.output = equals == std::string::npos ? "" : trimmed(part.substr(0, equals)),
                .words = trimmed(equals == std::string::npos ? part : part.substr(equals + 1)),
                .value = 0};
    auto value = parse_tolerance("--max-error", limit.words);
    if (!value) return fail(value.error());
    limit.value = *value;
    limits.push_back(std::move(limit));
  }
  return limits;
}

Result<std::size_t> output_of(const Graph& graph, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    if (graph[graph.outputs[i]].name == name) return i;
    names.push_back(graph[graph.outputs[i]].name);
  }
  auto helps = nearest_help(name, names);
  helps.push_back(fmt::format("outputs: {}", fmt::join(names, ", ")));
  return fail("E0604", fmt::format("the network has no output '{}'", name), "--max-error", std::move(helps));
}

Result<void> read_max_error(const Graph& graph, const std::string& text, Goals& goals, Requirement& requirement) {
  auto limits = read_limits(text);
  if (!limits) return fail(limits.error());
  for (const Limit& limit : *limits) {
    if (limit.output.empty()) {
      goals.max_error = limit.value;
      requirement.max_error = limit.words;
      continue;
    }
    auto output = output_of(graph, limit.output);
    if (!output) return fail(output.error());
    goals.output_errors.emplace_back(*output, limit.value);
    requirement.output_errors[limit.output] = limit.words;
  }
  return {};
}

Result<void> read_tolerance(const Arguments& arguments, const std::string& option, std::optional<double>& value, std::optional<std::string>& words) {
  const auto text = arguments.given(option);
  if (!text) return {};
  auto tolerance = parse_tolerance("--" + option, *text);
  if (!tolerance) return fail(tolerance.error());
  value = *tolerance;
  words = *text;
  return {};
}

Result<void> read_share(const Arguments& arguments, const std::string& option, std::optional<double>& value, std::optional<double>& recorded) {
  const auto text = arguments.given(option);
  if (!text) return {};
  auto share = parse_share("--" + option, *text);
  if (!share) return fail(share.error());
  value = recorded = *share;
  return {};
}

const std::vector<std::string> kGoalNames = {"max-error",         "max-relative-error", "certify",           "no-overflow",
                                             "max-accuracy-drop", "max-observed-error", "mean-observed-error"};

Result<Role> parse_role(const std::string& option, const std::string& name) {
  std::vector<std::string> names;
  for (const Role role : {Role::kInput, Role::kWeight, Role::kBias, Role::kProduct, Role::kAccumulator, Role::kOutput}) {
    if (name == to_string(role)) return role;
    names.push_back(to_string(role));
  }
  auto helps = nearest_help(name, names);
  helps.push_back(fmt::format("roles: {}", fmt::join(names, ", ")));
  return fail("E0105", fmt::format("'{}' is no role in '{}'", name, option), {}, std::move(helps));
}

Result<SummationOrder> parse_summation_order(const std::string& text) {
  if (text == "sequential") return SummationOrder{};
  if (text == "tree") return SummationOrder{.kind = SummationOrder::Kind::kTree, .block = 0};
  if (text.starts_with("blocked<") && text.ends_with(">")) {
    auto block = parse_count("--orders", text.substr(8, text.size() - 9), 1, 1000000000);
    if (!block) return fail(block.error());
    return SummationOrder{.kind = SummationOrder::Kind::kBlocked, .block = *block};
  }
  return fail("E0105", fmt::format("'{}' is no order of additions", text), "--orders", {"orders: sequential, tree, blocked<k> with k >= 1"});
}

// "LAYERS:ROLE=FORMAT"
Result<Pin> parse_pin(const std::string& text) {
  const std::size_t equals = text.find('='), colon = text.rfind(':', equals);
  if (equals == std::string::npos || colon == std::string::npos || colon == 0) {
    return fail("E0105", fmt::format("'{}' is no pin", text), "--pin", {"a pin is like 'fc1:weight=fixed<8,2>' or 'conv*:bias=fp16'"});
  }
  auto role = parse_role("--pin", text.substr(colon + 1, equals - colon - 1));
  if (!role) return fail(role.error());
  auto format = parse_format(text.substr(equals + 1));
  if (!format) return fail(format.error());
  return Pin{.layers = text.substr(0, colon), .role = *role, .format = *std::move(format)};
}

}  // namespace

std::vector<Option> goal_options() {
  return {{.name = "max-error", .value = "E", .help = "required, proved: output error at most E, absolute; or NAME=E,.. an output each"},
          {.name = "max-relative-error", .value = "E", .help = "required, proved: error of every output element at most E of its real value"},
          {.name = "certify", .value = "SHARE", .help = "required, proved: argmax of this share of the samples of --data"},
          {.name = "no-overflow", .help = "required, proved: no value leaves its format"},
          {.name = "max-accuracy-drop", .value = "D", .help = "required, observed on --data and --labels: accuracy lost to formats at most D"},
          {.name = "max-observed-error", .value = "E", .help = "required, observed: output error of every sample of --data at most E"},
          {.name = "mean-observed-error", .value = "E", .help = "required, observed: output error at most E on the average of --data"}};
}

std::vector<Option> space_options() {
  return {{.name = "formats", .value = "LIST", .fallback = "fixed<2..32,*>", .help = "formats and patterns to choose from"},
          {.name = "roles", .value = "LIST", .fallback = "weight,bias,output", .help = "roles to choose formats for; others stay exact"},
          {.name = "orders", .value = "LIST", .fallback = "sequential", .help = "orders of rounded additions to choose from"},
          {.name = "tie", .value = "LAYERS", .help = "these layers share a format a role, such as \"conv*\"", .repeatable = true},
          {.name = "pin", .value = "LAYERS:ROLE=FORMAT", .help = "a format that is given, not searched", .repeatable = true},
          {.name = "input-format", .value = "FORMAT", .help = "format of the network inputs"}};
}

Result<void> check_goal_words(const Arguments& arguments) {
  if (std::none_of(kGoalNames.begin(), kGoalNames.end(), [&](const std::string& name) { return arguments.has(name); })) {
    return fail("E0003", "a requirement is needed: --max-error, --certify, --max-accuracy-drop or another", "", {"`halfulp tune --help` lists them"});
  }
  for (const char* over_data : {"certify", "max-accuracy-drop", "max-observed-error", "mean-observed-error"}) {
    if (arguments.has(over_data) && !arguments.has("data")) return fail("E0003", fmt::format("--{} needs --data", over_data));
  }
  if (arguments.has("max-accuracy-drop") && !arguments.has("labels")) return fail("E0003", "--max-accuracy-drop needs --labels");
  if (const auto text = arguments.given("max-error")) {
    if (auto limits = read_limits(*text); !limits) return fail(limits.error());
  }
  Goals goals;
  Requirement requirement;
  if (auto share = read_share(arguments, "certify", goals.certify_share, requirement.certify_share); !share) return share;
  return {};
}

Result<void> read_goals(const Graph& graph, const Arguments& arguments, Goals& goals, Requirement& requirement) {
  if (const auto text = arguments.given("max-error")) {
    if (auto read = read_max_error(graph, *text, goals, requirement); !read) return read;
  }
  goals.no_overflow = requirement.no_overflow = arguments.has("no-overflow");
  for (auto read : {read_tolerance(arguments, "max-relative-error", goals.max_relative_error, requirement.max_relative_error),
                    read_tolerance(arguments, "max-observed-error", goals.max_observed_error, requirement.max_observed_error),
                    read_tolerance(arguments, "mean-observed-error", goals.mean_observed_error, requirement.mean_observed_error),
                    read_share(arguments, "certify", goals.certify_share, requirement.certify_share),
                    read_share(arguments, "max-accuracy-drop", goals.max_accuracy_drop, requirement.max_accuracy_drop)}) {
    if (!read) return read;
  }
  return {};
}

Result<void> read_space(const Arguments& arguments, TuneOptions& options) {
  if (const auto formats = arguments.given("formats")) options.formats = split_list(*formats);
  if (auto patterns = parse_patterns(options.formats); !patterns) return fail(patterns.error());
  if (const auto roles = arguments.given("roles")) {
    options.roles.clear();
    for (const std::string& name : split_list(*roles)) {
      auto role = parse_role("--roles", name);
      if (!role) return fail(role.error());
      options.roles.push_back(*role);
    }
  }
  if (const auto orders = arguments.given("orders")) {
    options.orders.clear();
    for (const std::string& text : split_list(*orders)) {
      auto order = parse_summation_order(text);
      if (!order) return fail(order.error());
      options.orders.push_back(*order);
    }
  }
  for (const std::string& layers : arguments.all("tie")) options.ties.push_back({layers});
  for (const std::string& text : arguments.all("pin")) {
    auto pin = parse_pin(text);
    if (!pin) return fail(pin.error());
    options.pins.push_back(*std::move(pin));
  }
  if (const auto spelling = arguments.given("input-format")) {
    auto format = parse_format(*spelling);
    if (!format) return fail(format.error());
    options.input_format = *format;
  }
  return {};
}

}  // namespace halfulp::cli
