#include "parts.hpp"

#include <algorithm>

#include "halfulp/simulate/simulate.hpp"

namespace halfulp {
namespace {

constexpr char kErrorMark = '!', kSeparator = '\x1f';
constexpr std::size_t kKeyDigits = 64;

Diagnostic error_of(const std::string& text) {
  std::vector<std::string> fields(1);
  for (const char c : text.substr(1)) {
    if (c == kSeparator) fields.emplace_back();
    else fields.back() += c;
  }
  fields.resize(4);
  const bool no_rule = fields[3] == std::to_string(static_cast<int>(ExitCode::kUnsupportedOperator));
  return {.code = fields[0], .message = fields[1], .place = fields[2], .exit_code = no_rule ? ExitCode::kUnsupportedOperator : ExitCode::kUsage};
}

// Element k of group g is element g + k n of the whole.
template <typename T>
std::vector<T> interleaved(const std::vector<Evaluation>& parts, std::vector<T> Evaluation::*member) {
  std::vector<T> whole;
  std::size_t longest = 0;
  for (const Evaluation& part : parts) longest = std::max(longest, (part.*member).size());
  for (std::size_t k = 0; k < longest; ++k) {
    for (const Evaluation& part : parts) {
      if (k < (part.*member).size()) whole.push_back((part.*member)[k]);
    }
  }
  return whole;
}

// The group and position of the sample with the largest bound, the first of those in the order of samples.
std::size_t worst_group(const std::vector<Evaluation>& parts) {
  std::size_t worst = 0, worst_sample = 0;
  bool any = false;
  for (std::size_t g = 0; g < parts.size(); ++g) {
    const auto& bounds = parts[g].bounds;
    if (bounds.empty()) continue;
    const auto at = std::max_element(bounds.begin(), bounds.end());
    const std::size_t sample = g + static_cast<std::size_t>(at - bounds.begin()) * parts.size();
    const double best = any ? parts[worst].bound : -1;
    if (*at > best || (*at == best && sample < worst_sample)) {
      worst = g;
      worst_sample = sample;
      any = true;
    }
  }
  return worst;
}

Evaluation merge(std::vector<Evaluation> parts) {
  Evaluation whole = parts[worst_group(parts)];
  whole.overflows.clear();
  for (const Evaluation& part : parts) {
    whole.bound = std::max(whole.bound, part.bound);
    for (std::size_t o = 0; o < whole.output_bounds.size() && o < part.output_bounds.size(); ++o) {
      whole.output_bounds[o] = std::max(whole.output_bounds[o], part.output_bounds[o]);
    }
    if (whole.relative && part.relative) whole.relative = std::max(*whole.relative, *part.relative);
    for (const OverflowPlace& place : part.overflows) add_overflow(whole.overflows, place);
  }
  std::sort(whole.overflows.begin(), whole.overflows.end(), [](const OverflowPlace& a, const OverflowPlace& b) {
    return a.node != b.node ? a.node < b.node : a.role < b.role;
  });
  whole.proved = interleaved(parts, &Evaluation::proved);
  whole.bounds = interleaved(parts, &Evaluation::bounds);
  whole.right = interleaved(parts, &Evaluation::right);
  whole.observed = interleaved(parts, &Evaluation::observed);
  whole.uses = interleaved(parts, &Evaluation::uses);
  whole.seen_uses = interleaved(parts, &Evaluation::seen_uses);
  whole.sample_contributions = interleaved(parts, &Evaluation::sample_contributions);
  return whole;
}

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

std::string error_text(const Diagnostic& diagnostic) {
  return kErrorMark + diagnostic.code + kSeparator + diagnostic.message + kSeparator + diagnostic.place + kSeparator +
         std::to_string(static_cast<int>(diagnostic.exit_code));
}

Result<std::string> merge_parts(const std::vector<std::string>& parts, const std::optional<ShareOfSamples>& share) {
  for (const std::string& part : parts) {
    if (part.starts_with(kErrorMark)) return fail(error_of(part));
  }
  if (parts.size() == 1 && !share) return parts.front();
  std::vector<Evaluation> evaluations;
  for (const std::string& part : parts) evaluations.push_back(evaluation_of(part).value());
  Evaluation whole = merge(std::move(evaluations));
  if (share) take_margins(*share, whole);
  return to_text(whole);
}

Result<Answers> shared_answers(const std::string& text) {
  if (text.starts_with(kErrorMark)) return fail(error_of(text));
  Answers answers;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    answers.emplace(text.substr(at, kKeyDigits), text.substr(at + kKeyDigits, end - at - kKeyDigits));
    at = end + 1;
  }
  return answers;
}

std::vector<std::vector<std::vector<double>>> real_outputs(const LoweredGraph& graph, const DataSet& data) {
  std::vector<std::vector<std::vector<double>>> outputs;
  for (const auto& sample : data.samples) outputs.push_back(run_float(graph, sample));
  return outputs;
}

std::size_t leading(const std::vector<double>& logits) {
  return static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

double multiply_adds(const LoweredNode& node) {
  return std::visit(Overloaded{[](const LinearForm& form) { return static_cast<double>(form.map.outputs) * static_cast<double>(form.map.depth); },
                               [](const DotForm& form) {
                                 return static_cast<double>(form.batches * form.rows * form.columns) * static_cast<double>(form.depth);
                               },
                               [&](const auto&) { return static_cast<double>(node.size); }},
                    node.form);
}

}  // namespace halfulp
