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
      {"E0102", "no array file that can be read",
       "Data are NPY files (versions 1.0 to 3.0, little-endian), NPZ archives of them (FILE.npz:NAME names one of several), IDX files (MNIST,\n"
       "also gzipped), CSV files of decimals, and .pt or .pth files of one tensor saved by torch, of booleans, integers or floats. Integers\n"
       "beyond 2^53 are refused because a double cannot hold them."},
      {"E0103", "a file cannot be written", "Files are written to a temporary name and renamed, so nothing half-written is left behind."},
      {"E0105", "no valid number, shape, interval or box",
       "Boxes hold a row `lower,upper` an element, in row-major order; both are finite decimals with lower <= upper. Decimals are read\n"
       "exactly and enclosed outward. Shapes are extents with commas between, such as 1,3,32,32."},
      {"E0106", "no JSON document that can be read", "The file is cut off or is no JSON; the byte offset says where."},
      {"E0107", "samples that do not fit",
       "--data holds samples along axis 0: shape N x sample, or N x rest where the sample's first extent is 1. All values are finite.\n"
       "--labels holds one class number a sample."},
      {"E0110", "no TorchScript model", "A TorchScript file is a zip archive with a data.pkl, as torch.jit.save writes it. torch.save files and ONNX files are others."},
      {"E0111", "a truncated or damaged archive", "The file ends too early or its directory contradicts itself. Copy or export it again."},
      {"E0112", "an archive that is put together wrongly",
       "Records overlap, repeat, have impossible names or other checksums than the directory says. torch.jit.save never writes such a file."},
      {"E0113", "an archive that unpacks to too much", "Sizes and counts are limited, so that a small file cannot fill the memory."},
      {"E0114", "a model that holds or runs more than data",
       "The pickles may hold only tensors, numbers, strings and modules; code that runs while loading (__setstate__), interfaces and custom\n"
       "classes are refused. A model file is a program from whoever made it: nothing of it runs before it is checked."},
      {"E0115", "a tensor that contradicts its storage", "Shape, strides and offset of a tensor must lie within its record."},
      {"E0116", "reading the model takes too much", "Time, memory, loop steps and nodes are limited. A model that unrolls to more is too large for this tool."},
      {"E0117", "a stateful or training model, or code that is not allowed",
       "Call model.eval() before scripting or tracing, and change no parameter or buffer in forward."},
      {"E0118", "the reading process failed", "Models are read in a process of their own. It could not be started or ended without an answer. Exit code 70."},
      {"E0119", "a model that cannot be read", "The program of the model is not consistent, or its loader refuses it."},
      {"E0120", "input shapes that do not fit the model",
       "--input-shape is one sample as forward takes it, a leading batch dimension of 1 included where the model has one; once an input."},
      {"E0121", "a use of an operator that is not supported", "The operator is known, but not with these arguments. `halfulp ops` shows the limits. Exit code 3."},
      {"E0201", "no such number format", "`halfulp help formats` shows the spelling, `halfulp formats` the names."},
      {"E0202", "format parameters out of range", "Widths go from 1 (2 with a sign) to 128 bits; `halfulp help formats` shows the rest."},
      {"E0203", "no such format modifier", "Modifiers choose rounding, overflow and subnormals: `halfulp help formats`."},
      {"E0204", "a damaged record in rules/formats", "The tables of formats hold [[format]] records with the fields of rules/formats; the place shows the line."},
      {"E0205", "a format wider than a double", "The result holds float64 values, and some values of this format are none."},
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
      {"E0311", "a group format where values come one at a time",
       "Formats such as mx<e4m3,32> share a scale among the values of an array. They suit `weight`, `bias`, `input` and `output`; a "
       "`product` or an `accumulator` needs a format that rounds each value by itself, or none for an exact sum."},
      {"E0401", "an operator without a rule", "Every operator of the model needs a rule; `halfulp ops` lists them. Exit code 3."},
      {"E0402", "an operator whose shapes or attributes do not fit", "The place names the layer and its source line."},
      {"E0411", "a damaged graph from the reading process", "The answer of the reading process is checked like any other input. Exit code 70."},
      {"E0412", "no such layer", "Layer names are those of `halfulp inspect`."},
      {"E0413", "a graph that contradicts itself", "Ids, order, names and shapes are checked before anything uses a graph."},
      {"E0414", "a NaN or infinite constant", "Nothing can be proved of a network with such weights. Train or export it again."},
      {"E0501", "values without a bounded width", "A value that nothing rounds can need any number of bits. Give the layer an `output` format."},
      {"E0502", "a constant without a value in its format", "Its format ends processing at overflow (`error`), and this constant overflows."},
      {"E0503", "inputs that do not fit the network", "The number of inputs and elements must be the model's, and every value finite."},
      {"E0504", "an overflow under the overflow mode `error`", "Choose a format with more range, or saturate or wrap."},
      {"E0505", "a NaN in the simulation", "The operation has no value there (such as the logarithm of a negative number), or its format turned an overflow into NaN."},
      {"E0506", "a power that cannot be simulated", "The exponent is too large for exact evaluation."},
      {"E0507", "a group format along an axis that the array does not have",
       "The modifier axis<K> counts the axes of the array that is rounded: activations have the layer's shape, weights are output "
       "channels x terms of the dot product, biases a vector. Leave the modifier out to share scales along the channels."},
      {"E0601", "an input set that does not fit the network", "One finite interval an element of each input is needed."},
      {"E0602", "a constant that its format turns into no number", "Give the constant a format with more range, or let it saturate."},
      {"E0603", "an empty data set", "At least one sample is needed."},
      {"E0631", "not covered by the export", "Gappa scripts are written for small networks of linear layers, relu-like functions, sums and products, in fixed and float formats."},
      {"E0632", "an export that needs the absence of overflow", "Gappa's formats have no largest value. Give the formats more range, or the inputs less."},
      {"E0621", "no certificate", "The file is no certificate of this schema, or holds a value that is none of its kind. `halfulp analyze --certificate FILE` writes one."},
      {"E0622", "a certificate that was changed", "A certificate holds the hash of its own content. Any change, be it harmless, is refused; write it again."},
      {"E0623", "a certificate whose steps do not fit", "Its bisection, nodes or elements do not fit the network, or a cut lies outside the box that it divides."},
      {"E0624", "no rule in the replay", "Certificates cover fixed and float formats. For others `halfulp check` without --certificate proves the claims anew."},
      {"E0606", "no probable bound", "--probability P takes 0 < P < 1, a box, formats, and a method other than interval."},
      {"E0605", "processes do not understand each other", "All processes under mpirun must be the same build of halfulp."},
      {"E0604", "no such output", "`halfulp inspect --format json` lists the outputs."},
      {"E0701", "a role without a format",
       "Integer hardware needs a format for every role that rounds; the message names layer and role."},
      {"E0702", "something that a back-end cannot express", "The message names the layer and what the back-end lacks."},
      {"E0703", "an output folder that is not empty", "Nothing is mixed with files that are there. Choose another folder, or use --force."},
      {"E0704", "a broken template", "The templates of rules/templates are part of the installation; this one cannot be rendered."},
      {"E0705", "no such back-end", "`halfulp emit -h` lists them."},
      {"E0706", "no C++ identifier", "The name of the top function is used in the emitted code."},
      {"E0711", "an unknown target", "`--target` names one of rules/targets/*.toml, or the path of a file of that form that ends in .toml."},
      {"E0712", "a target file that does not fit", "The message names the file, line and column, and what is allowed there; docs/targets.md has the keys."},
      {"E0801", "no format pattern", "A pattern is a format, or fixed<A..B,*>: widths A to B, the integer bits of each tensor from its proved range."},
      {"E0802", "a requirement and an input set that do not go together",
       "--max-error, --max-relative-error and --no-overflow go with any input set, --certify needs --data, and what is observed needs\n"
       "--data too; an accuracy drop also needs --labels."},
      {"E0803", "a journal of another run", "A journal holds the answers of one model, one input set and one version. Start anew without --resume."},
      {"E0804", "a space too large to enumerate",
       "The exhaustive strategy tries every assignment; the message says how many there are. Fewer formats, roles or more ties make the\n"
       "space smaller; the other strategies take spaces of any size."},
      {"E0805", "a tie or pin that matches nothing", "Layers are matched by their names in `halfulp inspect`, with * and ?; roles are those of `halfulp help schedule`."},
      {"E0806", "no strategy of that name", "`halfulp tune --help` lists the strategies."},
      {"W0108", "an array with NaN or infinity", "They pass as the format can hold them: infinity may saturate, NaN may stay a NaN that the format does not have."},
      {"W0110", "overflow is possible",
       "The interval that encloses the value reaches beyond its format. The printed bounds include what saturation or wrapping can do there.\n"
       "More integer bits or a smaller input set remove it."},
      {"W0111", "a role keeps nothing of its values",
       "Every value of the layer, over the whole input set, rounds to one and the same number: the format's steps are wider than the\n"
       "values. Nothing overflows, and no error is infinite, yet the network's answer no longer depends on its input. Types derived from\n"
       "operand widths alone do this before a softmax. The help names a format of the same width that holds the range."},
      {"W0312", "a schedule for another model", "The SHA-256 recorded in the schedule is another model's. Its claims say nothing about this one."},
  };
  return kExplanations;
}

}  // namespace halfulp::cli
