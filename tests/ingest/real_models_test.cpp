// The trained models of HALFULP_MODELS and the networks of HALFULP_BENCHMARKS; skipped where a variable is unset.
#include <gtest/gtest.h>

#include <filesystem>

#include "halfulp/ingest/ingest.hpp"
#include "halfulp/support/text.hpp"
#include "ingest/manifest.hpp"

namespace halfulp {
namespace {

struct RealModel {
  std::string name;
  std::vector<Shape> inputs;
  std::vector<Shape> outputs;
};

TEST(RealModels, LoadWithTheRightShapes) {
  const std::string folder = test::environment("HALFULP_MODELS");
  if (folder.empty()) GTEST_SKIP() << "HALFULP_MODELS is unset";
  const RealModel models[] = {
      {"acasxu_1_1", {{1, 5}}, {{1, 5}}},
      {"mtcnn_pnet", {{1, 3, 12, 12}}, {{1, 4, 1, 1}, {1, 2, 1, 1}}},
      {"mtcnn_onet", {{1, 3, 48, 48}}, {{1, 4}, {1, 10}, {1, 2}}},
      {"crepe_tiny", {{1, 1024}}, {{1, 360}}},
      {"mobilenet_v2", {{1, 3, 224, 224}}, {{1, 1000}}},
      {"silero_vad16k_core", {{1, 576}, {2, 1, 128}}, {{1, 1}, {2, 1, 128}}},
      {"silero_vad16k_core", {{1, 576}}, {{1, 1}, {2, 1, 128}}},
  };
  for (const RealModel& model : models) {
    SCOPED_TRACE(model.name);
    const auto graph = ingest({.path = folder + "/" + model.name + ".pt", .input_shapes = model.inputs});
    ASSERT_TRUE(graph) << graph.error().message;
    std::vector<Shape> outputs;
    for (const NodeId id : graph->outputs) outputs.push_back((*graph)[id].shape);
    EXPECT_EQ(outputs, model.outputs);
  }
}

TEST(RealModels, SileroIsRefusedByOperatorAndLine) {
  const std::string folder = test::environment("HALFULP_MODELS");
  if (folder.empty()) GTEST_SKIP() << "HALFULP_MODELS is unset";
  const auto full = ingest({.path = folder + "/silero_vad_full.pt", .input_shapes = {{1, 512}, {1}}});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().exit_code, ExitCode::kUnsupportedOperator);
  EXPECT_NE(full.error().message.find("prim::SetAttr"), std::string::npos) << full.error().message;
  EXPECT_NE(full.error().place.find("vad_annotator.py:"), std::string::npos) << full.error().place;
}

Shape benchmark_input(const std::filesystem::path& model) {
  const std::string stem = model.stem().string();
  if (stem == "conv_1x8x8") return {1, 1, 8, 8};
  std::filesystem::path box = model;
  box.replace_extension(".box.csv");
  if (!std::filesystem::exists(box)) return stem.find("_64_") != std::string::npos ? Shape{1, 64} : Shape{1, 4};
  std::int64_t rows = 0;
  for (const std::string& line : test::split(*read_file(box.string()), '\n')) rows += !line.empty();
  return model.parent_path().filename() == "fpbench" ? Shape{rows} : Shape{1, rows};
}

TEST(Benchmarks, AllLoad) {
  const std::string folder = test::environment("HALFULP_BENCHMARKS");
  if (folder.empty()) GTEST_SKIP() << "HALFULP_BENCHMARKS is unset";
  int count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".pt") continue;
    const auto graph = ingest({.path = entry.path().string(), .input_shapes = {benchmark_input(entry.path())}});
    EXPECT_TRUE(graph) << entry.path() << ": " << graph.error().message;
    ++count;
  }
  EXPECT_GE(count, 33);
}

}  // namespace
}  // namespace halfulp
