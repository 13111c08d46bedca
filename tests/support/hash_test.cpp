#include "halfulp/support/hash.hpp"

#include <gtest/gtest.h>

#include "halfulp/support/text.hpp"

namespace halfulp {
namespace {

TEST(Sha256, MatchesFips180Examples) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, FileEqualsBytes) {
  const std::string path = testing::TempDir() + "halfulp_hash";
  const std::string content(200000, 'x');
  ASSERT_TRUE(write_file_atomic(path, content));
  EXPECT_EQ(sha256_file(path).value(), sha256(content));
  EXPECT_EQ(sha256_file(path + ".absent").error().code, "E0101");
}

}  // namespace
}  // namespace halfulp
