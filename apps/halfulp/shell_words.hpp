// Command lines as text: quoted so that a shell reads back the same words.
#pragma once

#include <string>
#include <vector>

namespace halfulp::cli {

std::string shell_quoted(const std::string& word);
// Inverse of joining shell_quoted() words with blanks.
std::vector<std::string> shell_split(const std::string& text);

}  // namespace halfulp::cli
