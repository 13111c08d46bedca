// What the study found, as text, CSV and charts.
#pragma once

#include <string>
#include <vector>

#include "halfulp/report/svg.hpp"
#include "search.hpp"

namespace kmeans {

struct Finding {
  std::string data;  // "even data"
  const Search* search = nullptr;
  int least_bits = 0, most_bits = 0;
};

// The best of each family at each width.
std::string table_of(const Finding& finding);
// Formats of 8 bits: the best of each family and the named ones.
std::string eight_bits(const Finding& finding);
// The cheapest formats under limits on the mismatch.
std::string cheapest_table(const Finding& finding);
std::string csv_of(const std::vector<Finding>& findings);
// Mismatch against bits and against energy.
std::vector<halfulp::Chart> charts_of(const Finding& finding);

}  // namespace kmeans
