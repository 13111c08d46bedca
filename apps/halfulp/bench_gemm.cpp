#include "bench_gemm.hpp"

#include <fmt/format.h>

namespace halfulp::cli {
namespace {

using Kind = SummationOrder::Kind;

struct Row {
  const char *name, *input, *product, *accumulator, *output;
  SummationOrder order = {};
  bool compensated = false;
};

constexpr Row kRows[] = {{"product and sum rounded", "float<6,9>", "float<6,9>", "float<6,9>", ""},
                         {"exact product, rounded sum", "e4m3", "", "fp16", ""},
                         {"exact product, rounded sum", "float<6,9>", "", "float<6,9>", ""},
                         {"exact product, rounded sum", "fp16", "", "fp32", ""},
                         {"exact product, rounded sum", "bf16", "", "bf16", ""},
                         {"exact product, rounded sum", "mx<e4m3,32>", "", "bf16", ""},
                         {"rounded upward", "float<6,9>", "", "float<6,9>:up", ""},
                         {"in blocks of 16", "float<6,9>", "", "float<6,9>", "", {Kind::kBlocked, 16}},
                         {"in a tree", "float<6,9>", "", "float<6,9>", "", {Kind::kTree, 0}},
                         {"compensated", "float<6,9>", "", "float<6,9>", "", {}, true},
                         {"fixed, one rounding", "fixed<16,8>", "", "fixed<16,8>", ""},
                         {"fixed, product and sum rounded", "fixed<16,8>", "fixed<16,8>", "fixed<16,8>", ""},
                         {"exact sum", "fixed<8,4>", "", "fixed<32,16>", ""},
                         {"stochastic sum", "e4m3", "", "fp16:stochastic", ""},
                         {"posit", "posit<16,1>", "", "posit<16,1>", ""},
                         {"posit, product and sum rounded", "posit<8,1>", "posit<8,1>", "posit<8,1>", ""},
                         {"quire, rounded once", "posit<16,1>", "", "", "posit<16,1>"},
                         {"exact sum, rounded once", "e5m2", "", "", "fp16"}};

std::optional<Format> optional_format(const char* spelling) {
  if (*spelling == 0) return std::nullopt;
  return parse_format(spelling).value();
}

std::string name_of(const Row& row) {
  std::string name = fmt::format("{}: {}", row.name, row.input);
  if (*row.product != 0) name += fmt::format(", product {}", row.product);
  if (*row.accumulator != 0) name += fmt::format(", accumulator {}", row.accumulator);
  if (*row.output != 0) name += fmt::format(", output {}", row.output);
  return name;
}

}  // namespace

std::vector<GemmCase> bench_products(std::uint64_t seed) {
  std::vector<GemmCase> cases;
  for (const Row& row : kRows) {
    cases.push_back({name_of(row), parse_format(row.input).value(),
                     {.product = optional_format(row.product), .accumulator = optional_format(row.accumulator),
                      .output = optional_format(row.output), .order = row.order, .compensated = row.compensated, .seed = seed}});
  }
  return cases;
}

}  // namespace halfulp::cli
