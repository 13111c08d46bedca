// What the templates see.
#pragma once

#include <kainjow/mustache.hpp>

#include "render.hpp"

namespace halfulp::emit_detail {

kainjow::mustache::data make_view(const Content& content);

// Parts of it.
void add_formats(const Content& content, kainjow::mustache::data& view);
void add_calls(const Content& content, kainjow::mustache::data& view);
void add_vectors(const Content& content, kainjow::mustache::data& view);

kainjow::mustache::data rows_of(const std::vector<std::string>& values);   // 'row' objects of comma-ended text
kainjow::mustache::data lines_of(const std::vector<std::string>& lines);   // 'line' objects
std::string joined(const std::vector<std::string>& parts, const std::string& separator = ", ");

struct Port {
  NodeId id;
  std::string name;      // of the parameter of the top function
  std::string type;
  std::int64_t size;
};
std::vector<Port> input_ports(const Network& network);
std::vector<Port> output_ports(const Network& network);

}  // namespace halfulp::emit_detail
