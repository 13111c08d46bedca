#include <algorithm>
#include <cmath>

#include "proof.hpp"

namespace halfulp {
namespace certificate {
namespace {

std::vector<M> unit(std::size_t size, std::size_t i, double value) {
  std::vector<M> row(size, M(0.0));
  row[i] = M(value);
  return row;
}

Result<void> check_elements(const LoweredGraph& graph, const std::map<NodeId, std::vector<std::int64_t>>& lists) {
  for (const auto& [node, elements] : lists) {
    if (node < 0 || static_cast<std::size_t>(node) >= graph.nodes.size()) return fail("E0623", "the certificate names a node that the network does not have");
    for (const std::int64_t e : elements) {
      if (e < 0 || e >= graph[node].size) return fail("E0623", "the certificate names an element that its node does not have", (*graph.graph)[node].name);
    }
  }
  return {};
}

}  // namespace

const std::vector<std::int64_t>& listed(const std::map<NodeId, std::vector<std::int64_t>>& lists, NodeId id) {
  static const std::vector<std::int64_t> kNone;
  const auto found = lists.find(id);
  return found == lists.end() ? kNone : found->second;
}

Proof prove(const Network& network, const CertifiedBox& box, const ProofSteps& steps) {
  Proof proof(network.graph->nodes.size());
  const auto& inputs = network.graph->graph->inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (const Interval& x : box[i]) proof[static_cast<std::size_t>(inputs[i])].real.push_back(M(x.lo, x.hi));
  }
  for (std::size_t n = 0; n < proof.size(); ++n) {
    const auto id = static_cast<NodeId>(n);
    if (!network.needed[n]) continue;
    auto& real = proof[n].real;
    if (real.empty()) real = node_values(network, proof, id, false);
    for (const std::int64_t e : listed(steps.tighten_range, id)) {
      const auto i = static_cast<std::size_t>(e);
      const double low = lower_bound(network, proof, steps, id, unit(real.size(), i, 1));
      const double high = -lower_bound(network, proof, steps, id, unit(real.size(), i, -1));
      real[i] = intersect(real[i], M(low, high));
    }
    fill_difference(network, proof, steps, id);
  }
  return proof;
}

// ---- claims of one input set -----------------------------------------------------------------------------------------------

namespace {

// |deployed - real| of every output's elements, by a reverse pass each.
std::vector<std::vector<double>> output_errors(const Network& network, const Proof& proof) {
  std::vector<std::vector<double>> errors;
  for (const NodeId output : network.graph->graph->outputs) {
    auto& list = errors.emplace_back();
    const auto& own = at(proof, output).error;
    for (std::size_t i = 0; i < own.size(); ++i) {
      const double bound = magnitude(intersect(own[i], difference(network, proof, output, unit(own.size(), i, 1), false)));
      list.push_back(bound >= 0 ? bound : HUGE_VAL);
    }
  }
  return errors;
}

bool has_overflow(const Network& network, const Proof& proof) {
  for (std::size_t n = 0; n < proof.size(); ++n) {
    if (network.needed[n] && proof[n].overflow) return true;
  }
  return false;
}

// real[winner] - real[j] > 0 and its deployed counterpart > 0 for every j, over the whole input set.
bool keeps_argmax(const Network& network, const Proof& proof, const ProofSteps& steps, NodeId output, std::size_t winner) {
  const NodeProof& own = at(proof, output);
  const std::size_t size = own.real.size();
  for (std::size_t j = 0; j < size; ++j) {
    if (j == winner) continue;
    std::vector<M> row = unit(size, winner, 1);
    row[j] = M(-1.0);
    double margin = lower(own.real[winner] - own.real[j]);
    if (!(margin > 0)) margin = lower_bound(network, proof, steps, output, row);
    if (!(margin > 0)) return false;
    if (add_down(margin, lower(own.error[winner] - own.error[j])) > 0) continue;
    if (!(add_down(margin, lower(difference(network, proof, output, std::move(row), false))) > 0)) return false;
  }
  return true;
}

class Boxes {
 public:
  Boxes(const Network& network, const Certificate& steps, Certificate& result) : network_(network), steps_(steps), result_(result) {}

  Result<void> run(const CertifiedBox& box) {
    if (auto done = descend(box); !done) return done;
    if (cut_ != steps_.bisection.size() || leaf_ != steps_.steps.size()) return fail("E0623", "the certificate's bisection and its steps do not fit each other");
    return {};
  }

 private:
  Result<void> descend(const CertifiedBox& box) {
    if (cut_ >= steps_.bisection.size()) return fail("E0623", "the certificate's bisection ends too early");
    const Cut& cut = steps_.bisection[cut_++];
    if (cut.input < 0) return leaf(box);
    const auto input = static_cast<std::size_t>(cut.input), element = static_cast<std::size_t>(cut.element);
    if (input >= box.size() || cut.element < 0 || element >= box[input].size() || !contains(box[input][element], cut.at)) {
      return fail("E0623", "a cut of the certificate lies outside the box that it divides");
    }
    CertifiedBox half = box;
    half[input][element].hi = cut.at;
    if (auto done = descend(half); !done) return done;
    half = box;
    half[input][element].lo = cut.at;
    return descend(half);
  }

  Result<void> leaf(const CertifiedBox& box) {
    if (leaf_ >= steps_.steps.size()) return fail("E0623", "the certificate has fewer steps than parts of the box");
    const Proof proof = prove(network_, box, steps_.steps[leaf_]);
    const auto errors = output_errors(network_, proof);
    const auto& outputs = network_.graph->graph->outputs;
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      const auto& real = at(proof, outputs[o]).real;
      for (std::size_t i = 0; i < real.size(); ++i) join(o, i, to_double(real[i]), errors[o][i]);
    }
    result_.overflow_free = result_.overflow_free && !has_overflow(network_, proof);
    ++leaf_;
    return {};
  }

  void join(std::size_t o, std::size_t i, const Interval& range, double error) {
    if (leaf_ == 0) {
      result_.ranges.resize(o + 1);
      result_.errors.resize(o + 1);
      result_.ranges[o].push_back(range);
      result_.errors[o].push_back(error);
      return;
    }
    result_.ranges[o][i] = hull(result_.ranges[o][i], range);
    result_.errors[o][i] = std::max(result_.errors[o][i], error);
  }

  const Network& network_;
  const Certificate& steps_;
  Certificate& result_;
  std::size_t cut_ = 0, leaf_ = 0;
};

Result<void> replay_samples(const Network& network, const CertifiedSet& set, const Certificate& steps, Certificate& result) {
  if (steps.steps.size() != set.samples->size() || steps.samples.size() != set.samples->size()) {
    return fail("E0623", "the certificate does not have steps and a claim for each sample");
  }
  const NodeId output = network.graph->graph->outputs[steps.output];
  for (std::size_t s = 0; s < set.samples->size(); ++s) {
    CertifiedBox box;
    for (const auto& input : (*set.samples)[s]) {
      auto& elements = box.emplace_back();
      for (const double x : input) elements.push_back(set.radius == 0 ? Interval(x) : Interval(x) + Interval(-set.radius, set.radius));
    }
    const Proof proof = prove(network, box, steps.steps[s]);
    SampleClaim& claim = result.samples[s];
    claim = steps.samples[s];
    const auto size = static_cast<std::int64_t>(at(proof, output).real.size());
    claim.argmax_kept = claim.real_class >= 0 && claim.real_class < size &&
                        keeps_argmax(network, proof, steps.steps[s], output, static_cast<std::size_t>(claim.real_class));
    claim.error_bound = 0;
    for (const auto& errors : output_errors(network, proof)) {
      for (const double error : errors) claim.error_bound = std::max(claim.error_bound, error);
    }
    result.overflow_free = result.overflow_free && !has_overflow(network, proof);
  }
  return {};
}

}  // namespace
}  // namespace certificate

Result<Certificate> replay(const LoweredGraph& graph, const FormatAssignment& formats, const CertifiedSet& set, const Certificate& steps) {
  if (steps.bits < 53 || steps.bits > kMaxWorkingPrecision) return fail("E0623", "the certificate asks for a working precision outside 53 to 256 bits");
  if (steps.output >= graph.graph->outputs.size()) return fail("E0623", "the certificate names an output that the network does not have");
  set_working_precision(steps.bits);
  for (const ProofSteps& one : steps.steps) {
    for (const auto* list : {&one.tighten_range, &one.tighten_error}) {
      if (auto valid = certificate::check_elements(graph, *list); !valid) return fail(valid.error());
    }
  }
  auto network = certificate::network_of(graph, formats);
  if (!network) return fail(network.error());
  Certificate result = steps;
  result.ranges.clear();
  result.errors.clear();
  result.overflow_free = true;
  const auto done = set.box != nullptr ? certificate::Boxes(*network, steps, result).run(*set.box)
                                       : certificate::replay_samples(*network, set, steps, result);
  if (!done) return fail(done.error());
  return result;
}

}  // namespace halfulp
