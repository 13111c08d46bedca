// What a certificate is about, as hashes and lines that a person can read.
#include <bit>

#include "halfulp/certificate/certificate.hpp"
#include "halfulp/graph/encoding.hpp"
#include "halfulp/support/hash.hpp"

namespace halfulp {
namespace {

std::string spell(const SummationOrder& order) {
  switch (order.kind) {
    case SummationOrder::Kind::kSequential: return "sequential";
    case SummationOrder::Kind::kBlocked: return "blocked<" + std::to_string(order.block) + ">";
    case SummationOrder::Kind::kTree: return "tree";
  }
  return "";
}

void append(std::string& bytes, double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(bits >> shift & 0xff));
}

}  // namespace

std::string network_hash(const Graph& graph) {
  Graph own = graph;
  own.model_sha256.clear();  // of the file, not of the network
  return sha256(encode(own));
}

std::vector<std::string> format_lines(const Graph& graph, const FormatAssignment& formats) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const NodeFormats& f = formats[i];
    std::string line;
    const auto add = [&](const char* role, const std::optional<Format>& format) {
      if (format) line += std::string(" ") + role + " " + format->name;
    };
    add("input", f.input);
    add("weight", f.weight);
    add("bias", f.bias);
    add("product", f.product);
    add("accumulator", f.accumulator);
    add("output", f.output);
    if (line.empty()) continue;
    lines.push_back(graph.nodes[i].name + line + " order " + spell(f.order));
  }
  return lines;
}

std::string set_hash(const CertifiedSet& set) {
  std::string bytes = set.box != nullptr ? "box" : "samples";
  if (set.box != nullptr) {
    for (const auto& input : *set.box) {
      bytes += "input";
      for (const Interval& x : input) append(bytes, x.lo), append(bytes, x.hi);
    }
  } else {
    append(bytes, set.radius);
    for (const auto& sample : *set.samples) {
      bytes += "sample";
      for (const auto& input : sample) {
        bytes += "input";
        for (const double x : input) append(bytes, x);
      }
    }
  }
  return sha256(bytes);
}

}  // namespace halfulp
