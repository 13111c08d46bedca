// Tensors that are made from a shape: constants. Their element type is the schedule's business.
#include <cmath>

#include "handlers.hpp"

namespace halfulp::ingest_child::rules {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;

bool is_like(const std::string& op) { return op.size() > 5 && op.compare(op.size() - 5, 5, "_like") == 0; }

void check_extents(Call& call, const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || (extent > 0 && count > kMaxElements / extent)) call.misfit("a new tensor of shape " + to_string(shape));
    count *= extent;
  }
}

}  // namespace

// zeros(shape, ..), ones(shape, ..), full(shape, value, ..), zeros_like(x, ..), ones_like(x, ..), new_zeros(x, shape, ..).
Value filled(Call& call) {
  const std::string& op = call.op();
  const Shape shape = is_like(op) ? call.shape(0) : call.ints(op == "new_zeros" ? 1 : 0);
  const double value = op == "full" ? call.real(1) : op.find("ones") != std::string::npos ? 1 : 0;
  if (!std::isfinite(value)) call.unsupported("a tensor filled with NaN or infinity");
  check_extents(call, shape);
  std::vector<double> values(static_cast<std::size_t>(element_count(shape)), value);
  return call.fresh(call.emit_constant({shape, std::move(values)}, op));
}

}  // namespace halfulp::ingest_child::rules
