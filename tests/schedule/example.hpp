// A small graph and a schedule that uses every field.
#pragma once

#include "halfulp/schedule/schedule.hpp"

namespace halfulp::testing_support {

inline Graph small_graph() {
  Graph graph;
  const auto add = [&](std::string name, std::string op, std::vector<NodeId> inputs, Shape shape) {
    Node node;
    node.name = std::move(name);
    node.op = std::move(op);
    node.inputs = std::move(inputs);
    node.shape = std::move(shape);
    if (node.op == "constant") node.constant.assign(static_cast<std::size_t>(element_count(node.shape)), 0.5);
    graph.nodes.push_back(std::move(node));
  };
  add("x", "input", {}, {1, 2});
  add("fc.weight", "constant", {}, {2, 2});
  add("fc.bias", "constant", {}, {2});
  add("fc", "linear", {0, 1, 2}, {1, 2});
  add("relu", "relu", {3}, {1, 2});
  graph.inputs = {0};
  graph.outputs = {4};
  return graph;
}

inline Schedule full_schedule() {
  Schedule schedule;
  schedule.provenance = {.tool = "halfulp 0.1.0",
                         .command = "halfulp tune \"a b\".pt \\ \n\t\x01",
                         .seed = 18446744073709551615u,
                         .model_file = "modell\xc3\xa4.pt",
                         .model_sha256 = "9c1f",
                         .data_sha256 = "77",
                         .rules_sha256 = "51aa"};
  schedule.requirement = {.max_error = "1e-2", .certify_share = 0.95, .output_errors = {{"odd output\"", "1e-3"}}, .max_relative_error = "0.1",
                          .no_overflow = true, .max_accuracy_drop = 0.1, .max_observed_error = "2e-3", .mean_observed_error = "1e-3",
                          .input_set = "--input [0,1]"};
  schedule.result = {.status = "proved",
                     .error_bound = "9.93e-3",
                     .argmax_share = 0.30000000000000004,
                     .relative_error = "0.0937",
                     .observed = {{"accuracy", 0.97}, {"max_error", 1.5e-3}},
                     .cost = {{"weight_bits", 345600}, {"mean_weight_bits", 7.3}, {"odd key\"", 1e300}}};
  schedule.defaults.output = *parse_format("fixed<16,6>");
  ScheduleLayer fc{.name = "fc", .formats = {}};
  fc.formats.weight = *parse_format("fixed<8,2>");
  fc.formats.bias = *parse_format("fp16");
  fc.formats.product = *parse_format("fixed<20,6>");
  fc.formats.accumulator = *parse_format("fixed<24,8>:toward-zero:wrap");
  fc.formats.output = *parse_format("fixed<10,4>");
  fc.formats.order = {.kind = SummationOrder::Kind::kBlocked, .block = 16};
  ScheduleLayer input{.name = "x", .formats = {}};
  input.formats.input = *parse_format("e4m3");
  schedule.layers = {input, fc};
  return schedule;
}

}  // namespace halfulp::testing_support
