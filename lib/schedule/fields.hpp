// The roles of a node as rows of a table, shared by reader, writer and diff, and the spelling of a summation order.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "halfulp/schedule/schedule.hpp"

namespace halfulp::schedule_detail {

struct RoleField {
  const char* key;
  std::optional<Format> NodeFormats::*format;
};

// In the order in which they are written.
inline constexpr std::array<RoleField, 6> kRoles{{{"input", &NodeFormats::input},
                                                  {"weight", &NodeFormats::weight},
                                                  {"bias", &NodeFormats::bias},
                                                  {"product", &NodeFormats::product},
                                                  {"accumulator", &NodeFormats::accumulator},
                                                  {"output", &NodeFormats::output}}};

inline constexpr const char* kSchemaPrefix = "halfulp.schedule/";
inline constexpr int kSchemaMajor = 1;

// "sequential", "blocked<k>", "tree".
std::string spell(const SummationOrder& order);
std::optional<SummationOrder> parse_order(const std::string& text);

// "exact" for an absent role.
std::string spell(const std::optional<Format>& format);

// The document without its content hash line: what the hash is taken over.
std::string canonical_text(const Schedule& schedule);
// The same with the hash line below the schema line.
std::string document_text(const Schedule& schedule, const std::string& content_hash);

}  // namespace halfulp::schedule_detail
