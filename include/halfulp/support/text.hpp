// Small text helpers used by every part that reads names and numbers from people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "halfulp/support/result.hpp"

namespace halfulp {

// The candidate nearest to `name` in Damerau-Levenshtein distance, if it is near enough to be a slip; else empty.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);
// "did you mean 'relu'?" as a list for Diagnostic::helps; empty when nothing is near.
std::vector<std::string> nearest_help(std::string_view name, const std::vector<std::string>& candidates);

// Shortest decimal that reads back as x; "inf", "-inf", "nan".
std::string shortest(double x);
// Decimal of `digits` significant digits that is >= x (round_up_text) or <= x (round_down_text).
std::string round_up_text(double x, int digits = 17);
std::string round_down_text(double x, int digits = 17);

Result<std::string> read_file(const std::string& path);                             // E0101
Result<void> write_file_atomic(const std::string& path, std::string_view content);  // E0103; temporary file + rename

// Folder of rules: HALFULP_RULES if set, else PREFIX/share/halfulp/rules beside the executable, else the source tree's.
std::string rules_folder();

}  // namespace halfulp
