// The rows of accepted.txt and refused.txt, as make_models.py writes them.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "halfulp/support/tensor.hpp"

namespace halfulp::test {

inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

inline Shape shape_of(const std::string& text) {
  Shape shape;
  if (text == "scalar") return shape;
  for (const std::string& extent : split(text, ',')) shape.push_back(std::stoll(extent));
  return shape;
}

inline std::vector<Shape> shapes_of(const std::string& text) {
  std::vector<Shape> shapes;
  for (const std::string& shape : split(text, ';')) shapes.push_back(shape_of(shape));
  return shapes;
}

inline std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

inline std::vector<std::vector<std::string>> rows_of(const std::string& file) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream stream(environment("HALFULP_INGEST_MODELS") + "/" + file);
  for (std::string line; std::getline(stream, line);) rows.push_back(split(line, '|'));
  return rows;
}

}  // namespace halfulp::test
