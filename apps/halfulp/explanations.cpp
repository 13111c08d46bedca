#include "help.hpp"

namespace halfulp::cli {

const std::vector<Explanation>& explanations() {
  static const std::vector<Explanation> kExplanations = {
      {"E0001", "no such command", "The first word after `halfulp` names a command. `halfulp --help` lists them; a near name is suggested."},
      {"E0002", "no such option", "Option names are never abbreviated, so that a script keeps its meaning when options are added."},
      {"E0003", "an option is used wrongly", "A value is missing, not allowed or given twice, or two options exclude each other."},
      {"E0004", "too few or too many arguments", "The usage line of `halfulp COMMAND -h` shows which arguments a command takes."},
      {"E0005", "no such message code", "`halfulp explain` lists all codes."},
      {"E0070", "internal error", "The tool broke a rule of its own. The result, if any, must not be used. Exit code 70."},
      {"E0101", "a file cannot be read", "It is missing, is a folder, or its permissions forbid reading."},
      {"E0102", "no NumPy file that can be read",
       "Data are .npy files, versions 1.0 to 3.0, C order, little-endian, of booleans, integers or floats. Integers beyond 2^53 are refused\n"
       "because a double cannot hold them."},
      {"E0103", "a file cannot be written", "Files are written to a temporary name and renamed, so nothing half-written is left behind."},
      {"E0105", "no valid number, shape, interval or box",
       "Boxes hold a row `lower,upper` an element, in row-major order; both are finite decimals with lower <= upper. Decimals are read\n"
       "exactly and enclosed outward. Shapes are extents with commas between, such as 1,3,32,32."},
      {"E0106", "no JSON document that can be read", "The file is cut off or is no JSON; the byte offset says where."},
      {"E0107", "samples that do not fit",
       "--data holds samples along axis 0: shape N x sample, or N x rest where the sample's first extent is 1. All values are finite.\n"
       "--labels holds one class number a sample."},
      {"E0201", "no such number format", "`halfulp help formats` shows the spelling, `halfulp formats` the names."},
      {"E0202", "format parameters out of range", "Widths go from 1 (2 with a sign) to 128 bits; `halfulp help formats` shows the rest."},
      {"E0203", "no such format modifier", "Modifiers choose rounding, overflow and subnormals: `halfulp help formats`."},
      {"E0204", "a format wider than a double", "The result file holds float64 values, and some values of this format are none."},
      {"E0301", "a schedule that is no TOML", "The place shows line and column of the first mistake."},
      {"E0302", "no precision schedule", "The first line of a schedule is schema = \"halfulp.schedule/1\"."},
      {"E0303", "an unknown key in a schedule", "Unknown keys are errors, because a misspelt key would silently change what is proved."},
      {"E0304", "a value of the wrong kind in a schedule", "`halfulp help schedule` lists the keys and what they hold."},
      {"E0305", "a layer that the model does not have", "Layer names are those of `halfulp inspect`."},
      {"E0306", "a role that the layer does not have",
       "Network inputs have the role `input` only. Other layers take their operands in their producers' `output` format. Constants are\n"
       "rounded as `weight` or `bias` of the layer that uses them."},
      {"E0307", "a layer given twice", "Every layer has at most one [[layer]] block."},
      {"E0308", "a schedule of a newer version", "A newer tool wrote it; meaning that this version does not know must not be ignored."},
      {"E0309", "the input set has changed",
       "The schedule records the SHA-256 of the box or data it was tuned for, and the file has another one now. Name the input set to\n"
       "prove for on the command line."},
      {"E0310", "an edited schedule would be overwritten", "The file was edited by hand. Choose another name, or overwrite it with --force."},
  };
  return kExplanations;
}

}  // namespace halfulp::cli
