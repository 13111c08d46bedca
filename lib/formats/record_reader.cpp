// One file of rules/formats: an array of [[format]] tables, a number format each.
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "families.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

const std::vector<std::string> kKeys = {"name",
                                        "aliases",
                                        "family",
                                        "exponent_bits",
                                        "stored_significand_bits",
                                        "bias",
                                        "emin",
                                        "subnormals",
                                        "infinity",
                                        "negative_zero",
                                        "nan",
                                        "max_finite_code",
                                        "signed",
                                        "zero"};

std::string place_of(const std::string& path, const toml::node& node) {
  return path + ":" + std::to_string(node.source().begin.line) + ":" +
         std::to_string(node.source().begin.column);
}

// Reads typed values of a row and remembers the first complaint.
class RowReader {
 public:
  RowReader(const toml::table& row, std::string place) : row_(row), place_(std::move(place)) {}

  std::int64_t integer(const char* key, std::int64_t lowest, std::int64_t highest) {
    const auto value = row_[key].value_exact<std::int64_t>();
    if (!value || *value < lowest || *value > highest) {
      complain("'" + std::string(key) + "' must be an integer in " + std::to_string(lowest) + ".." +
               std::to_string(highest));
      return lowest;
    }
    return *value;
  }

  bool boolean(const char* key) {
    const auto value = row_[key].value_exact<bool>();
    if (!value) complain("'" + std::string(key) + "' must be true or false");
    return value.value_or(false);
  }

  std::string string(const char* key) {
    const auto value = row_[key].value_exact<std::string>();
    if (!value || value->empty()) complain("'" + std::string(key) + "' must be a non-empty string");
    return value.value_or("");
  }

  template <typename T>
  std::vector<T> list(const char* key) {
    std::vector<T> result;
    const toml::array* values = row_[key].as_array();
    if (values == nullptr) complain("'" + std::string(key) + "' must be a list");
    if (values == nullptr) return result;
    for (const toml::node& node : *values) {
      const auto value = node.value_exact<T>();
      if (!value) complain("'" + std::string(key) + "' has an element of a wrong type");
      if (value) result.push_back(*value);
    }
    return result;
  }

  bool has(const char* key) const { return row_.contains(key); }

  void check_keys() {
    for (const auto& [key, value] : row_) {
      const std::string name(key.str());
      if (std::find(kKeys.begin(), kKeys.end(), name) == kKeys.end()) {
        complain("key '" + name + "' is unknown", nearest_help(name, kKeys));
      }
    }
  }

  void complain(const std::string& sentence, std::vector<std::string> helps = {}) {
    if (error_) return;
    error_ = Diagnostic{.code = "E0204",
                        .message = "bad format record: " + sentence,
                        .place = place_,
                        .helps = std::move(helps)};
  }

  const std::optional<Diagnostic>& error() const { return error_; }

 private:
  const toml::table& row_;
  std::string place_;
  std::optional<Diagnostic> error_;
};

void read_layout(RowReader& row, Format& format) {
  format.exponent_bits = static_cast<int>(row.integer("exponent_bits", 1, 11));
  format.stored_significand_bits = static_cast<int>(row.integer("stored_significand_bits", 1, 52));
  format.width_bits = 1 + format.exponent_bits + format.stored_significand_bits;
  format.bias = static_cast<int>(row.integer("bias", -1023, 1023));
  format.has_subnormals = row.boolean("subnormals");
  format.emin = 1 - format.bias;
  if (row.has("emin")) {
    format.emin = static_cast<int>(row.integer("emin", -format.bias, 1 - format.bias));
  }
  if (format.has_subnormals && format.emin != 1 - format.bias) {
    row.complain("'emin' must be 1 - bias where there are subnormals");
  }
}

void read_nan_codes(RowReader& row, Format& format) {
  for (const std::int64_t code : row.list<std::int64_t>("nan")) {
    if (code < 0 || (format.width_bits < 64 && code >> format.width_bits != 0)) {
      row.complain("a code of 'nan' has more bits than the format");
    }
    format.nan_codes.push_back(static_cast<std::uint64_t>(code));
  }
}

void read_special_codes(RowReader& row, Format& format) {
  format.has_infinity = row.boolean("infinity");
  format.has_negative_zero = row.boolean("negative_zero");
  read_nan_codes(row, format);
  const int magnitude_bits = format.width_bits - 1;
  const auto last_code = static_cast<std::int64_t>((std::uint64_t{1} << magnitude_bits) - 1);
  const std::int64_t first_normal = std::int64_t{1} << format.stored_significand_bits;
  format.max_finite_code =
      static_cast<std::uint64_t>(row.integer("max_finite_code", first_normal, last_code));
  format.emax =
      static_cast<int>(format.max_finite_code >> format.stored_significand_bits) - format.bias;
  if (format.emax > 1023 || format.emin < -1022) {
    row.complain("its normal numbers must lie in the range of binary64");
  }
  const int finest = format.emin - format.stored_significand_bits - (format.has_subnormals ? 0 : 1);
  if (finest < -1074) row.complain("its smallest numbers are below those of binary64");
  if (format.has_infinity && format.max_finite_code == static_cast<std::uint64_t>(last_code)) {
    row.complain("no code is left for the infinity");
  }
}

void read_float(RowReader& row, Format& format) {
  read_layout(row, format);
  if (!row.error()) read_special_codes(row, format);
}

// Powers of two: the code without its sign is the exponent field; 0 is zero where there is one.
void read_power(RowReader& row, Format& format) {
  format.exponent_bits = static_cast<int>(row.integer("exponent_bits", 2, 10));
  format.bias = static_cast<int>(row.integer("bias", 0, 1000));
  format.is_signed = row.boolean("signed");
  format.has_zero = row.boolean("zero");
  format.has_infinity = row.boolean("infinity");
  format.has_negative_zero = false;
  format.has_subnormals = false;
  format.width_bits = format.exponent_bits + (format.is_signed ? 1 : 0);
  read_nan_codes(row, format);
  if (format.nan_codes.empty()) row.complain("'nan' must have a code");
  if (format.is_signed && !format.has_zero) row.complain("numbers with a sign need a zero");
  const std::int64_t last_code = (std::int64_t{1} << format.exponent_bits) - 1;
  format.max_finite_code = static_cast<std::uint64_t>(row.integer("max_finite_code", 1, last_code));
  format.emin = (format.has_zero ? 1 : 0) - format.bias;
  format.emax = static_cast<int>(format.max_finite_code) - format.bias;
  if (format.emin < -1000 || format.emax > 1000) row.complain("its numbers must be doubles");
}

Result<FormatRecord> read_record(const toml::table& table, const std::string& path) {
  RowReader row(table, place_of(path, table));
  row.check_keys();
  FormatRecord record;
  Format& format = record.format;
  format.name = row.string("name");
  if (row.has("aliases")) record.aliases = row.list<std::string>("aliases");
  const std::string family = row.string("family");
  if (family == "float") {
    format.family = FormatFamily::kFloat;
    read_float(row, format);
  } else if (family == "power") {
    format.family = FormatFamily::kPower;
    read_power(row, format);
  } else {
    row.complain("'family' must be 'float' or 'power'");
  }
  if (row.error()) return fail(*row.error());
  return record;
}

}  // namespace

Result<std::vector<FormatRecord>> read_records(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return fail(text.error());
  toml::table document;
  try {
    document = toml::parse(*text);
  } catch (const toml::parse_error& error) {
    return fail("E0204", "bad format record: " + std::string(error.description()),
                path + ":" + std::to_string(error.source().begin.line) + ":" +
                    std::to_string(error.source().begin.column));
  }
  const toml::array* rows = document["format"].as_array();
  if (rows == nullptr || document.size() != 1) {
    return fail("E0204", "a file of formats holds [[format]] tables and nothing else", path);
  }
  std::vector<FormatRecord> records;
  for (const toml::node& node : *rows) {
    if (!node.is_table()) return fail("E0204", "'format' must be a table", place_of(path, node));
    auto record = read_record(*node.as_table(), path);
    if (!record) return fail(record.error());
    records.push_back(*std::move(record));
  }
  return records;
}

}  // namespace halfulp
