#include "backend.hpp"

namespace halfulp {
namespace emit_detail {

std::vector<Backend> backends() { return {cpp_backend(), vitis_backend()}; }

}  // namespace emit_detail

std::vector<std::string> backend_names() {
  std::vector<std::string> names;
  for (const auto& backend : emit_detail::backends()) names.push_back(backend.name);
  return names;
}

}  // namespace halfulp
