// What `auto` does: the relaxation, and all cheaper assignments after it where they are few.
#include "../strategy.hpp"

namespace halfulp {
namespace {

// Assignments up to which the rest of the space is enumerated; the analysis of a network that small takes a fraction of a millisecond.
constexpr double kFew = 2e4;

class Automatic final : public Strategy {
 public:
  std::string name() const override { return "auto"; }
  std::string summary() const override { return "relaxation; exhaustive after it where the space is small"; }

  Result<void> run(SearchSpace& space, const StartingPoint& start) const override {
    if (auto done = relaxation_strategy().run(space, start); !done) return done;
    if (paid_assignments(space) > kFew || space.accepted().empty()) return {};
    return exhaustive_strategy().run(space, start);
  }
};

}  // namespace

const Strategy& automatic_strategy() {
  static const Automatic kAutomatic;
  return kAutomatic;
}

}  // namespace halfulp
