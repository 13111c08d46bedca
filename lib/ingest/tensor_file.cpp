#include "halfulp/ingest/tensor_file.hpp"

#include <cmath>
#include <cstring>
#include <map>

#include "halfulp/support/text.hpp"
#include "halfulp/support/zip.hpp"
#include "pickle.hpp"

namespace halfulp {
namespace {

constexpr double kLargestExactInteger = 9007199254740992.0;  // 2^53

template <typename T>
double widened(const char* bytes) {
  T value{};
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

double widened_half(const char* bytes) {
  std::uint16_t code = 0;
  std::memcpy(&code, bytes, sizeof code);
  const int exponent = (code >> 10) & 31, significand = code & 1023;
  const double magnitude = exponent == 31 ? (significand == 0 ? HUGE_VAL : std::nan(""))
                           : exponent == 0 ? std::ldexp(significand, -24) : std::ldexp(significand + 1024, exponent - 25);
  return (code & 0x8000) != 0 ? -magnitude : magnitude;
}

double widened_bfloat16(const char* bytes) {
  const char wide[4] = {0, 0, bytes[0], bytes[1]};
  return widened<float>(wide);
}

using Widen = double (*)(const char*);

Widen widen_of(const std::string& storage_class) {
  static const std::map<std::string, Widen> kWiden = {
      {"BFloat16Storage", widened_bfloat16},   {"BoolStorage", widened<std::uint8_t>},  {"ByteStorage", widened<std::uint8_t>},
      {"CharStorage", widened<std::int8_t>},   {"DoubleStorage", widened<double>},      {"FloatStorage", widened<float>},
      {"HalfStorage", widened_half},           {"IntStorage", widened<std::int32_t>},   {"LongStorage", widened<std::int64_t>},
      {"ShortStorage", widened<std::int16_t>},
  };
  const auto found = kWiden.find(storage_class);
  return found == kWiden.end() ? nullptr : found->second;
}

tl::unexpected<Diagnostic> unreadable(const std::string& why, const std::string& path) {
  return fail("E0102", "no single tensor can be read: " + why, path, {"save one plain tensor: torch.save(x.detach().cpu().contiguous(), path)"});
}

const ZipRecord* record_of(const std::vector<ZipRecord>& records, const std::string& name) {
  const std::string folder = records.empty() ? "" : records[0].name.substr(0, records[0].name.find('/') + 1);
  for (const ZipRecord& record : records) {
    if (record.name == folder + name) return &record;
  }
  return nullptr;
}

Result<Tensor> copied(const PickledTensor& tensor, const std::string& bytes, const std::string& path) {
  const Widen widen = widen_of(tensor.storage_class);
  const std::uint64_t width = element_bytes(tensor.storage_class);
  if (widen == nullptr || width == 0) return unreadable("its elements are of class " + tensor.storage_class, path);
  Tensor result{tensor.claim.sizes, {}};
  const std::int64_t count = element_count(result.shape);
  result.data.reserve(static_cast<std::size_t>(count));
  Shape index(result.shape.size(), 0);
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t at = tensor.claim.offset;
    for (std::size_t axis = 0; axis < index.size(); ++axis) at += index[axis] * tensor.claim.strides[axis];
    const double value = widen(bytes.data() + static_cast<std::uint64_t>(at) * width);
    if (tensor.storage_class == "LongStorage" && std::abs(value) >= kLargestExactInteger) {
      return unreadable("element " + std::to_string(i) + " is an integer of 2^53 or more", path);
    }
    result.data.push_back(value);
    for (std::size_t axis = index.size(); axis-- > 0 && ++index[axis] == result.shape[axis];) index[axis] = 0;
  }
  return result;
}

}  // namespace

Result<Tensor> read_torch_tensor(const std::string& path) {
  const auto archive = read_file(path);
  if (!archive) return fail(archive.error());
  const auto records = read_zip_directory(*archive, {.what = "tensor saved by torch"});
  if (!records) return unreadable(records.error().message, path);
  if (record_of(*records, "constants.pkl") != nullptr) return unreadable("the file is a model", path);
  const ZipRecord* pickle = record_of(*records, "data.pkl");
  if (pickle == nullptr) return unreadable("the archive has no record 'data.pkl'", path);
  const auto text = unpack(*pickle);
  if (!text) return unreadable(text.error().message, path);
  const auto size_of = [&](const std::string& key) -> std::optional<std::uint64_t> {
    const ZipRecord* record = record_of(*records, "data/" + key);
    if (record == nullptr || record->is_deflated) return std::nullopt;
    return record->size;
  };
  const auto tensor = read_pickled_tensor(*text, "data.pkl", size_of);
  if (!tensor) return unreadable(tensor.error().message, path);
  const auto bytes = unpack(*record_of(*records, "data/" + tensor->claim.storage.record));
  if (!bytes) return unreadable(bytes.error().message, path);
  if (const ZipRecord* order = record_of(*records, "byteorder"); order != nullptr && order->packed != "little") {
    return unreadable("it has another byte order", path);
  }
  return copied(*tensor, *bytes, path);
}

}  // namespace halfulp
