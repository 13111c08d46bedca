#include "halfulp/support/npy.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

std::string temporary(const std::string& name) { return testing::TempDir() + "halfulp_" + name; }

std::string npy(const std::string& dict, const std::string& data, int version = 1) {
  std::string file = std::string("\x93NUMPY", 6) + static_cast<char>(version) + '\0';
  file += static_cast<char>(dict.size());
  file += '\0';
  if (version > 1) file += std::string(2, '\0');
  return file + dict + data;
}

Result<Tensor> read_bytes(const std::string& bytes) {
  const std::string path = temporary("bytes.npy");
  EXPECT_TRUE(write_file_atomic(path, bytes));
  return read_npy(path);
}

TEST(Npy, WritesWhatItReads) {
  for (const Shape& shape : {Shape{}, Shape{6}, Shape{2, 3}, Shape{1, 3, 2}, Shape{0, 4}}) {
    Tensor tensor{shape, {}};
    for (int i = 0; i < element_count(shape); ++i) tensor.data.push_back(std::sqrt(i) - 1);
    const std::string path = temporary("round.npy");
    ASSERT_TRUE(write_npy(tensor, path));
    EXPECT_EQ(read_file(path)->size() % 64, tensor.data.size() * 8 % 64);
    const auto back = read_npy(path);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->shape, shape);
    EXPECT_EQ(back->data, tensor.data);
  }
}

TEST(Npy, ReadsEveryElementType) {
  const auto one = [](const std::string& type, const std::string& data) {
    const auto read =
        read_bytes(npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': (1,), }", data));
    EXPECT_TRUE(read) << type;
    return read->data[0];
  };
  EXPECT_EQ(one("|b1", "\x01"), 1);
  EXPECT_EQ(one("|i1", "\xff"), -1);
  EXPECT_EQ(one("|u1", "\xff"), 255);
  EXPECT_EQ(one("<i2", "\xfe\xff"), -2);
  EXPECT_EQ(one("<u2", "\xfe\xff"), 65534);
  EXPECT_EQ(one("<i4", "\xfd\xff\xff\xff"), -3);
  EXPECT_EQ(one("<u4", "\xff\xff\xff\xff"), 4294967295.0);
  EXPECT_EQ(one("<i8", std::string("\x00\x00\x00\x00\x00\x00\x20\x00", 8)), 9007199254740992.0);
  EXPECT_EQ(one("<f2", std::string("\x01\x00", 2)), std::ldexp(1, -24));
  EXPECT_EQ(one("<f2", std::string("\xff\xfb", 2)), -65504);
  EXPECT_EQ(one("<f2", std::string("\x00\xfc", 2)), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(one("<f2", std::string("\x01\x7c", 2))));
  EXPECT_EQ(one("<f4", std::string("\x00\x00\xc0\x3f", 4)), 1.5);
  EXPECT_EQ(one("<f8", std::string("\x00\x00\x00\x00\x00\x00\xf8\x3f", 8)), 1.5);
}

TEST(Npy, TurnsFortranOrderIntoRows) {
  const auto read = read_bytes(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
                                   std::string("\x00\x03\x01\x04\x02\x05", 6), 2));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->data, (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

TEST(Npy, RefusesBadFiles) {
  const std::string good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
  const std::vector<std::string> bad = {
      "",
      "PK\x03\x04 something else",
      npy(good, "ab").substr(0, 9),
      npy(good, "ab").substr(0, 40),
      npy(good, "a"),
      npy(good, "abc"),
      npy(good, "ab", 9),
      npy("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", "12345678"),
      npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "12345678"),
      npy("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }", ""),
      npy("{'descr': '|u1', 'fortran_order': False}", ""),
      npy("{'descr': '|u1', 'fortran_order': 3, 'shape': (2,)}", "ab"),
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", ""),
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,), }", ""),
      npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }",
          std::string("\x01\x00\x00\x00\x00\x00\x20\x00", 8)),
  };
  for (const std::string& bytes : bad) {
    const auto read = read_bytes(bytes);
    ASSERT_FALSE(read) << bytes;
    EXPECT_EQ(read.error().code, "E0102");
  }
  EXPECT_EQ(read_npy(temporary("absent.npy")).error().code, "E0101");
  EXPECT_EQ(read_npy(testing::TempDir()).error().code, "E0101");
}

TEST(Npy, FailedWriteLeavesNothing) {
  const auto written = write_npy({{1}, {0.0}}, temporary("no_such_folder/out.npy"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "E0103");
}

}  // namespace
}  // namespace halfulp
