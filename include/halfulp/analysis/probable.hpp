// A bound that holds with a stated probability over the random bits of stochastic rounding, marked apart from what is proved for all bits.
//
// Stochastic<k> rounding of x between neighbours d <= x <= u of the format errs by e in [d - x, u - x], and its mean, given everything
// before, lies in [-2^-k (u - d), 0]: but for that bias, errors are martingale differences in the order of execution (Connolly, Higham,
// Mary, Stochastic rounding and its probabilistic backward error analysis, SIAM J. Sci. Comput. 2021). The analysis unrolls a functional
// of the differences to sum over k of G_k rho_k (analysis.hpp). Where G_k does not depend on random bits (every slope between the
// rounding and the target is one number: linear layers, decided ReLUs, slopes replaced by one number with their rest bounded for all
// bits), Azuma-Hoeffding with ranges of length g_k gives, with probability at least 1 - p,
//
//   |sum G_k rho_k| <= W + sqrt(ln(2 / p) / 2 * sum (|G_k| g_k)^2),
//
// W the worst case of everything else: biases, other roundings, residuals, rests of slopes, roundings that may overflow, formats of
// other families than fixed and float, and nodes before a slope that is no number (softmax, products of two computed values).
//
// Assumed: the random bits of the roundings are independent and uniform, and the inputs do not depend on them. (The simulator's
// counter-based generator is taken for such bits.)
#pragma once

#include <vector>

#include "halfulp/analysis/analysis.hpp"

namespace halfulp {

struct ProbableAnalysis {
  double failure = 0;                        // all bounds below hold together with probability at least 1 - failure
  std::vector<std::vector<double>> error;    // by graph output and element: |deployed - real|, never above the proved bound
  double max_error = 0;
  BoxAnalysis proved;                        // for all random bits; the box is not bisected
};

// For one input of the box that does not depend on the random bits. Every element of every output gets an equal share of `failure`.
// Errors: those of analyze_box; E0606 `failure` not in (0, 1), or the method without adjoint passes.
Result<ProbableAnalysis> analyze_probable(const LoweredGraph& graph, const FormatAssignment& formats, const InputBox& box, double failure,
                                          const AnalyzeOptions& options = {});

}  // namespace halfulp
