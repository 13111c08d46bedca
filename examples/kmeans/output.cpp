#include "output.hpp"

#include <fmt/format.h>

#include "halfulp/report/table.hpp"
#include "halfulp/support/text.hpp"

namespace kmeans {
namespace {

using halfulp::Align;
using halfulp::Table;

std::string percent(double share) { return fmt::format("{:.2f}", 100 * share); }

Table outcome_table(const std::string& first_head) {
  Table table;
  table.column(first_head).column("formats").column("mismatch %", Align::kRight).column("centroid error", Align::kRight);
  table.column("iterations", Align::kRight).column("energy nJ", Align::kRight);
  return table;
}

void add_row(Table& table, const std::string& first, const Outcome& outcome) {
  table.row({first, outcome.candidate.label, percent(outcome.mismatch), fmt::format("{:.5f}", outcome.centroid_error),
             fmt::format("{:.1f}", outcome.iterations), fmt::format("{:.1f}", outcome.energy_nj)});
}

halfulp::Series series_of(const Finding& finding, Family family, double (*x)(const Outcome&)) {
  halfulp::Series series{.name = name_of(family), .points = {}};
  for (int bits = finding.least_bits; bits <= finding.most_bits; ++bits) {
    const Outcome& outcome = finding.search->best(family, bits);
    series.points.push_back({x(outcome), 100 * outcome.mismatch, outcome.candidate.label});
  }
  return series;
}

halfulp::Chart chart_of(const Finding& finding, const halfulp::ChartAxis& x_axis, double (*x)(const Outcome&)) {
  halfulp::Chart chart{.title = finding.data, .x = x_axis, .y = {.label = "label mismatch, %", .scale = halfulp::Scale::kLog}, .series = {}};
  for (const Family family : kFamilies) chart.series.push_back(series_of(finding, family, x));
  return chart;
}

}  // namespace

std::string table_of(const Finding& finding) {
  Table table = outcome_table("bits");
  for (int bits = finding.least_bits; bits <= finding.most_bits; ++bits) {
    for (const Family family : kFamilies) {
      add_row(table, family == kFamilies[0] ? std::to_string(bits) : "", finding.search->best(family, bits));
    }
  }
  return table.render();
}

std::string eight_bits(const Finding& finding) {
  Table table = outcome_table("8 bits");
  for (const Family family : kFamilies) add_row(table, name_of(family), finding.search->best(family, 8));
  for (const Candidate& candidate : named_candidates()) add_row(table, "OCP", finding.search->judge(candidate));
  return table.render();
}

std::string cheapest_table(const Finding& finding) {
  Table table = outcome_table("least energy with");
  const std::vector<std::pair<std::string, std::vector<Family>>> groups = {
      {"fixed", {Family::kFixed, Family::kFixedPoints}}, {"float", {Family::kFloat, Family::kFloatScaled}}};
  for (const double limit : {0.1, 0.05, 0.02, 0.01}) {
    for (const auto& [name, families] : groups) {
      const std::string first = fmt::format("at most {:g} %, {}", 100 * limit, name);
      const auto outcome = finding.search->cheapest(limit, families);
      if (outcome) add_row(table, first, *outcome);
      else table.row({first, "none"});
    }
  }
  return table.render();
}

std::string csv_of(const std::vector<Finding>& findings) {
  std::string text = "data,family,bits,formats,mismatch,centroid_error,iterations,energy_nj\n";
  for (const Finding& finding : findings) {
    for (const Family family : kFamilies) {
      for (int bits = finding.least_bits; bits <= finding.most_bits; ++bits) {
        const Outcome& outcome = finding.search->best(family, bits);
        text += fmt::format("{},\"{}\",{},\"{}\",{},{},{},{:.6g}\n", finding.data, name_of(family), bits, outcome.candidate.label,
                            halfulp::shortest(outcome.mismatch), fmt::format("{:.6g}", outcome.centroid_error),
                            halfulp::shortest(outcome.iterations), outcome.energy_nj);
      }
    }
  }
  return text;
}

std::vector<halfulp::Chart> charts_of(const Finding& finding) {
  return {chart_of(finding, {.label = "bits"}, [](const Outcome& outcome) { return static_cast<double>(outcome.candidate.width_bits); }),
          chart_of(finding, {.label = "energy of a data set, nJ", .scale = halfulp::Scale::kLog},
                   [](const Outcome& outcome) { return outcome.energy_nj; })};
}

}  // namespace kmeans
