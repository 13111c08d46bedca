#include "compile.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "networks.hpp"

namespace halfulp::test {

std::string fresh_folder(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(HALFULP_EMIT_SCRATCH) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder.parent_path());
  return folder.string();
}

Outcome run(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer;
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) outcome.text.append(buffer.data(), n);
  const int status = pclose(pipe);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

Outcome compile_bench(const std::string& folder, const std::string& top, const std::string& flags) {
  return run("cd '" + folder + "' && " HALFULP_EMIT_COMPILER " -std=c++17 -Wall -O1 " + flags + " " + top + ".cpp " + top +
             "_tb.cpp -o bench");
}

void expect_bit_exact(const Graph& graph, const Schedule& schedule, const std::string& backend, const std::string& name,
                      const std::string& flags, int samples) {
  const auto lowered = lower(graph);
  ASSERT_TRUE(lowered.has_value()) << lowered.error().message;
  EmitOptions options;
  options.backend = backend;
  options.output_folder = fresh_folder(backend + "/" + name);
  options.test_inputs = random_samples(graph, samples, 99);
  const auto files = emit(*lowered, schedule, options);
  ASSERT_TRUE(files.has_value()) << files.error().code << ": " << files.error().message << "\n" << write_schedule(schedule);
  const Outcome compiled = compile_bench(options.output_folder, options.top, flags);
  ASSERT_EQ(compiled.exit_code, 0) << compiled.text;
  const Outcome bench = run(options.output_folder + "/bench");
  EXPECT_EQ(bench.exit_code, 0) << bench.text << "\n" << write_schedule(schedule);
  EXPECT_NE(bench.text.find(std::to_string(samples) + " samples, 0 output codes differ"), std::string::npos) << bench.text;
}

}  // namespace halfulp::test
