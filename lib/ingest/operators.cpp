#include "halfulp/ingest/operators.hpp"

namespace halfulp {

std::vector<SupportedOperator> supported_operators() {
  return {
      {"", {"aten::alias", "aten::contiguous", "aten::detach", "aten::clone", "prim::data"}, "identity"},
      {"", {"aten::dropout", "aten::dropout_", "aten::feature_dropout", "aten::feature_dropout_"},
       "in evaluation mode only, where it is the identity"},
      {"", {"aten::to", "aten::type_as", "aten::cpu"},
       "between float32 and float64 on the CPU, where it is the identity"},
      {"abs", {"aten::abs", "aten::abs_"}, ""},
      {"adaptive_avg_pool", {"aten::adaptive_avg_pool1d", "aten::adaptive_avg_pool2d"}, ""},
      {"add", {"aten::add", "aten::add_"}, ""},
      {"amax", {"aten::amax", "aten::maximum", "aten::minimum"}, "maximum and minimum become stack and amax"},
      {"avg_pool", {"aten::avg_pool1d", "aten::avg_pool2d"}, ""},
      {"batch_norm", {"aten::batch_norm"}, "in evaluation mode, with running statistics"},
      {"cat", {"aten::cat", "aten::concat"}, ""},
      {"constant", {"aten::zeros", "aten::ones", "aten::full", "aten::zeros_like", "aten::ones_like", "aten::new_zeros"}, ""},
      {"conv", {"aten::conv1d", "aten::conv2d", "aten::_convolution", "aten::convolution"},
       "one or two spatial dimensions, not transposed"},
      {"div", {"aten::div", "aten::div_", "aten::true_divide", "aten::reciprocal", "aten::hardsigmoid", "aten::hardsigmoid_"},
       "no rounding mode; hardsigmoid becomes add, hardtanh and div"},
      {"exp", {"aten::exp", "aten::exp_"}, ""},
      {"expand", {"aten::expand", "aten::expand_as"}, ""},
      {"hardtanh", {"aten::hardtanh", "aten::hardtanh_", "aten::relu6", "aten::relu6_", "aten::clamp", "aten::clamp_",
                    "aten::clamp_min", "aten::clamp_min_", "aten::clamp_max", "aten::clamp_max_"},
       "a clamp with one bound other than 0 below becomes pad and amax"},
      {"leaky_relu", {"aten::leaky_relu", "aten::leaky_relu_"}, ""},
      {"linear", {"aten::linear", "aten::addmm"}, ""},
      {"log", {"aten::log", "aten::log_"}, ""},
      {"lstm", {"aten::lstm_cell", "aten::lstm", "aten::gru_cell", "aten::gru", "aten::rnn_tanh_cell", "aten::rnn_tanh", "aten::rnn_relu_cell",
                "aten::rnn_relu"},
       "unrolled over the steps into linear, slice, sigmoid, tanh, mul and add; no packed sequences"},
      {"matmul", {"aten::matmul", "aten::mm", "aten::bmm", "aten::mv"}, ""},
      {"max_pool", {"aten::max_pool1d", "aten::max_pool2d"}, "without indices"},
      {"mean", {"aten::mean"}, ""},
      {"mul", {"aten::mul", "aten::mul_", "aten::square", "aten::silu", "aten::silu_", "aten::hardswish", "aten::hardswish_"},
       "silu becomes sigmoid and mul, hardswish add, hardtanh, div and mul"},
      {"neg", {"aten::neg", "aten::neg_"}, ""},
      {"pad", {"aten::pad", "aten::constant_pad_nd", "aten::reflection_pad1d", "aten::reflection_pad2d", "aten::replication_pad1d",
               "aten::replication_pad2d"}, "no negative padding"},
      {"permute", {"aten::permute", "aten::transpose", "aten::t", "aten::numpy_T"}, ""},
      {"pow", {"aten::pow", "aten::pow_"}, "constant integer exponent"},
      {"prelu", {"aten::prelu"}, ""},
      {"relu", {"aten::relu", "aten::relu_"}, ""},
      {"reshape", {"aten::reshape", "aten::view", "aten::flatten", "aten::squeeze", "aten::unsqueeze", "aten::view_as",
                   "aten::reshape_as", "aten::unflatten"}, ""},
      {"select", {"aten::select", "aten::unbind"}, ""},
      {"sigmoid", {"aten::sigmoid", "aten::sigmoid_"}, ""},
      {"slice", {"aten::slice", "aten::narrow", "aten::chunk", "aten::split", "aten::unsafe_chunk", "aten::unsafe_split"}, ""},
      {"softmax", {"aten::softmax"}, ""},
      {"sqrt", {"aten::sqrt", "aten::sqrt_", "aten::frobenius_norm"}, "frobenius_norm becomes mul, sum and sqrt"},
      {"stack", {"aten::stack"}, ""},
      {"sub", {"aten::sub", "aten::sub_", "aten::rsub"}, ""},
      {"sum", {"aten::sum"}, ""},
      {"tanh", {"aten::tanh", "aten::tanh_"}, ""},
  };
}

std::vector<std::string> evaluated_operators() {
  return {
      "aten::Bool",         "aten::Float",          "aten::FloatImplicit",      "aten::Int",
      "aten::IntImplicit",  "aten::ScalarImplicit", "aten::__and__",            "aten::__contains__",
      "aten::__derive_index", "aten::__getitem__",  "aten::__is__",             "aten::__isnot__",
      "aten::__not__",      "aten::__or__",         "aten::__range_length",     "aten::append",
      "aten::ceil",         "aten::dim",            "aten::eq",                 "aten::floor",
      "aten::floor_divide", "aten::floordiv",     "aten::format",         "aten::ge",                 "aten::gt",
      "aten::is_floating_point", "aten::le",        "aten::len",                "aten::list",
      "aten::lt",           "aten::ne",             "aten::numel",              "aten::remainder",
      "aten::size",         "aten::warn",           "prim::Constant",           "prim::GetAttr",
      "prim::If",           "prim::ListConstruct",  "prim::ListUnpack",         "prim::Loop",
      "prim::NumToTensor",  "prim::RaiseException", "prim::TupleConstruct",     "prim::TupleIndex",
      "prim::TupleSlice",   "prim::TupleUnpack",    "prim::Uninitialized",      "prim::device", "prim::dtype",
      "prim::is_cuda",      "prim::max",            "prim::min",                "prim::unchecked_cast",
  };
}

}  // namespace halfulp
