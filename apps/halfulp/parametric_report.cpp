#include "parametric_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis_options.hpp"
#include "analysis_report.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/report/table.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

// A margin of the real network that was asked for, as a difference of output values or as a confidence.
struct Asked {
  std::string words;
  double margin = 0;
};

struct View {
  const Model* model;
  const InputSet* set;
  const ParametricOptions* options;
  const ParametricAnalysis* analysis;
  const std::vector<Asked>* asked;
  NodeId output;
};

bool is_softmax(const Model& model, NodeId output) { return std::holds_alternative<SoftmaxForm>(model.lowered[output].form); }

// Least margin that a confidence in the first class leaves. Probabilities: the second has at most 1 - c, hence 2 c - 1. Logits:
// the quotient of the two probabilities is at least c / (1 - c), hence its logarithm.
Result<double> margin_of_confidence(const std::string& text, bool probabilities) {
  auto share = parse_share("--confidence", text);
  if (!share) return fail(share.error());
  if (*share <= 0.5 || *share >= 1) return fail("E0105", "--confidence " + text + " is not between 0.5 and 1", "--confidence");
  const Interval c = Interval(next_down(*share));
  return probabilities ? (c + c - Interval(1)).lo : log(c / (Interval(1) - c)).lo;
}

Result<std::vector<Asked>> asked_margins(const Arguments& arguments, bool probabilities) {
  std::vector<Asked> asked;
  for (const std::string& text : arguments.all("margin")) {
    auto margin = parse_tolerance("--margin", text);
    if (!margin) return fail(margin.error());
    asked.push_back({"margin " + text, *margin});
  }
  for (const std::string& text : arguments.all("confidence")) {
    auto margin = margin_of_confidence(text, probabilities);
    if (!margin) return fail(margin.error());
    asked.push_back({"confidence " + text, *margin});
  }
  return asked;
}

std::string coefficient(double c) { return std::isfinite(c) ? short_up(c) + " u" : "none"; }

double largest_relative(const PrecisionRung& rung) {
  return rung.relative.empty() ? HUGE_VAL : *std::max_element(rung.relative.begin(), rung.relative.end());
}

std::string rung_table(const ParametricAnalysis& analysis) {
  Table table;
  table.column("p >=", Align::kRight).column("abs. error <=", Align::kRight).column("rel. error <=", Align::kRight)
      .column("between two outputs <=", Align::kRight).column("abs. at this p", Align::kRight).column("argmax kept", Align::kRight);
  for (const PrecisionRung& rung : analysis.rungs) {
    const double here = mul_up(rung.largest, std::ldexp(1.0, -rung.p));
    table.row({fmt::format("{}", rung.p), coefficient(rung.largest), coefficient(largest_relative(rung)), coefficient(rung.difference),
               short_up(here), percent_down(rung.kept)});
  }
  return table.render();
}

std::string kept_text(const View& view) {
  const ParametricAnalysis& analysis = *view.analysis;
  const auto unique = std::count_if(analysis.classes.begin(), analysis.classes.end(), [](std::int64_t c) { return c >= 0; });
  const char* parts = view.set->data ? "samples" : "parts of the box";
  if (analysis.keeps_argmax) {
    if (analysis.cases.size() > 1) return fmt::format("argmax kept on all {} {} from p = {} (proved)\n", analysis.cases.size(), parts, *analysis.keeps_argmax);
    return fmt::format("argmax {} kept from p = {} (proved)\n", analysis.classes[0], *analysis.keeps_argmax);
  }
  if (unique == static_cast<std::ptrdiff_t>(analysis.cases.size())) return fmt::format("argmax not proved to be kept everywhere at any p <= {}\n", kHighestPrecision);
  return fmt::format("the real argmax is proved unique on {} of {} {}\n", unique, analysis.cases.size(), parts);
}

std::string text_of(const View& view) {
  const ParametricOptions& options = *view.options;
  std::string text = fmt::format("floats of p significand bits, exponent unbounded, to nearest, u = 2^-p; weights {}, inputs {}, {}\n",
                                 options.exact_weights ? "exact" : "rounded", options.exact_inputs ? "exact" : "rounded",
                                 options.rounded_sums ? "each product and addition rounded" : "sums exact before they are rounded");
  text += rung_table(*view.analysis) + kept_text(view);
  for (std::size_t m = 0; m < view.asked->size(); ++m) {
    const auto& precision = view.analysis->margins[m].precision;
    const Asked& asked = (*view.asked)[m];
    text += fmt::format("{} (first leads by {}): {}\n", asked.words, short_down(asked.margin),
                        precision ? fmt::format("argmax kept from p = {} (proved)", *precision) : "not proved at any p");
  }
  return text;
}

Json optional_json(const std::optional<int>& value) { return value ? Json(*value) : Json(); }

Json json_of(const Context& context, const View& view) {
  const ParametricAnalysis& analysis = *view.analysis;
  Json rungs = Json::array(), margins = Json::array(), cases = Json::array();
  for (const PrecisionRung& rung : analysis.rungs) {
    rungs.push(Json::object().set("p", rung.p).set("absolute", Json::array_of(rung.absolute)).set("relative", Json::array_of(rung.relative))
                   .set("largest", rung.largest).set("difference", rung.difference).set("argmax_kept", rung.kept));
  }
  for (std::size_t m = 0; m < view.asked->size(); ++m) {
    margins.push(Json::object().set("asked", (*view.asked)[m].words).set("margin", (*view.asked)[m].margin)
                     .set("precision", optional_json(analysis.margins[m].precision)));
  }
  for (std::size_t c = 0; c < analysis.cases.size(); ++c) {
    cases.push(Json::object().set("class", analysis.classes[c]).set("precision", optional_json(analysis.cases[c])));
  }
  const ParametricOptions& options = *view.options;
  Json model = Json::object().set("unit", "2^-p").set("exponent", "unbounded").set("rounding", "nearest").set("exact_weights", options.exact_weights)
                   .set("exact_inputs", options.exact_inputs).set("rounded_sums", options.rounded_sums);
  return Json::object().set("schema", "halfulp.parametric/1").set("provenance", model_provenance(context, *view.model, *view.set))
      .set("arithmetic", model).set("output", (*view.model->graph)[view.output].name).set("status", "proved").set("rungs", rungs)
      .set("keeps_argmax", optional_json(analysis.keeps_argmax)).set("margins", margins).set("cases", cases).set("seconds", analysis.seconds);
}

}  // namespace

std::vector<Option> parametric_options() {
  return {{.name = "parametric", .help = "bounds as functions of the precision p of floats, and the smallest p that keeps the argmax"},
          {.name = "exact-weights", .help = "--parametric: weights and biases are not rounded"},
          {.name = "exact-inputs", .help = "--parametric: inputs are not rounded"},
          {.name = "rounded-sums", .help = "--parametric: each product and each addition is rounded"},
          {.name = "margin", .value = "M", .help = "--parametric: p for all inputs whose first output leads by M", .repeatable = true},
          {.name = "confidence", .value = "C", .help = "--parametric: p for all inputs with probability C of the first class", .repeatable = true},
          {.name = "max-precision", .value = "P", .fallback = "64", .help = "--parametric: the highest p that bounds are given for"}};
}

Result<ExitCode> run_parametric(Context& context, const Arguments& arguments, const Model& model, const InputSet& set,
                                const AnalyzeOptions& options, std::size_t output) {
  auto highest = parse_count("--max-precision", arguments.text("max-precision"), 4, kHighestPrecision);
  if (!highest) return fail(highest.error());
  const NodeId node = model.graph->outputs[output];
  auto asked = asked_margins(arguments, is_softmax(model, node));
  if (!asked) return fail(asked.error());
  ParametricOptions parametric{.analyze = options, .exact_weights = arguments.has("exact-weights"), .exact_inputs = arguments.has("exact-inputs"),
                               .rounded_sums = arguments.has("rounded-sums"), .max_precision = static_cast<int>(*highest), .output = output,
                               .margins = {}};
  for (const Asked& one : *asked) parametric.margins.push_back(one.margin);
  auto boxes = read_split_boxes(arguments, model.lowered, options.method);
  if (!boxes) return fail(boxes.error());
  parametric.analyze.split_boxes = *boxes;
  auto analysis = set.box ? analyze_parametric(model.lowered, *set.box, parametric) : analyze_parametric(model.lowered, *set.data, parametric);
  if (!analysis) return fail(analysis.error());
  const View view{&model, &set, &parametric, &*analysis, &*asked, node};
  if (context.json) context.print_json(json_of(context, view));
  else context.print(text_of(view));
  return ExitCode::kDone;
}

}  // namespace halfulp::cli
