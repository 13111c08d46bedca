// A text table for a terminal: columns aligned by their widest cell, two spaces between, units in the heads.
#pragma once

#include <string>
#include <vector>

namespace halfulp {

enum class Align { kLeft, kRight };

class Table {
 public:
  Table& column(std::string head, Align align = Align::kLeft);
  // As many cells as there are columns, or fewer: missing cells are empty.
  Table& row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  // Head and rows, each line indented by two spaces and ending in a newline, no trailing blanks.
  std::string render() const;

 private:
  struct Column {
    std::string head;
    Align align;
  };
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Terminal cells of UTF-8 text, each code point counted as one.
std::size_t display_width(const std::string& text);

}  // namespace halfulp
