#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arguments.hpp"
#include "bench_gemm.hpp"
#include "bench_measure.hpp"
#include "cmd.hpp"
#include "context.hpp"
#include "halfulp/formats/instruction_set.hpp"
#include "halfulp/report/json.hpp"
#include "halfulp/report/table.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

constexpr const char* kQuantizeFormats[] = {
    "e5m2", "e4m3", "bf16", "fp16", "float<6,9>", "fixed<8,4>", "e5m2:up", "fp16:odd", "e4m3:flush",
    "e5m2:stochastic", "bf16:stochastic", "fixed<8,4>:stochastic",
    "e8m0", "binary8p1", "posit<8,1>", "posit<16,1>", "takum<8>", "takum<16>", "lns<8,4>", "lns<16,6>",
    "int<8>", "int<8>@channel", "uint<8>", "dynamic-fixed<8>", "bfp<8,32>",
    "mx<e4m3,32>", "mx<e2m1,32>", "mx<int8,32>", "mx<e4m3,32>:scale-nearest", "mx<e4m3,32>:stochastic", "nvfp4"};

struct Row {
  std::string kind, name;
  double rate = 0;  // 10^9 elements or multiply-accumulate steps a second
  double ratio = 0;
};

struct Settings {
  std::size_t elements = 0, size = 0;
  int repetitions = 0;
  std::string filter;
  std::uint64_t seed = 0;

  bool takes(const std::string& name) const { return name.find(filter) != std::string::npos; }
};

Result<std::vector<Row>> quantize_rows(const Settings& settings, const std::vector<std::string>& spellings) {
  std::vector<Row> rows;
  for (const auto& spelling : spellings) {
    const auto format = parse_format(spelling);
    if (!format) return fail(format.error());
    if (!fits_double(*format)) return fail("E0205", fmt::format("values of {} outgrow a double", format->name));
    if (!settings.takes("quantize " + format->name)) continue;
    const Measured measured = measure_quantize(*format, settings.elements, settings.repetitions, settings.seed);
    rows.push_back({"quantize", format->name, static_cast<double>(settings.elements) / measured.seconds * 1e-9, measured.ratio()});
  }
  return rows;
}

std::vector<Row> gemm_rows(const Settings& settings) {
  std::vector<Row> rows;
  for (const GemmCase& product : bench_products(settings.seed)) {
    if (!settings.takes("gemm " + product.name)) continue;
    const Measured measured = measure_gemm(product, settings.size, settings.repetitions, settings.seed);
    const auto steps = static_cast<double>(settings.size * settings.size * settings.size);
    rows.push_back({"gemm", product.name, steps / measured.seconds * 1e-9, measured.ratio()});
  }
  return rows;
}

void print(const Context& context, const Settings& settings, const std::vector<Row>& rows) {
  if (context.json) {
    Json list = Json::array();
    for (const Row& row : rows) {
      const bool product = row.kind == "gemm";
      list.push(Json::object().set("kind", row.kind).set("name", row.name).set(product ? "gmac_per_second" : "gelements_per_second", row.rate)
                    .set(product ? "ratio_to_sgemm" : "ratio_to_memcpy", row.ratio));
    }
    context.print_json(Json::object().set("schema", "halfulp.bench/1").set("provenance", context.provenance()).set("instructions", instruction_set())
                           .set("elements", settings.elements)
                           .set("matrix_size", settings.size).set("repetitions", settings.repetitions).set("rows", list));
    return;
  }
  Table table;
  table.column("what").column("formats").column("10^9/s", Align::kRight).column("ratio", Align::kRight).column("to");
  for (const Row& row : rows) {
    table.row({row.kind, row.name, fmt::format("{:.3g}", row.rate), fmt::format("{:.3g}", row.ratio), row.kind == "gemm" ? "sgemm" : "memcpy"});
  }
  context.print(fmt::format("One thread, {}, processor time, median of {}; arrays of {} float32, matrices {} x {}\n\n{}", instruction_set(),
                            settings.repetitions, settings.elements, settings.size, settings.size, table.render()));
}

Result<ExitCode> run(Context& context, const Arguments& arguments) {
  const auto count = [&](const std::string& option, std::int64_t most) { return parse_count(option, arguments.text(option), 1, most); };
  const auto elements = count("elements", std::int64_t{1} << 28), size = count("size", 4096), repetitions = count("repetitions", 1000);
  for (const auto* value : {&elements, &size, &repetitions}) {
    if (!*value) return fail(value->error());
  }
  if (!use_instruction_set(arguments.text("instructions"))) {
    return fail("E0003", fmt::format("no instructions '{}' here; the kernels have {}", arguments.text("instructions"), fmt::join(instruction_sets(), " ")));
  }
  const Settings settings{static_cast<std::size_t>(*elements), static_cast<std::size_t>(*size), static_cast<int>(*repetitions), arguments.text("filter"), context.seed};
  const auto given = arguments.all("to");
  auto rows = quantize_rows(settings, given.empty() ? std::vector<std::string>(std::begin(kQuantizeFormats), std::end(kQuantizeFormats)) : given);
  if (!rows) return fail(rows.error());
  if (given.empty()) {
    const auto products = gemm_rows(settings);
    rows->insert(rows->end(), products.begin(), products.end());
  }
  print(context, settings, *rows);
  return ExitCode::kDone;
}

}  // namespace

Command bench_command() {
  return {.name = "bench",
          .summary = "speed of rounding and of quantised matrix products on this machine",
          .description = "Rounding is compared with memcpy of the same array, products with a float32 product by BLAS, timed in turn in the same "
                         "run. One thread, processor time, medians.",
          .options = {{.name = "to", .value = "FORMAT", .help = "measure rounding to this format only", .repeatable = true},
                      {.name = "elements", .value = "N", .fallback = "16777216", .help = "length of the arrays"},
                      {.name = "size", .value = "N", .fallback = "256", .help = "rows and columns of the matrices"},
                      {.name = "repetitions", .value = "N", .fallback = "7", .help = "timed runs of each"},
                      {.name = "instructions", .value = "SET", .help = "vector instructions to use: AVX3_DL AVX3 AVX2 SSE4 ..., those of the machine"},
                      {.name = "filter", .value = "TEXT", .help = "only rows with this text, for instance gemm"}},
          .examples = {{"halfulp bench", "all rows"}, {"halfulp bench --to \"posit<16,1>\" --to e4m3:stochastic", "rounding to two formats"}},
          .run = run};
}

}  // namespace halfulp::cli
