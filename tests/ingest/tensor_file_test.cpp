// Tensors saved by torch.save, read without torch.
#include "halfulp/ingest/tensor_file.hpp"

#include <gtest/gtest.h>

#include "halfulp/support/text.hpp"
#include "ingest/manifest.hpp"

namespace halfulp {
namespace {

std::string file(const std::string& name) { return test::environment("HALFULP_INGEST_MODELS") + "/tensors/" + name + ".pt"; }

TEST(TensorFile, ReadsEveryElementType) {
  for (const char* type : {"float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool"}) {
    const auto read = read_torch_tensor(file(type));
    ASSERT_TRUE(read) << type << ": " << read.error().message;
    EXPECT_EQ(read->shape, (Shape{2, 3}));
    const bool is_bool = std::string(type) == "bool";
    EXPECT_EQ(read->data, is_bool ? (std::vector<double>{0, 1, 1, 1, 1, 1}) : (std::vector<double>{0, 1, 2, 3, 4, 5})) << type;
  }
}

TEST(TensorFile, FollowsStrides) {
  const auto read = read_torch_tensor(file("view"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->shape, (Shape{2, 2}));
  EXPECT_EQ(read->data, (std::vector<double>{-1.5, 4.5, 0.5, 6.5}));
  EXPECT_EQ(read_torch_tensor(file("scalar"))->shape, Shape{});
}

TEST(TensorFile, RefusesEverythingElse) {
  for (const char* name : {"dictionary", "list", "parameter", "object", "huge_integer"}) {
    const auto read = read_torch_tensor(file(name));
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().code, "E0102") << name;
    EXPECT_EQ(read.error().place, file(name));
  }
  EXPECT_NE(read_torch_tensor(test::environment("HALFULP_INGEST_MODELS") + "/good.pt").error().message.find("is a model"), std::string::npos);
  EXPECT_EQ(read_torch_tensor(file("absent")).error().code, "E0101");
}

TEST(TensorFile, DamageIsRefusedOrHarmless) {
  const auto good = read_file(file("float32"));
  ASSERT_TRUE(good);
  const std::string path = testing::TempDir() + "halfulp_damaged_tensor.pt";
  for (std::size_t at = 0; at < good->size(); at += 3) {
    std::string bad = *good;
    bad[at] = static_cast<char>(bad[at] ^ 0x2a);
    ASSERT_TRUE(write_file_atomic(path, bad));
    const auto read = read_torch_tensor(path);
    if (read) {
      EXPECT_EQ(read->data, (std::vector<double>{0, 1, 2, 3, 4, 5})) << at;
    }
  }
}

}  // namespace
}  // namespace halfulp
