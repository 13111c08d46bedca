#include <charconv>
#include <optional>

#include "halfulp/support/array_file.hpp"

namespace halfulp {
namespace {

struct Field {
  std::string_view text;
  std::size_t column = 1;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

// What stands between fields on this line.
char separator_of(std::string_view line) {
  for (const char separator : {',', ';', '\t'}) {
    if (line.find(separator) != std::string_view::npos) return separator;
  }
  return ' ';
}

std::vector<Field> fields_of(std::string_view line) {
  const char separator = separator_of(line);
  std::vector<Field> fields;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(separator, at), line.size());
    const std::string_view text = trimmed(line.substr(at, end - at));
    if (separator != ' ' || !text.empty()) fields.push_back({text, at + 1});
    at = end + 1;
  }
  return fields;
}

std::optional<double> number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

bool is_meant_as_number(std::string_view text) {
  const std::size_t first = text.find_first_not_of("+-.");
  return number(text) || (first != std::string_view::npos && first < 3 && text[first] >= '0' && text[first] <= '9');
}

class CsvReader {
 public:
  explicit CsvReader(const std::string& path) : path_(path) {}

  Result<void> line(std::string_view text, std::size_t row) {
    text = text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
    const std::string_view content = trimmed(text);
    if (content.empty() || content.front() == '#') return {};
    const std::vector<Field> fields = fields_of(text);
    if (is_first_ && is_heading(fields)) {
      is_first_ = false;
      return {};
    }
    is_first_ = false;
    return add(fields, row);
  }

  Result<Tensor> finish() {
    if (rows_ == 0) return fail("E0102", "the CSV file holds no number", path_);
    Tensor tensor{{rows_, static_cast<std::int64_t>(columns_)}, std::move(values_)};
    if (columns_ == 1) tensor.shape.pop_back();
    return tensor;
  }

 private:
  static bool is_heading(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (is_meant_as_number(field.text)) return false;
    }
    return true;
  }

  Result<void> add(const std::vector<Field>& fields, std::size_t row) {
    const auto place = [&](std::size_t column) { return path_ + ":" + std::to_string(row) + ":" + std::to_string(column); };
    if (rows_ == 0) columns_ = fields.size();
    if (fields.size() != columns_) {
      return fail("E0102", "this row holds " + std::to_string(fields.size()) + " fields, the rows before " + std::to_string(columns_), place(1));
    }
    for (const Field& field : fields) {
      const auto value = number(field.text);
      if (!value) return fail("E0102", "'" + std::string(field.text) + "' is no number that a double holds", place(field.column));
      values_.push_back(*value);
    }
    ++rows_;
    return {};
  }

  const std::string& path_;
  bool is_first_ = true;
  std::size_t columns_ = 0;
  std::int64_t rows_ = 0;
  std::vector<double> values_;
};

}  // namespace

Result<Tensor> parse_csv(std::string_view text, const std::string& path) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // byte order mark
  CsvReader reader(path);
  std::size_t row = 1;
  for (std::size_t at = 0; at < text.size(); ++row) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (auto read = reader.line(text.substr(at, end - at), row); !read) return fail(read.error());
    at = end + 1;
  }
  return reader.finish();
}

}  // namespace halfulp
