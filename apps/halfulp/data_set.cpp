#include "data_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "halfulp/ingest/tensor_file.hpp"
#include "halfulp/support/array_file.hpp"
#include "values.hpp"

namespace halfulp::cli {
namespace {

bool is_torch_file(const std::string& path) { return path.ends_with(".pt") || path.ends_with(".pth"); }

Result<Tensor> read_array_file(const std::string& path) { return is_torch_file(path) ? read_torch_tensor(path) : read_array(path); }

Shape without_ones(Shape shape) {
  std::erase(shape, 1);
  return shape;
}

// Whether an array of samples of shape `rest` holds those of the input: as they are, or up to extents of 1.
bool fits(const Shape& rest, const Shape& sample) { return rest == sample || without_ones(rest) == without_ones(sample); }

Result<void> check_shape(const Tensor& tensor, const Shape& sample, const std::string& path) {
  if (tensor.shape.empty()) return fail("E0107", "the data is a scalar; samples along axis 0 are needed", path);
  if (!fits({tensor.shape.begin() + 1, tensor.shape.end()}, sample)) {
    return fail("E0107", fmt::format("the data has shape {}, but samples have shape {}", to_string(tensor.shape), to_string(sample)), path,
                {fmt::format("needed is {} with N samples along axis 0", "N x " + to_string(sample))});
  }
  if (tensor.shape.front() < 1) return fail("E0107", "the data holds no sample", path);
  return {};
}

// Adds the samples of one input's file to `data`.
Result<void> add_samples(const std::string& path, const Shape& sample, DataSet& data, bool& batch_axis_dropped) {
  auto tensor = read_array_file(path);
  if (!tensor) return fail(tensor.error());
  if (auto checked = check_shape(*tensor, sample, path); !checked) return checked;
  const auto count = static_cast<std::size_t>(tensor->shape.front());
  const bool is_dropped = !sample.empty() && sample.front() == 1 && Shape(tensor->shape.begin() + 1, tensor->shape.end()) != sample;
  batch_axis_dropped = batch_axis_dropped || is_dropped;
  if (data.samples.empty()) data.samples.resize(count);
  if (data.samples.size() != count) {
    return fail("E0107", fmt::format("this file holds {} samples, the one before {}", count, data.samples.size()), path);
  }
  const auto size = static_cast<std::size_t>(element_count(sample));
  for (std::size_t s = 0; s < count; ++s) {
    const auto first = tensor->data.begin() + static_cast<std::ptrdiff_t>(s * size);
    std::vector<double> values(first, first + static_cast<std::ptrdiff_t>(size));
    const auto bad = std::find_if_not(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
    if (bad != values.end()) {
      return fail("E0107", fmt::format("sample {}, element {} is NaN or infinite", s, bad - values.begin()), path);
    }
    data.samples[s].push_back(std::move(values));
  }
  return {};
}

Result<std::vector<std::int64_t>> read_labels(const std::string& path, std::size_t count) {
  auto tensor = read_array_file(path);
  if (!tensor) return fail(tensor.error());
  if (tensor->data.size() != count) {
    return fail("E0107", fmt::format("{} labels for {} samples", tensor->data.size(), count), path);
  }
  std::vector<std::int64_t> labels;
  for (const double value : tensor->data) {
    if (!(value >= 0 && value < 1e9 && value == std::floor(value))) {
      return fail("E0107", fmt::format("label {} of sample {} is no class number", value, labels.size()), path);
    }
    labels.push_back(static_cast<std::int64_t>(value));
  }
  return labels;
}

}  // namespace

Result<DataSet> read_data(const Graph& graph, const Arguments& arguments, bool& batch_axis_dropped) {
  const auto paths = arguments.all("data");
  if (paths.size() != graph.inputs.size()) {
    return fail("E0105", fmt::format("--data is given {} times, the model has {} inputs", paths.size(), graph.inputs.size()));
  }
  DataSet data;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    auto added = add_samples(paths[i], graph[graph.inputs[i]].shape, data, batch_axis_dropped);
    if (!added) return fail(added.error());
  }
  if (const auto text = arguments.given("radius")) {
    auto radius = parse_radius("--radius", *text);
    if (!radius) return fail(radius.error());
    data.radius = *radius;
  }
  if (const auto path = arguments.given("labels")) {
    auto labels = read_labels(*path, data.samples.size());
    if (!labels) return fail(labels.error());
    data.labels = *std::move(labels);
  }
  return data;
}

}  // namespace halfulp::cli
