#include "fields.hpp"

#include <charconv>

namespace halfulp::schedule_detail {

std::string spell(const SummationOrder& order) {
  switch (order.kind) {
    case SummationOrder::Kind::kBlocked:
      return "blocked<" + std::to_string(order.block) + ">";
    case SummationOrder::Kind::kTree:
      return "tree";
    case SummationOrder::Kind::kSequential:
      break;
  }
  return "sequential";
}

std::optional<SummationOrder> parse_order(const std::string& text) {
  if (text == "sequential") return SummationOrder{};
  if (text == "tree") return SummationOrder{.kind = SummationOrder::Kind::kTree};
  const std::string prefix = "blocked<";
  if (!text.starts_with(prefix) || !text.ends_with('>')) return std::nullopt;
  const char* first = text.data() + prefix.size();
  const char* last = text.data() + text.size() - 1;
  std::int64_t block = 0;
  const auto [end, error] = std::from_chars(first, last, block);
  if (error != std::errc{} || end != last || block < 1) return std::nullopt;
  return SummationOrder{.kind = SummationOrder::Kind::kBlocked, .block = block};
}

std::string spell(const std::optional<Format>& format) { return format ? format->name : "exact"; }

}  // namespace halfulp::schedule_detail
