#include "halfulp/support/array_file.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "halfulp/support/npy.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

using Values = std::vector<double>;

std::string temporary(const std::string& name) { return testing::TempDir() + "halfulp_array_" + name; }

Result<Tensor> read_bytes(const std::string& name, const std::string& bytes) {
  EXPECT_TRUE(write_file_atomic(temporary(name), bytes));
  return read_array(temporary(name));
}

void expect_refused(const Result<Tensor>& read, const std::string& said, const std::string& place) {
  ASSERT_FALSE(read) << said;
  EXPECT_EQ(read.error().code, "E0102");
  EXPECT_NE(read.error().message.find(said), std::string::npos) << read.error().message;
  EXPECT_NE(read.error().place.find(place), std::string::npos) << read.error().place;
}

std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string raw_deflated(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string gzipped(const std::string& bytes) {
  const auto checksum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + raw_deflated(bytes) + little(checksum, 4) + little(bytes.size(), 4);
}

// An archive as numpy.savez writes it: sizes in a zip64 field of the local header.
std::string zip_of(const std::vector<std::pair<std::string, std::string>>& members, bool compressed) {
  std::string archive, directory;
  for (const auto& [name, bytes] : members) {
    const std::string packed = compressed ? raw_deflated(bytes) : bytes;
    const auto checksum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    const std::string method = little(compressed ? 8 : 0, 2);
    const std::size_t offset = archive.size();
    archive += "PK\x03\x04" + little(45, 2) + little(0, 2) + method + little(0, 4) + little(checksum, 4) + little(0xffffffff, 4) +
               little(0xffffffff, 4) + little(name.size(), 2) + little(20, 2) + name + little(1, 2) + little(16, 2) +
               little(bytes.size(), 8) + little(packed.size(), 8) + packed;
    directory += "PK\x01\x02" + little(45, 2) + little(45, 2) + little(0, 2) + method + little(0, 4) + little(checksum, 4) +
                 little(packed.size(), 4) + little(bytes.size(), 4) + little(name.size(), 2) + little(0, 12) + little(offset, 4) + name;
  }
  return archive + directory + "PK\x05\x06" + little(0, 4) + little(members.size(), 2) + little(members.size(), 2) +
         little(directory.size(), 4) + little(archive.size(), 4) + little(0, 2);
}

std::string npy_of(const Tensor& tensor) {
  EXPECT_TRUE(write_npy(tensor, temporary("one.npy")));
  return *read_file(temporary("one.npy"));
}

const std::string kIdx = std::string("\0\0\x08\x02\0\0\0\x02\0\0\0\x03", 12) + std::string("\0\x01\x02\xfd\xfe\xff", 6);

TEST(ArrayFile, TellsFormatsApart) {
  const Tensor tensor{{2, 2}, {1, 2, 3, 0.1}};
  for (const auto& [name, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"a.npy", npy_of(tensor)},
           {"a.npz", zip_of({{"x.npy", npy_of(tensor)}}, false)},
           {"b.npz", zip_of({{"x.npy", npy_of(tensor)}}, true)},
           {"a.csv", "a,b\n1,2\n# comment\n\n3, 0.1\n"},
           {"c.csv", "\xef\xbb\xbf\"1\";2\r\n3;+1e-1\r\n"},
           {"d.csv", "  1   2\n3 .1"},
           {"a.gz", gzipped("1\t2\n3\t0.1\n")}}) {
    const auto read = read_bytes(name, bytes);
    ASSERT_TRUE(read) << name << ": " << read.error().message;
    EXPECT_EQ(read->shape, tensor.shape) << name;
    EXPECT_EQ(read->data, tensor.data) << name;
  }
}

TEST(ArrayFile, ReadsIdxOfEveryElementType) {
  for (const std::string& bytes : {kIdx, gzipped(kIdx)}) {
    const auto read = read_bytes("images-idx2-ubyte", bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->shape, (Shape{2, 3}));
    EXPECT_EQ(read->data, (Values{0, 1, 2, 253, 254, 255}));
  }
  const auto one = [](char type, const std::string& data) {
    const auto read = parse_idx(std::string("\0\0", 2) + type + std::string("\x01\0\0\0\x01", 5) + data, "x");
    return read ? read->data.at(0) : -999;
  };
  EXPECT_EQ(one(0x09, "\xfe"), -2);
  EXPECT_EQ(one(0x0b, std::string("\xff\x00", 2)), -256);
  EXPECT_EQ(one(0x0c, std::string("\x00\x01\x00\x00", 4)), 65536);
  EXPECT_EQ(one(0x0d, std::string("\xbf\xc0\x00\x00", 4)), -1.5);
  EXPECT_EQ(one(0x0e, std::string("\x3f\xf8\0\0\0\0\0\0", 8)), 1.5);
}

TEST(ArrayFile, ColumnsBecomeRankOne) {
  const auto read = parse_csv("label\n3\n1\n", "y.csv");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->shape, Shape{2});
  EXPECT_EQ(read->data, (Values{3, 1}));
}

TEST(ArrayFile, NamesOneOfSeveralArrays) {
  const std::string archive = zip_of({{"x.npy", npy_of({{1}, {1}})}, {"labels.npy", npy_of({{1}, {2}})}}, true);
  expect_refused(read_bytes("two.npz", archive), "2 arrays: x, labels", "two.npz");
  const auto read = read_array(temporary("two.npz") + ":labels");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->data, Values{2});
  expect_refused(read_array(temporary("two.npz") + ":label"), "no array 'label'", "two.npz");
}

TEST(ArrayFile, RefusalsSayWhere) {
  expect_refused(read_bytes("x.csv", "1,2\n3,four\n"), "'four' is no number", "x.csv:2:3");
  expect_refused(read_bytes("x.csv", "1,2\n3\n"), "holds 1 fields", "x.csv:2:1");
  expect_refused(read_bytes("x.csv", "1,\n"), "'' is no number", "x.csv:1:3");
  expect_refused(read_bytes("x.csv", "1e999\n"), "no number that a double holds", "x.csv:1:1");
  expect_refused(read_bytes("x.csv", "# nothing\n"), "no number", "x.csv");
  expect_refused(read_bytes("x.idx", kIdx.substr(0, 10)), "cut off within its header", "x.idx");
  expect_refused(read_bytes("x.idx", kIdx.substr(0, 15)), "cut off", "x.idx");
  expect_refused(read_bytes("x.idx", kIdx + "a"), "holds 7 bytes", "x.idx");
  expect_refused(read_bytes("x.idx", std::string("\0\0\x07\x01", 4) + kIdx), "element type 7", "x.idx");
  expect_refused(read_bytes("x.idx", std::string("\0\0\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16)), "cut off", "x.idx");
  expect_refused(read_bytes("x.gz", gzipped(kIdx).substr(0, 20)), "gzip", "x.gz");
  expect_refused(read_bytes("x.bin", "\x01\x02\x03\x04"), "no NPY, NPZ, IDX or CSV", "x.bin");
  expect_refused(read_bytes("x.npy", npy_of({{1}, {1}}).substr(0, 130)), "", "x.npy");
  expect_refused(read_bytes("x.npz", zip_of({{"readme", "text"}}, false)), "no NPY file", "x.npz");
  expect_refused(read_array(temporary("a.csv") + ":x"), "names an array of an NPZ file", "a.csv");
  const auto absent = read_array(temporary("absent"));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, "E0101");
}

TEST(ArrayFile, DamagedArchivesNeverGetThrough) {
  const std::string good = zip_of({{"x.npy", npy_of({{40}, Values(40, 0.5)})}}, true);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    const auto read = parse_npz(bad, "", "bad.npz");
    if (read) {
      EXPECT_EQ(read->data, Values(40, 0.5)) << at;
    }
  }
}

}  // namespace
}  // namespace halfulp
