#include "halfulp/formats/instruction_set.hpp"

#include <hwy/highway.h>

#include <algorithm>

namespace halfulp {
namespace {

std::int64_t machine() {
  static const std::int64_t kMachine = hwy::SupportedTargets() & HWY_TARGETS;
  return kMachine;
}

std::int64_t best_of(std::int64_t targets) { return targets & -targets; }

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (std::int64_t rest = machine(); rest != 0; rest &= rest - 1) names.emplace_back(hwy::TargetName(best_of(rest)));
  return names;
}

std::string instruction_set() {
  machine();
  return hwy::TargetName(best_of(hwy::SupportedTargets() & HWY_TARGETS));
}

bool use_instruction_set(const std::string& name) {
  std::int64_t rest = machine();
  if (!name.empty()) {
    while (rest != 0 && name != hwy::TargetName(best_of(rest))) rest &= rest - 1;
    if (rest == 0) return false;
  }
  hwy::SetSupportedTargetsForTest(rest);
  return true;
}

}  // namespace halfulp
