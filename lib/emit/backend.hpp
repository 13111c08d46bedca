// A back-end: how it spells number types, which hand-written headers it copies, which files it renders.
#pragma once

#include <string>
#include <vector>

#include "halfulp/emit/emit.hpp"
#include "network.hpp"

namespace halfulp::emit_detail {

struct RenderedFile {
  std::string source;   // template under rules/templates
  std::string name;     // with %s for the top function's name
};

struct Backend {
  std::string name;
  // C++ spelling of a format; `specification` names the constants of a float format.
  std::string (*spell)(const Format& format, const std::string& specification) = nullptr;
  std::vector<std::string> runtime;   // files under rules/templates, copied
  std::vector<RenderedFile> rendered;
  std::vector<std::string> call_pragmas;                      // in every layer function
  std::vector<std::string> (*value_pragmas)(const std::string& array, std::int64_t size) = nullptr;
  std::vector<std::string> includes;        // of the formats header
  std::vector<std::string> layer_includes;  // of the network's source
};

Backend cpp_backend();
Backend vitis_backend();

std::vector<Backend> backends();

// The halfulp_rt type of a format: "halfulp_rt::fixed<8, 3, true, ...>".
std::string runtime_spelling(const Format& format, const std::string& specification);
std::string rounding_name(RoundingMode mode);
std::string overflow_name(OverflowMode mode);
std::vector<RenderedFile> common_files();

}  // namespace halfulp::emit_detail
