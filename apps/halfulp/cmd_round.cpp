#include <fmt/format.h>

#include <cmath>

#include "arguments.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "halfulp/formats/group.hpp"
#include "halfulp/formats/round.hpp"
#include "halfulp/report/numbers.hpp"
#include "halfulp/support/npy.hpp"
#include "output.hpp"

namespace halfulp::cli {
namespace {

struct Census {
  std::size_t changed = 0, overflowed = 0, nonfinite = 0, first_overflow = 0;
  double max_error = 0;  // of elements that do not overflow
};

bool overflows_at(const Format& format, double x) {
  if (x <= largest(format) && x >= lowest(format)) return false;
  LongAccumulator exact;
  exact.clear();
  exact.add(x);
  return overflows(format, exact);
}

Census take_census(const Format& format, const std::vector<double>& before, const std::vector<double>& after) {
  Census census;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!std::isfinite(before[i])) {
      ++census.nonfinite;
      continue;
    }
    census.changed += before[i] != after[i];
    if (overflows_at(format, before[i])) {
      if (census.overflowed++ == 0) census.first_overflow = i;
    } else {
      census.max_error = std::max(census.max_error, std::abs(after[i] - before[i]));
    }
  }
  return census;
}

void report(const Context& context, const Format& format, const Tensor& tensor, const Census& census, const std::string& path) {
  if (census.nonfinite > 0) {
    context.warn({.code = "W0108", .message = fmt::format("{} elements are NaN or infinite", census.nonfinite)});
  }
  if (context.json) {
    context.print_json(Json::object().set("schema", "halfulp.round/1").set("provenance", context.provenance()).set("format", format.name)
                      .set("shape", Json::array_of(tensor.shape)).set("elements", tensor.data.size()).set("changed", census.changed)
                      .set("overflowed", census.overflowed).set("nonfinite", census.nonfinite).set("max_error", census.max_error)
                      .set("output", path));
    return;
  }
  context.print(fmt::format("{} elements to {}: {} changed, {} beyond the range, largest rounding error {}\nwrote {}\n",
                            with_commas(static_cast<std::int64_t>(tensor.data.size())), format.name,
                            with_commas(static_cast<std::int64_t>(census.changed)),
                            with_commas(static_cast<std::int64_t>(census.overflowed)), short_up(census.max_error), path));
}

// The axis of block formats and @channel: the last one, unless the format says axis<K>.
Result<void> check_axis(const Format& format, const Tensor& tensor) {
  if (!is_grouped(format) || (format.block_size == 0 && !format.per_channel)) return {};
  const int rank = static_cast<int>(tensor.shape.size());
  const int axis = format.axis.value_or(-1);
  if (axis >= -rank && axis < rank) return {};
  return fail("E0202", fmt::format("{} needs axis {} of an array that has {}", format.name, axis, rank));
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  for (const char* needed : {"to", "out"}) {
    if (!arguments.has(needed)) return fail("E0003", fmt::format("--{} is needed", needed));
  }
  auto format = parse_format(arguments.text("to"));
  if (!format) return fail(format.error());
  if (!fits_double(*format)) {
    return fail("E0205", fmt::format("values of {} outgrow a double, so an NPY file of float64 cannot hold them", format->name));
  }
  const std::string& path = arguments.operands()[0];
  auto tensor = read_npy(path);
  if (!tensor) return fail(tensor.error());
  if (auto checked = check_axis(*format, *tensor); !checked) return fail(checked.error());
  const std::vector<double> before = tensor->data;
  round_tensor(*format, before, tensor->data, tensor->shape, -1, context.seed);
  const Census census = take_census(*format, before, tensor->data);
  if (format->overflow == OverflowMode::kError && census.overflowed > 0) {
    return fail("E0504", fmt::format("element {} is beyond the range of {}; nothing is written", census.first_overflow, format->name), path,
                {}, ExitCode::kAnswerIsNo);
  }
  if (auto written = write_npy(*tensor, arguments.text("out")); !written) return fail(written.error());
  report(context, *format, *tensor, census, arguments.text("out"));
  return ExitCode::kDone;
}

}  // namespace

Command round_command() {
  return {.name = "round",
          .summary = "round an array to a format",
          .description = "Every element is rounded correctly; the result is an NPY file of float64 of the same shape. Stochastic rounding takes its\n"
                         "bits from --seed and the element's position. Blocks and channels (mx<e4m3,32>, int<8>@channel) lie along the last axis unless\n"
                         "the format says axis<K>.",
          .operands = {{.name = "FILE", .help = "NPY file"}},
          .options = {{.name = "to", .value = "FORMAT", .help = "format with its modifiers"},
                      {.name = "out", .short_name = 'o', .value = "FILE", .help = "NPY file to write"}},
          .examples = {{"halfulp round w.npy --to \"mx<e4m3,32>\" -o w8.npy", "weights in OCP FP8, blocks of 32 with a scale"},
                       {"halfulp round g.npy --to \"fixed<8,3>:stochastic<8>\" --seed 7 -o g8.npy", "stochastic rounding, reproducible"}},
          .run = run};
}

}  // namespace halfulp::cli
