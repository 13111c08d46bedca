#include "data_part.hpp"

#include <algorithm>

#include "halfulp/graph/wire.hpp"

namespace halfulp {
namespace {

void write(WireWriter& out, const std::vector<Contribution>& contributions) {
  out.number<std::uint64_t>(contributions.size());
  for (const Contribution& contribution : contributions) {
    out.number(contribution.node);
    out.number(contribution.role);
    out.number(contribution.amount);
  }
}

std::vector<Contribution> read_contributions(WireReader& in) {
  std::vector<Contribution> contributions(in.count(sizeof(double)));
  for (Contribution& contribution : contributions) {
    contribution.node = in.number<NodeId>();
    contribution.role = in.number<Role>();
    contribution.amount = in.number<double>();
  }
  return contributions;
}

void write(WireWriter& out, const SampleVerdict& v) {
  out.number(v.real_class);
  out.number(v.argmax_proved);
  out.number(v.argmax_observed);
  out.number(v.error_bound);
  out.number(v.observed_error);
  out.number(v.seconds);
  out.number(v.margin_use);
  write(out, v.margin_contributions);
}

SampleVerdict read_verdict(WireReader& in) {
  SampleVerdict v;
  v.real_class = in.number<std::int64_t>();
  v.argmax_proved = in.number<bool>();
  v.argmax_observed = in.number<bool>();
  v.error_bound = in.number<double>();
  v.observed_error = in.number<double>();
  v.seconds = in.number<double>();
  v.margin_use = in.number<double>();
  v.margin_contributions = read_contributions(in);
  return v;
}

void write(WireWriter& out, const OverflowPlace& place) {
  out.number(place.node);
  out.number(place.role);
  out.number(place.needed);
  out.text(place.format);
  out.number(place.missing_bits);
}

OverflowPlace read_place(WireReader& in) {
  OverflowPlace place;
  place.node = in.number<NodeId>();
  place.role = in.number<Role>();
  place.needed = in.number<Interval>();
  place.format = in.text();
  place.missing_bits = in.number<int>();
  return place;
}

void write(WireWriter& out, const std::vector<std::string>& texts) {
  out.number<std::uint64_t>(texts.size());
  for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> read_texts(WireReader& in) {
  std::vector<std::string> texts(in.count(sizeof(std::uint64_t)));
  for (std::string& text : texts) text = in.text();
  return texts;
}

void write(WireWriter& out, const Diagnostic& diagnostic) {
  out.text(diagnostic.code);
  out.text(diagnostic.message);
  out.text(diagnostic.place);
  write(out, diagnostic.notes);
  write(out, diagnostic.helps);
  out.number(diagnostic.exit_code);
}

Diagnostic read_diagnostic(WireReader& in) {
  Diagnostic diagnostic;
  diagnostic.code = in.text();
  diagnostic.message = in.text();
  diagnostic.place = in.text();
  diagnostic.notes = read_texts(in);
  diagnostic.helps = read_texts(in);
  diagnostic.exit_code = in.number<ExitCode>();
  return diagnostic;
}

void widen(std::vector<Interval>& into, const std::vector<Interval>& from) {
  for (std::size_t e = 0; e < into.size(); ++e) into[e] = hull(into[e], from[e]);
}

}  // namespace

void merge_bounds(NodeBounds& into, NodeBounds&& from) {
  if (into.real.empty()) {
    into = std::move(from);
    return;
  }
  if (from.real.empty()) return;
  widen(into.real, from.real);
  widen(into.deployed, from.deployed);
  widen(into.error, from.error);
}

void merge_part(DataPart& into, DataPart&& from) {
  into.done.insert(into.done.end(), from.done.begin(), from.done.end());
  into.verdicts.insert(into.verdicts.end(), from.verdicts.begin(), from.verdicts.end());
  into.hull.resize(std::max(into.hull.size(), from.hull.size()));
  for (std::size_t n = 0; n < from.hull.size(); ++n) merge_bounds(into.hull[n], std::move(from.hull[n]));
  for (const OverflowPlace& place : from.overflows) add_overflow(into.overflows, place);
  if (from.max_bound > into.max_bound || (from.max_bound == into.max_bound && from.worst_sample < into.worst_sample)) {
    into.max_bound = from.max_bound;
    into.worst_sample = from.worst_sample;
    into.contributions = std::move(from.contributions);
  }
  if (from.failed_sample < into.failed_sample) {
    into.failed_sample = from.failed_sample;
    into.error = std::move(from.error);
  }
}

std::string encode_part(const DataPart& part) {
  WireWriter out;
  out.numbers(part.done);
  for (const SampleVerdict& verdict : part.verdicts) write(out, verdict);
  out.number<std::uint64_t>(part.hull.size());
  for (const NodeBounds& bounds : part.hull) {
    out.numbers(bounds.real);
    out.numbers(bounds.deployed);
    out.numbers(bounds.error);
  }
  out.number<std::uint64_t>(part.overflows.size());
  for (const OverflowPlace& place : part.overflows) write(out, place);
  write(out, part.contributions);
  out.number(part.max_bound);
  out.number(part.worst_sample);
  out.number(part.failed_sample);
  write(out, part.error);
  return out.take();
}

std::optional<DataPart> decode_part(const std::string& bytes) {
  WireReader in(bytes);
  DataPart part;
  part.done = in.numbers<std::size_t>();
  for (std::size_t i = 0; i < part.done.size(); ++i) part.verdicts.push_back(read_verdict(in));
  part.hull.resize(in.count(3 * sizeof(std::uint64_t)));
  for (NodeBounds& bounds : part.hull) {
    bounds.real = in.numbers<Interval>();
    bounds.deployed = in.numbers<Interval>();
    bounds.error = in.numbers<Interval>();
  }
  part.overflows.resize(in.count(sizeof(std::uint64_t)));
  for (OverflowPlace& place : part.overflows) place = read_place(in);
  part.contributions = read_contributions(in);
  part.max_bound = in.number<double>();
  part.worst_sample = in.number<std::size_t>();
  part.failed_sample = in.number<std::size_t>();
  part.error = read_diagnostic(in);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return part;
}

}  // namespace halfulp
