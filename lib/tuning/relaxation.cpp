#include "relaxation.hpp"

#include <ceres/ceres.h>

#include <algorithm>
#include <cmath>

namespace halfulp {
namespace {

constexpr double kLn2 = 0.69314718055994530942;

// Costs scaled to sum 1, amounts as log2(a_i / budget): every quantity is then of order one.
struct Problem {
  std::vector<double> cost, log_amount;
};

// log2 sum_i 2^(l_i - p_i), and its gradient, shifted by the largest exponent against overflow.
double log_sum(const Problem& problem, const double* p, double* gradient) {
  const std::size_t n = problem.cost.size();
  double top = problem.log_amount[0] - p[0];
  for (std::size_t i = 1; i < n; ++i) top = std::max(top, problem.log_amount[i] - p[i]);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += std::exp2(problem.log_amount[i] - p[i] - top);
  if (gradient) {
    for (std::size_t i = 0; i < n; ++i) gradient[i] = -std::exp2(problem.log_amount[i] - p[i] - top) / sum;
  }
  return top + std::log(sum) / kLn2;
}

// sum c_i p_i + (max(0, m + r g(p))^2 - m^2) / (2 r).
class AugmentedLagrangian final : public ceres::FirstOrderFunction {
 public:
  AugmentedLagrangian(const Problem& problem, const double& multiplier, const double& penalty)
      : problem_(problem), multiplier_(multiplier), penalty_(penalty) {}

  bool Evaluate(const double* p, double* value, double* gradient) const override {
    const double g = log_sum(problem_, p, gradient);
    const double force = std::max(0.0, multiplier_ + penalty_ * g);
    double linear = 0;
    for (std::size_t i = 0; i < problem_.cost.size(); ++i) {
      linear += problem_.cost[i] * p[i];
      if (gradient) gradient[i] = problem_.cost[i] + force * gradient[i];
    }
    *value = linear + (force * force - multiplier_ * multiplier_) / (2 * penalty_);
    return std::isfinite(*value);
  }
  int NumParameters() const override { return static_cast<int>(problem_.cost.size()); }

 private:
  const Problem& problem_;
  const double& multiplier_;
  const double& penalty_;
};

std::vector<double> solve(const Problem& problem) {
  const std::size_t n = problem.cost.size();
  std::vector<double> p(n);
  for (std::size_t i = 0; i < n; ++i) p[i] = problem.log_amount[i] + std::log2(static_cast<double>(n));
  double multiplier = 1, penalty = 1;
  ceres::GradientProblem lagrangian(new AugmentedLagrangian(problem, multiplier, penalty));
  ceres::GradientProblemSolver::Options options;
  options.max_num_iterations = 200;
  options.function_tolerance = 1e-12;
  options.gradient_tolerance = 1e-9;
  options.logging_type = ceres::SILENT;
  for (int round = 0; round < 30; ++round) {
    ceres::GradientProblemSolver::Summary summary;
    ceres::Solve(options, lagrangian, p.data(), &summary);
    const double g = log_sum(problem, p.data(), nullptr);
    multiplier = std::max(0.0, multiplier + penalty * g);
    if (std::fabs(g) < 1e-6 && round > 1) break;
    penalty = std::min(penalty * 2, 64.0);
  }
  return p;
}

Problem problem_of(const std::vector<RelaxedVariable>& variables, const std::vector<std::size_t>& open, double budget) {
  Problem problem;
  double total = 0;
  for (const std::size_t i : open) total += variables[i].cost;
  for (const std::size_t i : open) {
    problem.cost.push_back(variables[i].cost / total);
    problem.log_amount.push_back(std::log2(variables[i].amount / budget));
  }
  return problem;
}

}  // namespace

std::vector<double> relax(const std::vector<RelaxedVariable>& variables, double budget) {
  std::vector<double> precision(variables.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    precision[i] = variables[i].amount > 0 ? variables[i].high : variables[i].low;
    if (variables[i].amount > 0) open.push_back(i);
  }
  while (!open.empty() && budget > 0) {
    const std::vector<double> solution = solve(problem_of(variables, open, budget));
    std::vector<std::size_t> inside;
    for (std::size_t k = 0; k < open.size(); ++k) {
      const RelaxedVariable& variable = variables[open[k]];
      precision[open[k]] = std::clamp(solution[k], variable.low, variable.high);
      if (solution[k] > variable.low && solution[k] < variable.high) inside.push_back(open[k]);
    }
    if (inside.size() == open.size()) return precision;
    for (const std::size_t i : open) {
      if (std::find(inside.begin(), inside.end(), i) == inside.end()) budget -= variables[i].amount * std::exp2(-precision[i]);
    }
    open = std::move(inside);
  }
  for (const std::size_t i : open) precision[i] = variables[i].high;
  return precision;
}

}  // namespace halfulp
