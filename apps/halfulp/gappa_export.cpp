#include "gappa_export.hpp"

#include "halfulp/analysis/gappa.hpp"
#include "halfulp/support/text.hpp"

namespace halfulp::cli {

Result<ExitCode> export_gappa(Context& context, const Arguments& arguments, const Model& model, const std::optional<FormatAssignment>& formats,
                              const InputSet& set) {
  const auto path = arguments.given("out");
  if (!path) return fail("E0003", "--export needs a file", "--export", {"name it with -o FILE"});
  if (!formats || !set.box) return fail("E0003", "--export speaks of a rounded network over a box", "--export", {"give --uniform or --schedule, and --input or --box"});
  auto script = gappa_script(model.lowered, *formats, *set.box);
  if (!script) return fail(script.error());
  if (auto written = write_file_atomic(*path, *script); !written) return fail(written.error());
  context.say("written: " + *path + "; prove it with `gappa " + *path + "`");
  return ExitCode::kDone;
}

}  // namespace halfulp::cli
