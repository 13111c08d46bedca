#include "help.hpp"

namespace halfulp::cli {

const std::vector<Topic>& topics() {
  static const std::vector<Topic> kTopics = {
      {"formats", "how number formats are spelled",
       R"(fixed<W,I>   ufixed<W,I>     W bits, I of them integer bits, the sign included (as ap_fixed counts)
float<E,P>                   E exponent bits, P stored significand bits, IEEE-like
posit<N,ES>  takum<N>        tapered precision          lns<W,I>   logarithmic
dw<FLOAT>                    sum of two numbers of a float format
names                        fp64 fp32 tf32 fp16 bf16 e4m3 e5m2 ...   (halfulp formats lists them)
Values that share a scale:
int<W>   uint<W>             integers, a float32 scale a tensor, or a channel: int<8>@channel
dynamic-fixed<W>             integers, a power of two a tensor
bfp<M,B>   mx<ELEM,B>        M-bit significands, or OCP elements, B of them to a power of two
nvfp4                        e2m1 elements, 16 to a scale
docs/formats.md says exactly what each holds.

Modifiers follow after a colon, in any number:
  rounding   nearest-even (default)  nearest-away  nearest-zero  toward-zero  up  down  odd  stochastic<k>
  overflow   saturate (default)  infinity  wrap  saturate-symmetric  error
  subnormals gradual (default)  flush
  groups     scale-floor (default)  scale-ceil  scale-nearest  scale-even  scale-saturation-free   (bfp, mx)
             symmetric  asymmetric   (int)      axis<K>   (blocks and channels)
Examples: fixed<8,3>:stochastic<8>:wrap    e5m2:toward-zero:flush    mx<e4m3,32>:scale-ceil
)"},
      {"data", "the files of --data and --labels",
       R"(Samples lie along axis 0; extents of 1 may be left out of a sample's shape. A file's content says what it is:
  NPY        numpy.save: booleans, integers, float16, float32, float64
  NPZ        numpy.savez and savez_compressed; FILE.npz:NAME names one of several arrays
  IDX        the files of MNIST, also as they come, gzipped
  CSV        a sample a row: decimals between commas, semicolons, tabs or blanks; a first row without numbers is a heading,
             lines that start with # are skipped; one column gives numbers without further axes, as labels are
  .pt .pth   one tensor of torch.save(tensor, FILE); nothing of the file is run
Values are taken as they are: scale them to what the network was trained on. Labels are class numbers from 0.
)"},
      {"schedule", "the precision schedule file",
       R"(A TOML file, schema = "halfulp.schedule/1":
  [provenance]   what wrote it: tool, command, seed, SHA-256 of model, data and rules
  [requirement]  what was asked: max_error, output_errors, max_relative_error, certify_share, no_overflow (proved);
                 max_accuracy_drop, max_observed_error, mean_observed_error (observed); input_set
  [result]       what is claimed: status (proved, observed, assumed, unmet), error_bound, relative_error, argmax_share,
                 observed, cost
  [defaults]     formats of nodes without a block of their own
  [[layer]]      name, and the format of each role:
                   input        of a network input, rounded on entry
                   weight bias  of constants, rounded once
                   product      of each product of a dot product (absent: exact)
                   accumulator  of each partial sum (absent: exact)
                   output       of the finished value
                   order        sequential, blocked<k> or tree: order of the additions
An absent role is exact. Edit the file freely: its content hash then no longer matches, and its claims read as `assumed`
until `halfulp check` proves them again.
)"},
      {"exit-codes", "what the exit code says",
       R"(  0    done, requirement met
  1    done, and the answer is no: not proved, check failed, files differ
  2    wrong usage, or unreadable input
  3    the model uses an operator without a rule
  4    the budget ran out; the best so far is written
  70   internal error
  130  interrupted
)"},
      {"certificates", "what the tool proves, and what the words mean",
       R"(For every input of the set (--input, --box, or --data with --radius), with all roundings of the schedule:
  range      encloses every value that the real network takes at a node; deployed range: the same of the rounded network
  error      |deployed - real| is never larger
  overflow   a place where a value may leave its format; none listed means none is possible
  argmax     the deployed class provably equals the real one
proved    by interval arithmetic with outward rounding; printed bounds are rounded outward
observed  seen in simulation or sampling: a lower bound of the worst case, not a proof
assumed   stated by the user, or an edited file
)"},
  };
  return kTopics;
}

}  // namespace halfulp::cli
