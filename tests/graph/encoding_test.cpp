#include "halfulp/graph/encoding.hpp"

#include <gtest/gtest.h>

#include <random>

#include "graph/graphs.hpp"

namespace halfulp {
namespace {

TEST(Encoding, DecodesWhatItEncodes) {
  const Graph graph = test::dense_graph();
  const auto decoded = decode(encode(graph));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->nodes.size(), graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node &a = graph.nodes[i], &b = decoded->nodes[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.op, b.op);
    EXPECT_EQ(a.inputs, b.inputs);
    EXPECT_EQ(a.attributes, b.attributes);
    EXPECT_EQ(a.shape, b.shape);
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.constant, b.constant);
  }
  EXPECT_EQ(decoded->inputs, graph.inputs);
  EXPECT_EQ(decoded->outputs, graph.outputs);
  EXPECT_EQ(decoded->rewrites, graph.rewrites);
  EXPECT_EQ(decoded->model_sha256, graph.model_sha256);
  EXPECT_EQ(encode(*decoded), encode(graph));
}

TEST(Encoding, RefusesEveryTruncation) {
  const std::string bytes = encode(test::dense_graph());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(decode(bytes + '\0'));
}

// Whatever decodes after damage is a valid graph, and encodes to the very bytes it came from.
TEST(Encoding, SurvivesRandomDamage) {
  const std::string bytes = encode(test::dense_graph());
  std::mt19937_64 random(7);
  int decoded_count = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string damaged = bytes;
    for (int hits = 1 + static_cast<int>(random() % 4); hits > 0; --hits) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    const auto graph = decode(damaged);
    if (!graph) continue;
    ++decoded_count;
    EXPECT_TRUE(validate(*graph));
    EXPECT_TRUE(decode(encode(*graph)));
  }
  EXPECT_GT(decoded_count, 0);
}

TEST(Encoding, AllocatesNothingForClaimedCounts) {
  std::string bytes = encode(test::dense_graph());
  for (std::size_t at = 8; at + 8 <= bytes.size(); ++at) {
    std::string huge = bytes;
    huge.replace(at, 8, "\xff\xff\xff\xff\xff\xff\xff\x7f", 8);
    decode(huge);  // a claimed count of 2^63 - 1 would throw
  }
}

}  // namespace
}  // namespace halfulp
