#include "../kernel.hpp"
#include "element.hpp"

namespace halfulp::kernels {
namespace {

template <typename T>
void round_each(const Format& format, const T* in, const std::uint32_t* draws, T* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<T>(round_to(format, static_cast<double>(in[i]), draws == nullptr ? 0 : draws[i]));
  }
}

}  // namespace

void round_scalar(const Format& format, const float* in, const std::uint32_t* draws, float* out, std::size_t count) {
  round_each(format, in, draws, out, count);
}

void round_scalar(const Format& format, const double* in, const std::uint32_t* draws, double* out, std::size_t count) {
  round_each(format, in, draws, out, count);
}

}  // namespace halfulp::kernels
