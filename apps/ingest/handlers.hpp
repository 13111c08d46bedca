// The lowering rules: one function a canonical operator, found by the TorchScript name without "aten::" and in-place "_".
#pragma once

#include <optional>
#include <string>

#include "call.hpp"

namespace halfulp::ingest_child {

using Rule = Value (*)(Call&);

// Null where no rule has that name.
Rule find_rule(const std::string& op);

// Operators on static values: ints, floats, bools, strings, lists. Empty where an argument is a tensor that the operator
// computes with.
std::optional<Value> evaluate_static(Call& call);

namespace rules {
Value unary(Call&);
Value add(Call&);
Value subtract(Call&);
Value reverse_subtract(Call&);
Value multiply(Call&);
Value square(Call&);
Value divide(Call&);
Value reciprocal(Call&);
Value leaky_relu(Call&);
Value prelu(Call&);
Value hardtanh(Call&);
Value relu6(Call&);
Value clamp(Call&);
Value clamp_min(Call&);
Value clamp_max(Call&);
Value maximum(Call&);
Value minimum(Call&);
Value silu(Call&);
Value hardsigmoid(Call&);
Value hardswish(Call&);
Value elu(Call&);
Value selu(Call&);
Value celu(Call&);
Value arctan(Call&);
Value gelu(Call&);
Value mish(Call&);
Value softplus(Call&);
Value log_sigmoid(Call&);
Value log_softmax(Call&);
Value reciprocal_root(Call&);
Value layer_norm(Call&);
Value group_norm(Call&);
Value instance_norm(Call&);
Value power(Call&);
Value softmax(Call&);
Value linear(Call&);
Value addmm(Call&);
Value matmul(Call&);
Value convolution(Call&);
Value full_convolution(Call&);
Value batch_norm(Call&);
Value max_pool(Call&);
Value avg_pool(Call&);
Value adaptive_avg_pool(Call&);
Value amax(Call&);
Value mean(Call&);
Value sum(Call&);
Value frobenius_norm(Call&);
Value pad(Call&);
Value constant_pad(Call&);
Value mirrored_pad(Call&);
Value reshape(Call&);
Value reshape_as(Call&);
Value flatten(Call&);
Value unflatten(Call&);
Value squeeze(Call&);
Value unsqueeze(Call&);
Value permute(Call&);
Value transpose(Call&);
Value matrix_transpose(Call&);
Value slice(Call&);
Value narrow(Call&);
Value chunk(Call&);
Value split(Call&);
Value select(Call&);
Value unbind(Call&);
Value cat(Call&);
Value stack(Call&);
Value expand(Call&);
Value expand_as(Call&);
Value filled(Call&);
Value identity(Call&);
Value copied(Call&);
Value converted(Call&);
Value dropout(Call&);
Value lstm_cell(Call&);
Value gru_cell(Call&);
Value rnn_cell(Call&);
Value lstm(Call&);
Value gru(Call&);
Value rnn(Call&);
}  // namespace rules

// Shared by rules that reduce a tensor step by step.
NodeId binary(Call& call, const std::string& op, NodeId left, NodeId right);
NodeId reshaped(Call& call, NodeId from, Shape shape);
NodeId transposed(Call& call, NodeId from, const std::vector<std::int64_t>& dims);

}  // namespace halfulp::ingest_child
