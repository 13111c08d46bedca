// Activations that are made of other element-wise operators. Constants that are no doubles stand as the nearest ones.
#include "handlers.hpp"

namespace halfulp::ingest_child::rules {
namespace {

NodeId applied(Call& call, const std::string& op, NodeId x) { return call.emit(op, {x}, {}, call.shape_of(x)); }

NodeId scaled(Call& call, NodeId x, double factor) { return factor == 1 ? x : binary(call, "mul", x, call.number(factor)); }

// clamp(x + 3, 0, 6) / 6.
NodeId hard_sigmoid(Call& call, NodeId x) {
  const NodeId shifted = binary(call, "add", x, call.number(3));
  const NodeId clamped = call.emit("hardtanh", {shifted}, {{"min", 0.0}, {"max", 6.0}}, call.shape_of(x));
  return binary(call, "div", clamped, call.number(6));
}

// (max(x, 0) + alpha (exp(inner min(x, 0)) - 1)) outer.
Value exponential_unit(Call& call, double alpha, double outer, double inner) {
  const NodeId x = call.tensor(0);
  const NodeId negative = applied(call, "neg", applied(call, "relu", applied(call, "neg", x)));
  const NodeId grown = binary(call, "sub", applied(call, "exp", scaled(call, negative, inner)), call.number(1));
  const NodeId sum = binary(call, "add", applied(call, "relu", x), scaled(call, grown, alpha));
  return call.fresh(scaled(call, sum, outer));
}

// log(1 + exp(beta x)) / beta = max(x, 0) + log(1 + exp(-|beta x|)) / beta: the exponential cannot overflow.
NodeId soft_plus(Call& call, NodeId x, double beta) {
  const NodeId away = applied(call, "neg", applied(call, "abs", scaled(call, x, beta)));
  const NodeId grown = binary(call, "add", applied(call, "exp", away), call.number(1));
  return binary(call, "add", applied(call, "relu", x), scaled(call, applied(call, "log", grown), 1 / beta));
}

}  // namespace

// x sigmoid(x).
Value silu(Call& call) {
  const NodeId x = call.tensor(0);
  const NodeId gate = call.emit("sigmoid", {x}, {}, call.shape_of(x));
  return call.fresh(binary(call, "mul", x, gate));
}

Value hardsigmoid(Call& call) {
  const NodeId x = call.tensor(0);
  return call.fresh(hard_sigmoid(call, x));
}

Value hardswish(Call& call) {
  const NodeId x = call.tensor(0);
  return call.fresh(binary(call, "mul", x, hard_sigmoid(call, x)));
}

// elu(x, alpha, scale, input_scale).
Value elu(Call& call) { return exponential_unit(call, call.real(1, 1.0), call.real(2, 1.0), call.real(3, 1.0)); }

Value selu(Call& call) { return exponential_unit(call, 1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1); }

// celu(x, alpha) = max(x, 0) + min(alpha (exp(x / alpha) - 1), 0).
Value celu(Call& call) {
  const double alpha = call.real(1, 1.0);
  if (!(alpha > 0)) call.unsupported("an alpha that is not positive");
  return exponential_unit(call, alpha, 1, 1 / alpha);
}

// gelu(x) = x / 2 (1 + erf(x / sqrt(2))); gelu(x, "tanh") = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
Value gelu(Call& call) {
  const NodeId x = call.tensor(0);
  NodeId sigmoidal;
  if (call.is_none(1) || call.text(1) == "none") {
    sigmoidal = applied(call, "erf", scaled(call, x, 0.70710678118654752440084436210485));
  } else if (call.text(1) == "tanh") {
    const NodeId cube = call.emit("pow", {x}, {{"exponent", std::int64_t{3}}}, call.shape_of(x));
    const NodeId inner = scaled(call, binary(call, "add", x, scaled(call, cube, 0.044715)), 0.79788456080286535587989211986876);
    sigmoidal = applied(call, "tanh", inner);
  } else {
    call.unsupported("gelu approximated by " + call.text(1));
  }
  return call.fresh(binary(call, "mul", scaled(call, x, 0.5), binary(call, "add", sigmoidal, call.number(1))));
}

Value arctan(Call& call) { return call.fresh(applied(call, "atan", call.tensor(0))); }

// softplus(x, beta, threshold) without the threshold, beyond which torch returns x.
Value softplus(Call& call) {
  const double beta = call.real(1, 1.0);
  if (!(beta > 0)) call.unsupported("a beta that is not positive");
  return call.fresh(soft_plus(call, call.tensor(0), beta));
}

// x tanh(softplus(x)).
Value mish(Call& call) {
  const NodeId x = call.tensor(0);
  return call.fresh(binary(call, "mul", x, applied(call, "tanh", soft_plus(call, x, 1))));
}

Value log_sigmoid(Call& call) { return call.fresh(applied(call, "log", applied(call, "sigmoid", call.tensor(0)))); }

Value log_softmax(Call& call) {
  const NodeId x = call.tensor(0);
  const std::int64_t dim = call.dim(1, call.shape_of(x).size());
  return call.fresh(applied(call, "log", call.emit("softmax", {x}, {{"dim", dim}}, call.shape_of(x))));
}

Value reciprocal_root(Call& call) {
  const NodeId x = call.tensor(0);
  return call.fresh(binary(call, "div", call.number(1), applied(call, "sqrt", x)));
}

}  // namespace halfulp::ingest_child::rules
