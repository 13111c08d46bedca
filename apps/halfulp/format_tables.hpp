// The tables of docs/formats.md.
#pragma once

#include <string>

namespace halfulp::cli {

std::string format_tables_markdown();

}  // namespace halfulp::cli
