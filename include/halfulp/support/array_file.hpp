// Arrays for --data and --labels, told apart by their content:
//   NPY    as npy.hpp
//   NPZ    numpy.savez and savez_compressed; with several arrays one is named, "file.npz:images"
//   IDX    the MNIST format: 0 0 type rank, big-endian extents and elements; also gzipped
//   CSV    a row a sample: decimals between commas, semicolons, tabs or blanks, each the double nearest to it; a first row
//          without any number is a heading, lines that start with # are skipped; one column gives an array of rank 1
// Errors: E0101 unreadable, E0102 damaged or of another kind, with file, and line and column of a CSV, as place.
#pragma once

#include <string>
#include <string_view>

#include "halfulp/support/result.hpp"
#include "halfulp/support/tensor.hpp"

namespace halfulp {

Result<Tensor> read_array(const std::string& text);

// "file.npz:images" apart; `member` is empty where the text is the name of a file.
struct ArrayPath {
  std::string path, member;
};
ArrayPath split_array_path(const std::string& text);

// The formats by themselves, from the bytes of a file; `path` is for messages.
Result<Tensor> parse_csv(std::string_view text, const std::string& path);
Result<Tensor> parse_idx(std::string_view bytes, const std::string& path);
Result<Tensor> parse_npz(std::string_view bytes, const std::string& member, const std::string& path);

}  // namespace halfulp
