#include "fields.hpp"
#include "halfulp/support/hash.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {

std::string write_schedule(const Schedule& schedule) {
  using schedule_detail::canonical_text;
  return schedule_detail::document_text(schedule, sha256(canonical_text(schedule)));
}

Result<void> write_schedule_file(const Schedule& schedule, const std::string& path) {
  return write_file_atomic(path, write_schedule(schedule));
}

}  // namespace halfulp
