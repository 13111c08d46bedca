#include "evaluation.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

class Writer {
 public:
  void key(const char* name) {
    text_ += text_.empty() ? "\"" : ",\"";
    text_ += name;
    text_ += "\":";
  }
  void number(double x) { text_ += std::isfinite(x) ? shortest(x) : '"' + shortest(x) + '"'; }
  void list(const char* name, const std::vector<double>& values) {
    key(name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      text_ += i == 0 ? "[" : ",";
      number(values[i]);
    }
    text_ += values.empty() ? "[]" : "]";
  }
  void flags(const char* name, const std::vector<bool>& values) {
    key(name);
    text_ += '"';
    for (const bool value : values) text_ += value ? '1' : '0';
    text_ += '"';
  }
  void raw(const std::string& text) { text_ += text; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class Reader {
 public:
  explicit Reader(const std::string& text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool take(std::string_view word) {
    const bool here = std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word);
    if (here) at_ += word.size();
    return here;
  }
  void expect(std::string_view word) { ok_ = take(word) && ok_; }
  void key(const char* name) {
    if (!first_) expect(",");
    first_ = false;
    expect("\"" + std::string(name) + "\":");
  }
  double number() {
    for (const auto& [word, value] : {std::pair{"\"inf\"", std::numeric_limits<double>::infinity()},
                                      std::pair{"\"-inf\"", -std::numeric_limits<double>::infinity()},
                                      std::pair{"\"nan\"", std::numeric_limits<double>::quiet_NaN()}}) {
      if (take(word)) return value;
    }
    double value = 0;
    const auto [next, error] = std::from_chars(at_, end_, value);
    ok_ = ok_ && error == std::errc();
    at_ = next;
    return value;
  }
  int integer(int low, int high) {
    const double value = number();
    ok_ = ok_ && value >= low && value <= high;
    return ok_ ? static_cast<int>(value) : low;
  }
  std::vector<double> list(const char* name) {
    std::vector<double> values;
    key(name);
    expect("[");
    while (ok_ && !take("]")) {
      if (!values.empty()) expect(",");
      values.push_back(number());
    }
    return values;
  }
  std::vector<bool> flags(const char* name) {
    std::vector<bool> values;
    key(name);
    expect("\"");
    while (ok_ && !take("\"")) {
      if (take("1")) values.push_back(true);
      else if (take("0")) values.push_back(false);
      else ok_ = false;
    }
    return values;
  }
  std::string quoted() {
    expect("\"");
    std::string text;
    while (at_ != end_ && *at_ != '"') text += *at_++;
    expect("\"");
    return text;
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && at_ == end_; }

 private:
  const char* at_;
  const char* end_;
  bool ok_ = true, first_ = true;
};

constexpr int kLastRole = static_cast<int>(Role::kSlope);
constexpr int kLastNode = std::numeric_limits<int>::max();

void write_contributions(Writer& out, const char* name, const std::vector<Contribution>& contributions) {
  out.key(name);
  out.raw("[");
  for (std::size_t i = 0; i < contributions.size(); ++i) {
    const Contribution& each = contributions[i];
    out.raw((i == 0 ? "[" : ",[") + std::to_string(each.node) + "," + std::to_string(static_cast<int>(each.role)) + ",");
    out.number(each.amount);
    out.raw("]");
  }
  out.raw("]");
}

std::vector<Contribution> read_contributions(Reader& in, const char* name) {
  std::vector<Contribution> contributions;
  in.key(name);
  in.expect("[");
  while (in.ok() && !in.take("]")) {
    if (!contributions.empty()) in.expect(",");
    Contribution each;
    in.expect("[");
    each.node = static_cast<NodeId>(in.integer(0, kLastNode));
    in.expect(",");
    each.role = static_cast<Role>(in.integer(0, kLastRole));
    in.expect(",");
    each.amount = in.number();
    in.expect("]");
    contributions.push_back(each);
  }
  return contributions;
}

void write_overflows(Writer& out, const std::vector<OverflowPlace>& overflows) {
  out.key("overflows");
  out.raw("[");
  for (std::size_t i = 0; i < overflows.size(); ++i) {
    const OverflowPlace& place = overflows[i];
    out.raw((i == 0 ? "[" : ",[") + std::to_string(place.node) + "," + std::to_string(static_cast<int>(place.role)) + ",");
    out.number(place.needed.lo);
    out.raw(",");
    out.number(place.needed.hi);
    out.raw("," + std::to_string(place.missing_bits) + ",\"" + place.format + "\"]");
  }
  out.raw("]");
}

std::vector<OverflowPlace> read_overflows(Reader& in) {
  std::vector<OverflowPlace> overflows;
  in.key("overflows");
  in.expect("[");
  while (in.ok() && !in.take("]")) {
    if (!overflows.empty()) in.expect(",");
    OverflowPlace place;
    in.expect("[");
    place.node = static_cast<NodeId>(in.integer(0, kLastNode));
    in.expect(",");
    place.role = static_cast<Role>(in.integer(0, kLastRole));
    in.expect(",");
    place.needed.lo = in.number();
    in.expect(",");
    place.needed.hi = in.number();
    in.expect(",");
    place.missing_bits = in.integer(0, kLastNode);
    in.expect(",");
    place.format = in.quoted();
    in.expect("]");
    overflows.push_back(std::move(place));
  }
  return overflows;
}

}  // namespace

std::string to_text(const Evaluation& evaluation) {
  Writer out;
  out.key("bound");
  out.number(evaluation.bound);
  out.list("output_bounds", evaluation.output_bounds);
  out.list("relative", evaluation.relative ? std::vector<double>{*evaluation.relative} : std::vector<double>{});
  write_contributions(out, "contributions", evaluation.contributions);
  write_overflows(out, evaluation.overflows);
  out.flags("proved", evaluation.proved);
  out.list("bounds", evaluation.bounds);
  out.flags("right", evaluation.right);
  out.list("observed", evaluation.observed);
  out.list("seen_uses", evaluation.seen_uses);
  out.list("uses", evaluation.uses);
  out.key("margin_use");
  out.number(evaluation.margin_use);
  write_contributions(out, "margin", evaluation.margin_contributions);
  out.key("samples");
  out.number(static_cast<double>(evaluation.sample_contributions.size()));
  for (const auto& sample : evaluation.sample_contributions) write_contributions(out, "sample", sample);
  return out.take();
}

std::optional<Evaluation> evaluation_of(const std::string& text) {
  Reader in(text);
  Evaluation evaluation;
  in.key("bound");
  evaluation.bound = in.number();
  evaluation.output_bounds = in.list("output_bounds");
  if (const auto relative = in.list("relative"); !relative.empty()) evaluation.relative = relative.front();
  evaluation.contributions = read_contributions(in, "contributions");
  evaluation.overflows = read_overflows(in);
  evaluation.proved = in.flags("proved");
  evaluation.bounds = in.list("bounds");
  evaluation.right = in.flags("right");
  evaluation.observed = in.list("observed");
  evaluation.seen_uses = in.list("seen_uses");
  evaluation.uses = in.list("uses");
  in.key("margin_use");
  evaluation.margin_use = in.number();
  evaluation.margin_contributions = read_contributions(in, "margin");
  in.key("samples");
  const int samples = in.integer(0, kLastNode);
  for (int i = 0; i < samples && in.ok(); ++i) evaluation.sample_contributions.push_back(read_contributions(in, "sample"));
  return in.done() ? std::optional<Evaluation>(std::move(evaluation)) : std::nullopt;
}

}  // namespace halfulp
