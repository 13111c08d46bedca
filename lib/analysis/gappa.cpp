#include "halfulp/analysis/gappa.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "prepared.hpp"

namespace halfulp {
namespace {

constexpr double kMostOperations = 2e5;

// x exactly, as Gappa's m b e = m 2^e.
std::string dyadic(double x) {
  if (x == 0) return "0";
  const int lsb = lsb_exponent(x);
  return std::to_string(static_cast<long long>(std::ldexp(x, -lsb))) + "b" + std::to_string(lsb);
}

std::string interval(double low, double high) { return "[" + dyadic(low) + ", " + dyadic(high) + "]"; }

const char* mode(RoundingMode rounding) {
  switch (rounding) {
    case RoundingMode::kNearestEven: return "ne";
    case RoundingMode::kNearestAway: return "na";
    case RoundingMode::kNearestZero: return "nz";
    case RoundingMode::kTowardZero: return "zr";
    case RoundingMode::kUp: return "up";
    case RoundingMode::kDown: return "dn";
    case RoundingMode::kOdd: return "od";
    case RoundingMode::kStochastic: return "";
  }
  return "";
}

struct Expression {
  std::string real, deployed;
};

class Script {
 public:
  Script(const Prepared& prepared, const BoxAnalysis& analysis, const InputBox& box) : prepared_(prepared), analysis_(analysis), box_(box) {}

  Result<std::string> run() {
    const LoweredGraph& graph = *prepared_.graph;
    values_.resize(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (!prepared_.needed[i]) continue;
      id_ = static_cast<NodeId>(i);
      node_ = &graph.nodes[i];
      formats_ = &prepared_.formats[i];
      std::visit(*this, node_->form);
      if (!refusal_.empty()) return fail("E0631", refusal_, graph.graph->nodes[i].name, {"--export gappa covers small dense networks in fixed and float formats"});
    }
    for (const NodeId output : graph.graph->outputs) {
      for (std::size_t e = 0; e < values_[static_cast<std::size_t>(output)].size(); ++e) add_goal(output, e);
    }
    return text();
  }

  void operator()(const SourceForm& form) {
    const auto& inputs = prepared_.graph->graph->inputs;
    const auto input = static_cast<std::size_t>(std::find(inputs.begin(), inputs.end(), id_) - inputs.begin());
    for (std::int64_t e = 0; e < node_->size; ++e) {
      if (form.is_constant) {
        const std::string value = dyadic((*prepared_.graph->graph)[id_].constant[static_cast<std::size_t>(e)]);
        own().push_back({value, value});
        continue;
      }
      const std::string name = variable("x", e);
      const Interval& range = box_[input][static_cast<std::size_t>(e)];
      hypotheses_.push_back(name + " in " + interval(range.lo, range.hi));
      own().push_back({name, define("d", e, rounded(formats_->input, name))});
    }
  }

  void operator()(const GatherForm& form) {
    std::vector<Expression> flat;
    for (const NodeId operand : node_->operands) {
      const auto& values = values_[static_cast<std::size_t>(operand)];
      flat.insert(flat.end(), values.begin(), values.end());
    }
    for (std::size_t e = 0; e < form.source.size(); ++e) {
      if (form.source[e] < 0) own().push_back({dyadic(form.fill), finished(e, dyadic(form.fill))});
      else own().push_back({flat[static_cast<std::size_t>(form.source[e])].real, finished(e, flat[static_cast<std::size_t>(form.source[e])].deployed)});
    }
  }

  void operator()(const LinearForm& form) {
    const LinearMap& map = form.map;
    own().resize(static_cast<std::size_t>(map.outputs));
    const PreparedNode& constants = prepared_.nodes[static_cast<std::size_t>(id_)];
    if (!constants.weight.value_radius.empty() || !constants.bias.value_radius.empty() || !map.weight_radius.empty() || !map.bias_radius.empty()) {
      refusal_ = "a constant is not known exactly (batch norm, stochastic rounding)";
      return;
    }
    operations_ += static_cast<double>(map.outputs) * static_cast<double>(map.depth);
    if (operations_ > kMostOperations) {
      refusal_ = "the network is too large for Gappa";
      return;
    }
    for (std::int64_t g = 0; g < map.groups; ++g) {
      for (std::int64_t m = 0; m < map.channels; ++m) {
        for (std::int64_t p = 0; p < map.positions; ++p) linear_output(map, g, m, p);
      }
    }
  }

  void operator()(const UnaryForm& form) {
    const bool lipschitz = form.kind == UnaryKind::kRelu || form.kind == UnaryKind::kHardtanh || form.kind == UnaryKind::kAbs;
    if (form.kind != UnaryKind::kNeg && !lipschitz) {
      refusal_ = "an element-wise function that is not 1-Lipschitz and monotone";
      return;
    }
    const NodeId operand = node_->operands[0];
    const NodeBounds& x = analysis_.nodes[static_cast<std::size_t>(operand)];
    for (std::size_t e = 0; e < x.real.size(); ++e) {
      const Expression from = values_[static_cast<std::size_t>(operand)][e];
      const Interval both = hull(x.real[e], x.deployed[e]);
      if (form.kind == UnaryKind::kNeg) own().push_back({"(-" + from.real + ")", finished(e, "(-" + from.deployed + ")")});
      else if (form.kind != UnaryKind::kHardtanh && both.lo >= 0) own().push_back({from.real, finished(e, from.deployed)});
      else if (form.kind == UnaryKind::kRelu && both.hi <= 0) own().push_back({"0", "0"});
      else own().push_back(open_branch(form, operand, e));
    }
  }

  void operator()(const BinaryForm& form) {
    const char* signs[] = {" + ", " - ", " * ", nullptr};
    const char* sign = signs[static_cast<int>(form.kind)];
    if (sign == nullptr) {
      refusal_ = "a quotient";
      return;
    }
    for (std::size_t e = 0; e < form.left.size(); ++e) {
      const Expression a = operand(0, form.left_is_constant, form.left[e]), b = operand(1, form.right_is_constant, form.right[e]);
      own().push_back({define("r", e, a.real + sign + b.real), finished(e, "(" + a.deployed + sign + b.deployed + ")")});
    }
  }

  void operator()(const MaxForm&) { refusal_ = "a maximum of several values"; }
  void operator()(const SoftmaxForm&) { refusal_ = "a softmax"; }
  void operator()(const DotForm&) { refusal_ = "a product of two computed matrices"; }

 private:
  std::vector<Expression>& own() { return values_[static_cast<std::size_t>(id_)]; }

  template <typename Index>
  std::string variable(const char* kind, Index element) const {
    return kind + std::to_string(id_) + "_" + std::to_string(element);
  }

  template <typename Index>
  std::string define(const char* kind, Index element, const std::string& expression) {
    const std::string name = variable(kind, element);
    definitions_ += name + " = " + expression + ";\n";
    return name;
  }

  std::string rounded(const std::optional<Format>& format, const std::string& expression) {
    if (!format) return expression;
    const bool covered = (format->family == FormatFamily::kFixed || format->family == FormatFamily::kFloat) && *mode(format->rounding) != 0 &&
                         !format->flush_subnormals;
    if (!covered) {
      refusal_ = "the format " + format->name;
      return expression;
    }
    const std::string operation = format->family == FormatFamily::kFixed
                                      ? "fixed<" + std::to_string(-format->fraction_bits) + "," + mode(format->rounding) + ">"
                                      : "float<" + std::to_string(format->stored_significand_bits + 1) + "," +
                                            std::to_string(format->emin - format->stored_significand_bits) + "," + mode(format->rounding) + ">";
    const auto [known, added] = operators_.try_emplace(operation, "f" + std::to_string(operators_.size()));
    if (added) names_ += "@" + known->second + " = " + operation + ";\n";
    return known->second + "(" + expression + ")";
  }

  // The finished value of an element, rounded to `output`.
  template <typename Index>
  std::string finished(Index element, const std::string& expression) {
    return define("d", element, rounded(formats_->output, expression));
  }

  Expression operand(std::size_t index, bool constant, std::int32_t element) const {
    const Expression value = values_[static_cast<std::size_t>(node_->operands[index])][static_cast<std::size_t>(element)];
    if (!constant) return value;
    return {value.real, dyadic(constant_operand(prepared_, id_)->value[static_cast<std::size_t>(element)])};
  }

  // ---- sums ------------------------------------------------------------------------------------------------------------

  Expression add(const Expression& a, const Expression& b) {
    if (a.real.empty()) return {b.real, rounded(formats_->accumulator, b.deployed)};
    return {"(" + a.real + " + " + b.real + ")", rounded(formats_->accumulator, "(" + a.deployed + " + " + b.deployed + ")")};
  }

  void linear_output(const LinearMap& map, std::int64_t g, std::int64_t m, std::int64_t p) {
    const PreparedNode& constants = prepared_.nodes[static_cast<std::size_t>(id_)];
    const auto channel = static_cast<std::size_t>(g * map.channels + m);
    std::vector<Expression> terms;
    for (std::int64_t k = 0; k < map.depth; ++k) {
      const std::int64_t input = map.input_of(g, k, p);
      if (input < 0) continue;
      const auto at = channel * static_cast<std::size_t>(map.depth) + static_cast<std::size_t>(k);
      const Expression& x = values_[static_cast<std::size_t>(node_->operands[0])][static_cast<std::size_t>(input)];
      terms.push_back({"(" + dyadic(map.weight[at]) + " * " + x.real + ")",
                       rounded(formats_->product, "(" + dyadic(constants.weight.value[at]) + " * " + x.deployed + ")")});
    }
    Expression start;
    if (!map.bias.empty()) start = {dyadic(map.bias[channel]), dyadic(constants.bias.value[channel])};
    const auto output = static_cast<std::size_t>(map.output_of(g, m, p));
    Expression sum = sum_of(std::move(terms), start);
    if (map.divisor_of(p) != 1) {
      const std::string divisor = " / " + std::to_string(map.divisor_of(p));
      sum = {"(" + sum.real + divisor + ")", "(" + sum.deployed + divisor + ")"};
    }
    own()[output] = {define("r", output, sum.real), finished(output, sum.deployed)};
  }

  Expression in_sequence(Expression start, const std::vector<Expression>& terms, std::size_t first, std::size_t last) {
    for (std::size_t k = first; k < last; ++k) start = add(start, terms[k]);
    return start;
  }

  Expression sum_of(std::vector<Expression> terms, const Expression& start) {
    if (formats_->order.kind == SummationOrder::Kind::kSequential) return in_sequence(start, terms, 0, terms.size());
    if (formats_->order.kind == SummationOrder::Kind::kBlocked) {
      std::vector<Expression> blocks;
      const auto block = static_cast<std::size_t>(std::max<std::int64_t>(formats_->order.block, 1));
      for (std::size_t k = 0; k < terms.size(); k += block) blocks.push_back(in_sequence({}, terms, k, std::min(terms.size(), k + block)));
      return in_sequence(start, blocks, 0, blocks.size());
    }
    while (terms.size() > 1) {
      std::vector<Expression> level;
      for (std::size_t k = 0; k + 1 < terms.size(); k += 2) level.push_back(add(terms[k], terms[k + 1]));
      if (terms.size() % 2 == 1) level.push_back(terms.back());
      terms = std::move(level);
    }
    return add(start, terms[0]);
  }

  // ---- hypotheses and goals -----------------------------------------------------------------------------------------------

  std::string error_of(NodeId node, std::size_t element) const {
    const Interval& error = analysis_.nodes[static_cast<std::size_t>(node)].error[element];
    return interval(error.lo, error.hi);
  }

  // relu and hardtanh never decrease, so that signs are kept; both they and abs never enlarge a difference.
  std::string difference_of(const UnaryForm& form, NodeId operand, std::size_t element) const {
    const Interval& error = analysis_.nodes[static_cast<std::size_t>(operand)].error[element];
    if (form.kind == UnaryKind::kAbs) return interval(-magnitude(error), magnitude(error));
    return interval(std::min(error.lo, 0.0), std::max(error.hi, 0.0));
  }

  void add_goal(NodeId node, std::size_t element) {
    const Expression& value = values_[static_cast<std::size_t>(node)][element];
    if (value.real != value.deployed) goals_.push_back(value.deployed + " - " + value.real + " in " + error_of(node, element));
  }

  Expression open_branch(const UnaryForm& form, NodeId operand, std::size_t e) {
    const NodeBounds& own_bounds = analysis_.nodes[static_cast<std::size_t>(id_)];
    const Expression& from = values_[static_cast<std::size_t>(operand)][e];
    const Interval& x = analysis_.nodes[static_cast<std::size_t>(operand)].real[e];
    const std::string name = variable("h", e), deployed = variable("hd", e);
    add_goal(operand, e);
    goals_.push_back(from.real + " in " + interval(x.lo, x.hi));
    notes_ += "# " + name + ", " + deployed + ": the function of " + from.real + ", " + from.deployed + " (1-Lipschitz: outside Gappa)\n";
    hypotheses_.push_back(name + " in " + interval(own_bounds.real[e].lo, own_bounds.real[e].hi));
    hypotheses_.push_back(deployed + " - " + name + " in " + difference_of(form, operand, e));
    const bool passes = form.kind == UnaryKind::kRelu || form.kind == UnaryKind::kAbs;
    const auto& before = prepared_.formats[static_cast<std::size_t>(operand)].output;
    const bool same_format = passes && before && formats_->output && *before == *formats_->output;
    return {name, same_format ? deployed : finished(e, deployed)};
  }

  std::string text() const {
    std::string proposition;
    for (std::size_t k = 0; k < hypotheses_.size(); ++k) proposition += (k == 0 ? "  " : "\n  /\\ ") + hypotheses_[k];
    proposition += proposition.empty() ? "" : "\n  ->\n";
    for (std::size_t k = 0; k < goals_.size(); ++k) proposition += (k == 0 ? "  " : "\n  /\\ ") + goals_[k];
    return "# x: inputs, r: real values, d: deployed values, _: element of the node of that number.\n" + notes_ + names_ + definitions_ + "{\n" +
           proposition + "\n}\n";
  }

  const Prepared& prepared_;
  const BoxAnalysis& analysis_;
  const InputBox& box_;
  std::vector<std::vector<Expression>> values_;
  NodeId id_ = 0;
  const LoweredNode* node_ = nullptr;
  const NodeFormats* formats_ = nullptr;
  double operations_ = 0;
  std::map<std::string, std::string> operators_;
  std::string names_, notes_, definitions_, refusal_;
  std::vector<std::string> hypotheses_, goals_;
};

}  // namespace

Result<std::string> gappa_script(const LoweredGraph& graph, const FormatAssignment& formats, const InputBox& box) {
  const AnalyzeOptions options{.method = Method::kInterval};
  auto analysis = analyze_box(graph, formats, box, options);
  if (!analysis) return fail(analysis.error());
  if (!analysis->overflows.empty()) {
    return fail("E0632", "Gappa's formats have no largest value, and overflow is not excluded", (*graph.graph)[analysis->overflows.front().node].name);
  }
  auto prepared = prepare(graph, formats);
  if (!prepared) return fail(prepared.error());
  return Script(*prepared, *analysis, box).run();
}

}  // namespace halfulp
