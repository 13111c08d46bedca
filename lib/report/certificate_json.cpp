#include "halfulp/report/certificate_json.hpp"

#include <cmath>

#include "halfulp/report/json.hpp"
#include "halfulp/support/hash.hpp"

namespace halfulp {
namespace {

constexpr const char* kSchema = "halfulp.certificate/1";

// ---- writing -----------------------------------------------------------------------------------------------------------

Json lists_json(const std::map<NodeId, std::vector<std::int64_t>>& lists) {
  Json json = Json::array();
  for (const auto& [node, elements] : lists) json.push(Json::object().set("node", node).set("elements", Json::array_of(elements)));
  return json;
}

Json steps_json(const ProofSteps& steps) {
  Json slopes = Json::array(), multipliers = Json::array();
  for (const auto& [node, pairs] : steps.slopes) {
    Json elements = Json::array(), below = Json::array(), above = Json::array();
    for (const auto& [element, pair] : pairs) elements.push(element), below.push(pair.lower), above.push(pair.upper);
    slopes.push(Json::object().set("node", node).set("elements", elements).set("lower", below).set("upper", above));
  }
  for (const auto& [node, values] : steps.multipliers) {
    Json elements = Json::array(), list = Json::array();
    for (const auto& [element, value] : values) elements.push(element), list.push(value);
    multipliers.push(Json::object().set("node", node).set("elements", elements).set("values", list));
  }
  return Json::object().set("slopes", slopes).set("multipliers", multipliers).set("tighten_range", lists_json(steps.tighten_range))
      .set("tighten_error", lists_json(steps.tighten_error));
}

Json claims_json(const Certificate& c) {
  Json outputs = Json::array(), samples = Json::array();
  for (std::size_t o = 0; o < c.ranges.size(); ++o) {
    Json low = Json::array(), high = Json::array();
    for (const Interval& range : c.ranges[o]) low.push(range.lo), high.push(range.hi);
    outputs.push(Json::object().set("lower", low).set("upper", high).set("error", Json::array_of(c.errors[o])));
  }
  for (const SampleClaim& s : c.samples) {
    samples.push(Json::object().set("class", s.real_class).set("argmax_kept", s.argmax_kept).set("error", s.error_bound));
  }
  return Json::object().set("outputs", outputs).set("samples", samples).set("overflow_free", c.overflow_free);
}

Json body_json(const Certificate& c) {
  Json cuts = Json::array(), steps = Json::array();
  for (const Cut& cut : c.bisection) {
    cuts.push(cut.input < 0 ? Json() : Json::object().set("input", cut.input).set("element", cut.element).set("at", cut.at));
  }
  for (const ProofSteps& one : c.steps) steps.push(steps_json(one));
  return Json::object().set("schema", kSchema).set("tool", c.tool).set("bits", c.bits).set("network", c.network_sha256)
      .set("formats", Json::array_of(c.formats)).set("input_set", c.set_sha256).set("output", c.output).set("bisection", cuts)
      .set("steps", steps).set("claims", claims_json(c));
}

// ---- reading -----------------------------------------------------------------------------------------------------------

struct Reader {
  bool valid = true;

  std::int64_t integer(const Json& json, std::int64_t low, std::int64_t high) {
    const double x = json.number(NAN);
    if (!(x >= static_cast<double>(low) && x <= static_cast<double>(high)) || x != std::floor(x)) {
      valid = false;
      return low;
    }
    return static_cast<std::int64_t>(x);
  }

  double number(const Json& json) {
    const double x = json.number(NAN);
    valid = valid && !std::isnan(x);
    return x;
  }

  // visit(element, position) over the elements of a node's entry.
  template <typename Visit>
  void elements(const Json& entry, std::initializer_list<const char*> arrays, Visit&& visit) {
    const auto& list = entry["elements"].elements();
    for (const char* array : arrays) valid = valid && entry[array].elements().size() == list.size();
    for (std::size_t k = 0; valid && k < list.size(); ++k) visit(integer(list[k], 0, 1LL << 31), k);
  }

  NodeId node(const Json& entry) { return static_cast<NodeId>(integer(entry["node"], 0, 1 << 30)); }

  ProofSteps steps(const Json& json) {
    ProofSteps result;
    for (const Json& entry : json["slopes"].elements()) {
      auto& pairs = result.slopes[node(entry)];
      elements(entry, {"lower", "upper"}, [&](std::int64_t e, std::size_t k) {
        pairs[e] = {number(entry["lower"].elements()[k]), number(entry["upper"].elements()[k])};
      });
    }
    for (const Json& entry : json["multipliers"].elements()) {
      auto& values = result.multipliers[node(entry)];
      elements(entry, {"values"}, [&](std::int64_t e, std::size_t k) { values[e] = number(entry["values"].elements()[k]); });
    }
    lists(json["tighten_range"], result.tighten_range);
    lists(json["tighten_error"], result.tighten_error);
    return result;
  }

  void lists(const Json& json, std::map<NodeId, std::vector<std::int64_t>>& to) {
    for (const Json& entry : json.elements()) {
      auto& list = to[node(entry)];
      elements(entry, {}, [&](std::int64_t e, std::size_t) { list.push_back(e); });
    }
  }

  void claims(const Json& json, Certificate& c) {
    for (const Json& output : json["outputs"].elements()) {
      auto& ranges = c.ranges.emplace_back();
      auto& errors = c.errors.emplace_back();
      const auto &low = output["lower"].elements(), &high = output["upper"].elements(), &error = output["error"].elements();
      valid = valid && low.size() == high.size() && low.size() == error.size();
      for (std::size_t i = 0; valid && i < low.size(); ++i) {
        ranges.push_back({number(low[i]), number(high[i])});
        errors.push_back(number(error[i]));
      }
    }
    for (const Json& sample : json["samples"].elements()) {
      c.samples.push_back({integer(sample["class"], -1, 1LL << 31), sample["argmax_kept"] == Json(true), number(sample["error"])});
    }
    c.overflow_free = json["overflow_free"] == Json(true);
  }
};

}  // namespace

std::string write_certificate(const Certificate& certificate) {
  Json json = body_json(certificate);
  const std::string content = sha256(json.dump());
  return json.set("content", content).dump() + "\n";
}

Result<Certificate> read_certificate(const std::string& text, const std::string& place) {
  auto json = parse_json(text, place);
  if (!json) return fail(json.error());
  if (!((*json)["schema"] == Json(kSchema))) return fail("E0621", "this is no certificate of schema " + std::string(kSchema), place);
  Certificate c;
  Reader reader;
  c.tool = (*json)["tool"].text();
  c.bits = static_cast<int>(reader.integer((*json)["bits"], 53, 256));
  c.network_sha256 = (*json)["network"].text();
  for (const Json& line : (*json)["formats"].elements()) c.formats.push_back(line.text());
  c.set_sha256 = (*json)["input_set"].text();
  c.output = static_cast<std::size_t>(reader.integer((*json)["output"], 0, 1 << 20));
  for (const Json& cut : (*json)["bisection"].elements()) {
    if (cut.is_null()) c.bisection.push_back({});
    else c.bisection.push_back({reader.integer(cut["input"], 0, 1 << 20), reader.integer(cut["element"], 0, 1LL << 31), reader.number(cut["at"])});
  }
  for (const Json& one : (*json)["steps"].elements()) c.steps.push_back(reader.steps(one));
  reader.claims((*json)["claims"], c);
  if (!reader.valid) return fail("E0621", "the certificate holds a value that is none of its kind", place);
  if (write_certificate(c) != text) return fail("E0622", "the certificate is not as it was written: its content does not match its hash", place);
  return c;
}

}  // namespace halfulp
