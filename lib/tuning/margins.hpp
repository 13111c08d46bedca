// How near a data set is to a share of samples that must keep their class: a number to steer by, where met or not met is only a bit.
//
// Each sample uses some share of its smallest class margin; it keeps its class below 1. If m samples may fail, the (m+1)-th largest use
// is what must come below 1.
#pragma once

#include "evaluation.hpp"

namespace halfulp {

struct ShareOfSamples {
  double share = 1;
  std::size_t total = 0;             // samples of the data set
  std::size_t kept_elsewhere = 0;    // of those that are not in the evaluation; the rest of these count as failed
};

// The (m+1)-th largest use, `uses` being those of the samples in the evaluation.
double decisive_use(const ShareOfSamples& of, std::vector<double> uses);
// `margin_use` as that of all samples in the evaluation, and the contributions in proportion.
void scale_margins(const ShareOfSamples& of, Evaluation& evaluation);
// Fills `margin_use` and `margin_contributions` from the samples' own, the mean over some around the decisive one, and drops those.
void take_margins(const ShareOfSamples& of, Evaluation& evaluation);

}  // namespace halfulp
