#include "command.hpp"

namespace halfulp::cli {

const std::vector<Option>& global_options() {
  static const std::vector<Option> kOptions = {
      {.name = "help", .short_name = 'h', .help = "show help; --help says more than -h"},
      {.name = "version", .help = "show the version"},
      {.name = "quiet", .short_name = 'q', .help = "say nothing but results and errors"},
      {.name = "verbose", .short_name = 'v', .help = "say more; may be repeated", .repeatable = true},
      {.name = "color", .value = "WHEN", .fallback = "auto", .help = "colour of messages; auto obeys NO_COLOR and TERM=dumb",
       .choices = {"auto", "always", "never"}},
      {.name = "format", .value = "FORM", .fallback = "text", .help = "form of the result on standard output",
       .choices = {"text", "json"}},
      {.name = "seed", .value = "N", .fallback = "0", .help = "seed of everything random: same seed, same bytes"},
      {.name = "rules", .value = "DIR", .help = "folder of rules instead of the installed one"},
  };
  return kOptions;
}

}  // namespace halfulp::cli
