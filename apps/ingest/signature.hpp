// Forward's parameters: each takes tensors of the shapes given, in order, or its default. Optional parameters and those with a
// default may be left out from the end; a tuple takes one shape a member.
#pragma once

#include <torch/script.h>

#include <functional>
#include <vector>

#include "builder.hpp"
#include "program.hpp"
#include "values.hpp"

namespace halfulp::ingest_child {

// A static value or constant of the file, named.
using Literal = std::function<Value(const c10::IValue&, const std::string&)>;

// One value a parameter after self. Throws Refusal where the number of shapes or a parameter's type does not fit.
std::vector<Value> bind_parameters(const Program& program, const std::vector<Shape>& shapes, Builder& builder, const Literal& literal);

}  // namespace halfulp::ingest_child
