// K-means in two dimensions with every operation rounded: fixed point against floating point, error against bits and energy.
// Usage: kmeans FOLDER   writes kmeans.csv and kmeans.svg there and prints tables
#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "halfulp/support/text.hpp"
#include "output.hpp"

namespace kmeans {
namespace {

constexpr int kLeastBits = 5, kMostBits = 12;

int report(const halfulp::Diagnostic& diagnostic) {
  fmt::print(stderr, "error[{}]: {}\n", diagnostic.code, diagnostic.message);
  return static_cast<int>(diagnostic.exit_code);
}

void print(const Finding& finding) {
  fmt::print("{}: the best of each family at each width\n\n{}\n", finding.data, table_of(finding));
  fmt::print("{}: formats of 8 bits\n\n{}\n", finding.data, eight_bits(finding));
  fmt::print("{}: the cheapest formats under a limit of mismatch\n\n{}\n", finding.data, cheapest_table(finding));
}

int run(const std::string& folder) {
  auto target = halfulp::read_target("energy-45nm");
  if (!target) return report(target.error());
  const Energy energy(*std::move(target));
  const Search even({.shape = {.kind = DataKind::kEven}, .least_bits = kLeastBits, .most_bits = kMostBits}, energy);
  const Search graded({.shape = {.kind = DataKind::kGraded}, .least_bits = kLeastBits, .most_bits = kMostBits}, energy);
  const std::vector<Finding> findings = {{"even data", &even, kLeastBits, kMostBits}, {"graded data", &graded, kLeastBits, kMostBits}};
  std::vector<halfulp::Chart> charts;
  for (const Finding& finding : findings) {
    print(finding);
    for (halfulp::Chart& chart : charts_of(finding)) charts.push_back(std::move(chart));
  }
  if (auto done = halfulp::write_file_atomic(folder + "/kmeans.csv", csv_of(findings)); !done) return report(done.error());
  if (auto done = halfulp::write_svg(charts, folder + "/kmeans.svg"); !done) return report(done.error());
  return 0;
}

}  // namespace
}  // namespace kmeans

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: kmeans FOLDER\n");
    return 2;
  }
  return kmeans::run(argv[1]);
}
