// The result of a search as a schedule, as JSON (schema halfulp.tune/1) and as text.
#pragma once

#include "analysis_report.hpp"
#include "halfulp/tuning/tuning.hpp"

namespace halfulp::cli {

Schedule tuned_schedule(const Context& context, const Model& model, const InputSet& set, Requirement requirement, const TuneResult& result);
Json tune_json(const Context& context, const Model& model, const InputSet& set, const Schedule& schedule, const TuneResult& result);
// The front of cost against error (schema halfulp.front/1), cheapest first.
struct FrontRow {
  Schedule schedule;
  TuneResult result;
  std::string path;
};
// What the point keeps, as a requirement of its own: its proved bound.
Requirement at_reached_bound(Requirement requirement, const TuneResult& result);
Json front_json(const Context& context, const Model& model, const InputSet& set, const std::vector<FrontRow>& rows);
std::string front_text(const std::vector<FrontRow>& rows);
std::string tune_text(const Model& model, const Schedule& schedule, const TuneResult& result);

}  // namespace halfulp::cli
