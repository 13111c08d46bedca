#include "tensor_claim.hpp"

#include <algorithm>
#include <map>

namespace halfulp {
namespace {

constexpr std::size_t kMaxRank = 16;
constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;
// A tensor may repeat elements by a stride of 0 up to this many.
constexpr std::int64_t kMaxRepeated = std::int64_t{1} << 24;

tl::unexpected<Diagnostic> lies(const TensorClaim& claim, const std::string& what) {
  return fail("E0115", "a tensor of record '" + claim.storage.record + "' " + what, claim.storage.record);
}

}  // namespace

std::uint64_t element_bytes(const std::string& storage_class) {
  static const std::map<std::string, std::uint64_t> kBytes = {
      {"BFloat16Storage", 2}, {"BoolStorage", 1}, {"ByteStorage", 1},  {"CharStorage", 1}, {"DoubleStorage", 8},
      {"FloatStorage", 4},    {"HalfStorage", 2}, {"IntStorage", 4},   {"LongStorage", 8}, {"ShortStorage", 2},
  };
  const auto found = kBytes.find(storage_class);
  return found == kBytes.end() ? 0 : found->second;
}

Result<void> check_claim(const TensorClaim& claim) {
  if (claim.sizes.size() != claim.strides.size()) return lies(claim, "has another number of strides than of extents");
  if (claim.sizes.size() > kMaxRank) return lies(claim, "has more than 16 dimensions");
  const auto elements = static_cast<std::int64_t>(std::min<std::uint64_t>(claim.storage.elements, kMaxElements));
  const std::int64_t most = std::max(elements, kMaxRepeated);
  std::int64_t count = 1, last = claim.offset;
  if (claim.offset < 0) return lies(claim, "has a negative offset");
  for (std::size_t i = 0; i < claim.sizes.size(); ++i) {
    const std::int64_t extent = claim.sizes[i], stride = claim.strides[i];
    if (extent < 0 || stride < 0) return lies(claim, "has a negative extent or stride");
    if (extent > 0 && count > most / extent) return lies(claim, "claims more elements than are read (" + std::to_string(most) + ")");
    count *= extent;
    std::int64_t reach = 0;
    if (extent > 0 && (__builtin_mul_overflow(extent - 1, stride, &reach) || __builtin_add_overflow(last, reach, &last))) {
      return lies(claim, "has strides beyond any storage");
    }
  }
  if (count > 0 && (last < 0 || static_cast<std::uint64_t>(last) >= claim.storage.elements)) {
    return lies(claim, "reaches element " + std::to_string(last) + " of a storage of " + std::to_string(claim.storage.elements));
  }
  return {};
}

}  // namespace halfulp
