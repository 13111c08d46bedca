// Recurrent cells and layers, written out step by step in the operators they are made of, in torch's order of gates and
// summands. With x the input, h the hidden state and c the cell state:
//   LSTM  [i f g o] = W x + b + (U h + b'); i, f, o through sigmoid, g through tanh; c' = f c + i g; h' = o tanh(c')
//   GRU   r, z = sigmoid of the first two parts of W x + b + (U h + b'); n = tanh(W_n x + b_n + r (U_n h + b'_n));
//         h' = (h - n) z + n
//   RNN   h' = tanh or relu of W x + b + (U h + b')
// A state known to be zero leaves out what it would multiply, which changes no value, rounded or not.
#include <algorithm>

#include "handlers.hpp"

namespace halfulp::ingest_child::rules {
namespace {

enum class CellKind { kLstm, kGru, kTanh, kRelu };

struct CellWeights {
  NodeId input = -1, hidden = -1;            // (gates H, inputs), (gates H, H)
  NodeId input_bias = -1, hidden_bias = -1;  // -1: none
  NodeId projection = -1;                    // (P, H), LSTM only
};

struct State {
  NodeId hidden = -1, cell = -1;  // -1: zero
};

std::int64_t gates_of(CellKind kind) { return kind == CellKind::kLstm ? 4 : kind == CellKind::kGru ? 3 : 1; }

// Adds the nodes of one cell; names are `prefix` and what they hold: "lstm.l0.t3.forget".
class Cell {
 public:
  Cell(Call& call, CellKind kind, const CellWeights& weights) : call_(call), kind_(kind), weights_(weights) {
    check_matrix(weights.input, "input");
    check_matrix(weights.hidden, "hidden");
    const Shape hidden = call.shape_of(weights.hidden);
    units_ = hidden[0] / gates_of(kind);
    if (units_ < 1 || hidden[0] % gates_of(kind) != 0 || call.shape_of(weights.input)[0] != hidden[0]) {
      call.misfit("recurrent weights of shapes " + to_string(call.shape_of(weights.input)) + " and " + to_string(hidden));
    }
  }

  // W x + b over the last dimension of x.
  NodeId input_part(NodeId x, const std::string& prefix) {
    return dense(x, weights_.input, weights_.input_bias, prefix + "input_part");
  }

  State step(NodeId input_part, const State& state, const std::string& prefix) {
    prefix_ = prefix;
    if (kind_ == CellKind::kLstm) return lstm(input_part, state);
    if (kind_ == CellKind::kGru) return {gru(input_part, state.hidden), -1};
    const NodeId sum = add(input_part, hidden_part(input_part, state.hidden), "sum");
    return {unary(kind_ == CellKind::kTanh ? "tanh" : "relu", sum, "hidden"), -1};
  }

 private:
  void check_matrix(NodeId weight, const std::string& what) {
    if (!call_.builder().is_constant(weight) || call_.shape_of(weight).size() != 2) {
      call_.unsupported("a matrix of " + what + " weights that is no parameter of two dimensions");
    }
  }

  NodeId dense(NodeId x, NodeId weight, NodeId bias, const std::string& name) {
    Shape shape = call_.shape_of(x);
    const Shape matrix = call_.shape_of(weight);
    if (shape.empty() || shape.back() != matrix[1]) {
      call_.misfit("an operand of shape " + to_string(shape) + " for recurrent weights of shape " + to_string(matrix));
    }
    shape.back() = matrix[0];
    std::vector<NodeId> inputs = {x, weight};
    if (bias >= 0) {
      if (!call_.builder().is_constant(bias) || call_.shape_of(bias) != Shape{matrix[0]}) call_.misfit("a recurrent bias of another shape");
      inputs.push_back(bias);
    }
    return call_.emit_named(name, "linear", std::move(inputs), {}, std::move(shape));
  }

  // U h + b', shaped like `like`; only b', or -1, where h is zero.
  NodeId hidden_part(NodeId like, NodeId hidden) {
    if (hidden < 0) return weights_.hidden_bias;
    check_state(like, hidden, call_.shape_of(weights_.hidden)[1]);
    return dense(hidden, weights_.hidden, weights_.hidden_bias, prefix_ + "hidden_part");
  }

  void check_state(NodeId like, NodeId state, std::int64_t units) {
    Shape expected = call_.shape_of(like);
    expected.back() = units;
    if (call_.shape_of(state) != expected) {
      call_.misfit("a state of shape " + to_string(call_.shape_of(state)) + " where " + to_string(expected) + " belongs");
    }
  }

  NodeId part(NodeId gates, std::int64_t index, const std::string& name) {
    Shape shape = call_.shape_of(gates);
    shape.back() = units_;
    const auto dim = static_cast<std::int64_t>(shape.size()) - 1;
    if (call_.builder().is_constant(gates)) return constant_part(gates, index);
    return call_.emit_named(prefix_ + name, "slice", {gates},
                            {{"dim", dim}, {"start", index * units_}, {"end", (index + 1) * units_}, {"step", std::int64_t{1}}},
                            std::move(shape));
  }

  NodeId constant_part(NodeId bias, std::int64_t index) {
    const Tensor whole = call_.constant(bias);
    const std::string name = call_.builder().node(bias).name;
    const auto first = whole.data.begin() + index * units_;
    return call_.emit_constant({{units_}, {first, first + units_}}, name);
  }

  NodeId unary(const std::string& op, NodeId x, const std::string& name) {
    return call_.emit_named(prefix_ + name, op, {x}, {}, call_.shape_of(x));
  }
  // a op b in the shape of a; a alone where b is -1.
  NodeId binary(const std::string& op, NodeId a, NodeId b, const std::string& name) {
    return b < 0 ? a : call_.emit_named(prefix_ + name, op, {a, b}, {}, call_.shape_of(a));
  }
  NodeId add(NodeId a, NodeId b, const std::string& name) { return binary("add", a, b, name); }
  NodeId gate(const std::string& op, NodeId gates, std::int64_t index, const std::string& name) {
    return unary(op, part(gates, index, name + "_part"), name);
  }

  State lstm(NodeId input_part, const State& state) {
    const NodeId gates = add(input_part, hidden_part(input_part, state.hidden), "gates");
    const NodeId in = gate("sigmoid", gates, 0, "in");
    const NodeId candidate = gate("tanh", gates, 2, "candidate");
    const NodeId out = gate("sigmoid", gates, 3, "out");
    NodeId cell = binary("mul", in, candidate, "new");
    if (state.cell >= 0) {
      check_state(input_part, state.cell, units_);
      const NodeId forget = gate("sigmoid", gates, 1, "forget");
      cell = add(binary("mul", forget, state.cell, "kept"), cell, "cell");
    }
    NodeId hidden = binary("mul", out, unary("tanh", cell, "cell_tanh"), "hidden");
    if (weights_.projection >= 0) {
      check_matrix(weights_.projection, "projection");
      hidden = dense(hidden, weights_.projection, -1, prefix_ + "projected");
    }
    return {hidden, cell};
  }

  NodeId gru(NodeId input_part, NodeId hidden) {
    const NodeId other = hidden_part(input_part, hidden);
    const auto of_other = [&](std::int64_t index, const std::string& name) { return other < 0 ? -1 : part(other, index, name); };
    const auto summed = [&](std::int64_t index, const std::string& name) {
      return unary("sigmoid", add(part(input_part, index, name + "_input"), of_other(index, name + "_hidden"), name + "_sum"), name);
    };
    const NodeId update = summed(1, "update");
    NodeId remembered = of_other(2, "new_hidden");
    if (remembered >= 0) remembered = binary("mul", summed(0, "reset"), remembered, "new_reset");
    const NodeId fresh = unary("tanh", add(part(input_part, 2, "new_input"), remembered, "new_sum"), "new");
    const NodeId change = hidden < 0 ? unary("neg", fresh, "change") : binary("sub", hidden, fresh, "change");
    return add(binary("mul", change, update, "kept"), fresh, "hidden");
  }

  Call& call_;
  CellKind kind_;
  CellWeights weights_;
  std::int64_t units_ = 0;
  std::string prefix_;
};

bool is_zero(Call& call, NodeId id) {
  if (!call.builder().is_constant(id)) return false;
  const auto& values = call.builder().node(id).constant;
  return std::all_of(values.begin(), values.end(), [](double value) { return value == 0; });
}

NodeId state_or_zero(Call& call, NodeId id) { return is_zero(call, id) ? -1 : id; }

// A cell's own weights at args[2..5].
CellWeights cell_weights(Call& call) {
  CellWeights weights;
  weights.input = call.tensor(2);
  weights.hidden = call.tensor(3);
  if (!call.is_none(4)) weights.input_bias = call.tensor(4);
  if (!call.is_none(5)) weights.hidden_bias = call.tensor(5);
  return weights;
}

Value single_step(Call& call, CellKind kind) {
  const NodeId x = call.tensor(0);
  Cell cell(call, kind, cell_weights(call));
  return call.fresh(cell.step(cell.input_part(x, ""), {state_or_zero(call, call.tensor(1)), -1}, "").hidden);
}

// A layer call: op(x, state, params, has_biases, num_layers, dropout, train, bidirectional, batch_first).
struct LayerCall {
  CellKind kind = CellKind::kLstm;
  NodeId input = -1;                // (steps, batch, features)
  std::vector<NodeId> states;       // (layers x directions, batch, units) each: hidden, and cell for LSTM
  std::vector<NodeId> parameters;
  bool has_biases = true, has_projection = false, batch_first = false;
  std::int64_t layers = 1, directions = 1;
};

LayerCall layer_call(Call& call, CellKind kind) {
  if (call.position("batch_sizes") >= 0) call.unsupported("a packed sequence", {"give the sequence as one tensor"});
  LayerCall layer;
  layer.kind = kind;
  layer.input = call.tensor(0);
  layer.states = kind == CellKind::kLstm ? call.tensors(1) : std::vector<NodeId>{call.tensor(1)};
  layer.parameters = call.tensors(2);
  layer.has_biases = call.boolean(3, true);
  layer.layers = call.integer(4);
  if (call.boolean(6, false) && call.real(5) != 0) call.unsupported("dropout in training mode", {"call model.eval() before saving it"});
  layer.directions = call.boolean(7, false) ? 2 : 1;
  layer.batch_first = call.boolean(8, false);
  if (call.shape_of(layer.input).size() != 3) call.misfit("a sequence of shape " + to_string(call.shape_of(layer.input)));
  if (layer.states.size() != (kind == CellKind::kLstm ? 2u : 1u)) call.misfit("a wrong number of states");
  for (const NodeId state : layer.states) {
    if (call.shape_of(state).size() != 3 || call.shape_of(state)[0] != layer.layers * layer.directions) {
      call.misfit("a state of shape " + to_string(call.shape_of(state)));
    }
  }
  layer.has_projection = kind == CellKind::kLstm && call.shape_of(layer.states[0])[2] != call.shape_of(layer.states[1])[2];
  const std::int64_t each = (layer.has_biases ? 4 : 2) + (layer.has_projection ? 1 : 0);
  if (layer.layers < 1 || static_cast<std::int64_t>(layer.parameters.size()) != each * layer.layers * layer.directions) {
    call.misfit(std::to_string(layer.parameters.size()) + " parameters for " + std::to_string(layer.layers) + " layers");
  }
  return layer;
}

// `index` counts layers and, within them, directions.
CellWeights layer_weights(const LayerCall& layer, std::int64_t index) {
  const std::int64_t each = (layer.has_biases ? 4 : 2) + (layer.has_projection ? 1 : 0);
  const NodeId* at = layer.parameters.data() + index * each;
  CellWeights weights{.input = at[0], .hidden = at[1]};
  if (layer.has_biases) {
    weights.input_bias = at[2];
    weights.hidden_bias = at[3];
  }
  if (layer.has_projection) weights.projection = at[each - 1];
  return weights;
}

NodeId select_first(Call& call, NodeId x, std::int64_t index, const std::string& name) {
  Shape shape = call.shape_of(x);
  shape.erase(shape.begin());
  if (call.builder().is_constant(x)) {
    const Tensor whole = call.constant(x);
    const std::int64_t size = element_count(shape);
    const auto first = whole.data.begin() + index * size;
    return call.emit_constant({std::move(shape), {first, first + size}}, call.builder().node(x).name);
  }
  return call.emit_named(name, "select", {x}, {{"dim", std::int64_t{0}}, {"index", index}}, std::move(shape));
}

NodeId joined_first(Call& call, const std::vector<NodeId>& parts, const std::string& name) {
  Shape shape = call.shape_of(parts.front());
  shape.insert(shape.begin(), static_cast<std::int64_t>(parts.size()));
  return call.emit_named(name, "stack", parts, {{"dim", std::int64_t{0}}}, std::move(shape));
}

struct Sweep {
  NodeId sequence;  // hidden states of all steps
  State last;
};

// One direction of one layer over the whole sequence.
Sweep sweep(Call& call, const LayerCall& layer, std::int64_t index, NodeId x) {
  const bool backward = index % layer.directions == 1;
  const std::string prefix = std::string("l").append(std::to_string(index / layer.directions)).append(backward ? "r." : ".");
  Cell cell(call, layer.kind, layer_weights(layer, index));
  State state;
  const auto initial = [&](std::size_t k) {
    return state_or_zero(call, select_first(call, layer.states[k], index, prefix + (k == 0 ? "hidden_0" : "cell_0")));
  };
  state.hidden = initial(0);
  if (layer.kind == CellKind::kLstm) state.cell = initial(1);
  const NodeId all = cell.input_part(x, prefix);
  const std::int64_t steps = call.shape_of(x)[0];
  std::vector<NodeId> hidden(static_cast<std::size_t>(steps));
  for (std::int64_t i = 0; i < steps; ++i) {
    const std::int64_t t = backward ? steps - 1 - i : i;
    const std::string place = prefix + "t" + std::to_string(t) + ".";
    state = cell.step(select_first(call, all, t, place + "input_part"), state, place);
    hidden[static_cast<std::size_t>(t)] = state.hidden;
  }
  return {joined_first(call, hidden, prefix + "sequence"), state};
}

// Both directions' sequences joined along the features.
NodeId joined_directions(Call& call, const std::vector<NodeId>& parts, const std::string& name) {
  if (parts.size() == 1) return parts[0];
  Shape shape = call.shape_of(parts[0]);
  shape[2] += call.shape_of(parts[1])[2];
  return call.emit_named(name, "cat", parts, {{"dim", std::int64_t{2}}}, std::move(shape));
}

Value layers(Call& call, CellKind kind) {
  const LayerCall layer = layer_call(call, kind);
  NodeId x = layer.batch_first ? transposed(call, layer.input, {1, 0, 2}) : layer.input;
  if (call.shape_of(x)[0] < 1) call.misfit("an empty sequence");
  std::vector<NodeId> hidden, cells;
  for (std::int64_t l = 0; l < layer.layers; ++l) {
    std::vector<NodeId> sequences;
    for (std::int64_t d = 0; d < layer.directions; ++d) {
      const Sweep one = sweep(call, layer, l * layer.directions + d, x);
      sequences.push_back(one.sequence);
      hidden.push_back(one.last.hidden);
      if (kind == CellKind::kLstm) cells.push_back(one.last.cell);
    }
    x = joined_directions(call, sequences, std::string("l").append(std::to_string(l)).append(".both"));
  }
  Items results = {call.fresh(layer.batch_first ? transposed(call, x, {1, 0, 2}) : x), call.fresh(joined_first(call, hidden, "last_hidden"))};
  if (kind == CellKind::kLstm) results.push_back(call.fresh(joined_first(call, cells, "last_cell")));
  return sequence(Value::Kind::kTuple, std::move(results));
}

}  // namespace

// lstm_cell(x, (h, c), W, U, b, b').
Value lstm_cell(Call& call) {
  const NodeId x = call.tensor(0);
  const std::vector<NodeId> states = call.tensors(1);
  if (states.size() != 2) call.misfit("an LSTM cell needs two states");
  Cell cell(call, CellKind::kLstm, cell_weights(call));
  const State before{state_or_zero(call, states[0]), state_or_zero(call, states[1])};
  const State after = cell.step(cell.input_part(x, ""), before, "");
  return sequence(Value::Kind::kTuple, {call.fresh(after.hidden), call.fresh(after.cell)});
}

Value gru_cell(Call& call) { return single_step(call, CellKind::kGru); }
Value rnn_cell(Call& call) { return single_step(call, call.op() == "rnn_relu_cell" ? CellKind::kRelu : CellKind::kTanh); }
Value lstm(Call& call) { return layers(call, CellKind::kLstm); }
Value gru(Call& call) { return layers(call, CellKind::kGru); }
Value rnn(Call& call) { return layers(call, call.op() == "rnn_relu" ? CellKind::kRelu : CellKind::kTanh); }

}  // namespace halfulp::ingest_child::rules
