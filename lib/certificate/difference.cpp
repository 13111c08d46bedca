#include <algorithm>
#include <array>
#include <cmath>

#include "linear.hpp"
#include "proof.hpp"

namespace halfulp::certificate {
namespace {

M as_m(const Interval& x) { return {x.lo, x.hi}; }

class Difference {
 public:
  Difference(const Network& network, Proof& proof, const ProofSteps& steps, NodeId id)
      : network_(network), proof_(proof), steps_(steps), id_(id), node_(network[id]), formats_((*network.formats)[static_cast<std::size_t>(id)]),
        own_(proof[static_cast<std::size_t>(id)]) {}

  void run() {
    own_.inner.assign(static_cast<std::size_t>(node_.size), M(0.0));
    own_.rounding = own_.inner;
    own_.overflow = network_.weights(id_).overflow || network_.biases(id_).overflow;
    std::visit(*this, node_.form);  // before_, slopes, inner perturbations, grid
    exact_ = std::holds_alternative<SourceForm>(node_.form) ? own_.real : node_values(network_, proof_, id_, true);
    for (std::size_t i = 0; i < exact_.size(); ++i) exact_[i] += sum_error(i);
    for (const std::int64_t i : listed(steps_.tighten_error, id_)) {
      std::vector<M> unit(exact_.size(), M(0.0));
      unit[static_cast<std::size_t>(i)] = M(1.0);
      M& before = before_[static_cast<std::size_t>(i)];
      before = intersect(before, difference(network_, proof_, id_, std::move(unit), true));
    }
    finish();
  }

  void operator()(const SourceForm& form) {
    before_.assign(own_.real.size(), M(0.0));
    own_.grid.lsb = Grid::kZero;
    for (const M& x : own_.real) own_.grid.lsb = is_point(x) && own_.grid.lsb != Grid::kUnknown ? std::min(own_.grid.lsb, lsb_of(lower(x))) : Grid::kUnknown;
    if (!form.is_constant) rounding_ = formats_.input;
  }

  void operator()(const GatherForm& form) {
    std::vector<M> flat;
    own_.grid = operand(0).grid;
    for (const NodeId id : node_.operands) {
      const NodeProof& x = at(proof_, id);
      flat.insert(flat.end(), x.error.begin(), x.error.end());
      own_.grid.lsb = std::min(own_.grid.lsb, x.grid.lsb);
      if (!(own_.grid.held == x.grid.held)) own_.grid.held.reset();
    }
    for (const std::int32_t source : form.source) {
      before_.push_back(source < 0 ? M(0.0) : flat[static_cast<std::size_t>(source)]);
      if (source >= 0) continue;
      own_.grid.lsb = std::min(own_.grid.lsb, lsb_of(form.fill));
      if (form.fill != 0) own_.grid.held.reset();
    }
    rounding_ = formats_.output;
  }

  void operator()(const LinearForm& form) {
    const Constants& w = network_.weights(id_);
    const Constants& b = network_.biases(id_);
    const NodeProof& x = operand(0);
    before_ = apply(form.map, w.real, {}, x.error);
    const std::vector<M> residual = apply(form.map, w.residual, b.residual, x.deployed);
    for (std::size_t i = 0; i < before_.size(); ++i) before_[i] += residual[i];
    product_lsb_ = lsb_product(w.lsb, x.grid.lsb);
    if (form.map.divisor.empty() && product_lsb_ != Grid::kUnknown) own_.grid.lsb = std::min(product_lsb_, b.lsb);
    rounding_ = formats_.output;
    if (formats_.product || formats_.accumulator) linear_sums(form.map, w, b, x);
  }

  void operator()(const UnaryForm& form) {
    const NodeProof& x = operand(0);
    const Constants& leaks = network_.weights(id_);
    for (std::size_t i = 0; i < x.real.size(); ++i) {
      const std::size_t leak = form.slope.size() == 1 ? 0 : i;
      const M slope = chords(form, form.slope.empty() ? 0.0 : form.slope[leak], x.real[i], x.deployed[i]);
      before_.push_back(slope * x.error[i]);
      own_.slope.push_back(slope);
      if (const double* multiplier = multiplier_of(i)) {
        own_.slope.back() = M(*multiplier);
        own_.inner[i] = (slope - M(*multiplier)) * x.error[i];
      }
      if (!form.slope.empty()) add_inner(i, leaks.residual[leak] * min(x.deployed[i], M(0.0)));
    }
    own_.grid = unary_grid(form, x.grid);
    rounding_ = formats_.output;
  }

  void operator()(const BinaryForm& form) {
    const Constants& constant = network_.operand(id_);
    const auto part = [&](std::size_t o, bool is_constant, std::size_t e) -> std::array<M, 3> {
      if (is_constant) return {constant.real[e], constant.deployed[e], constant.residual[e]};
      return {operand(o).real[e], operand(o).deployed[e], operand(o).error[e]};
    };
    for (std::size_t i = 0; i < form.left.size(); ++i) {
      const auto a = part(0, form.left_is_constant, static_cast<std::size_t>(form.left[i]));
      const auto b = part(1, form.right_is_constant, static_cast<std::size_t>(form.right[i]));
      M left(1.0), right(form.kind == BinaryKind::kSubtract ? -1.0 : 1.0);
      if (form.kind == BinaryKind::kMultiply) {
        left = b[1];
        right = a[0];
      } else if (form.kind == BinaryKind::kDivide) {
        left = M(1.0) / b[1];
        right = -(a[0] / b[0]) / b[1];
      }
      before_.push_back(M(0.0));
      form.left_is_constant ? add_inner(i, left * a[2]) : add_before(i, left * a[2]);
      form.right_is_constant ? add_inner(i, right * b[2]) : add_before(i, right * b[2]);
      own_.slope.push_back(left);
      own_.slope_right.push_back(right);
    }
    const int a = form.left_is_constant ? constant.lsb : operand(0).grid.lsb;
    const int b = form.right_is_constant ? constant.lsb : operand(1).grid.lsb;
    if (form.kind == BinaryKind::kMultiply) own_.grid.lsb = lsb_product(a, b);
    else if (form.kind != BinaryKind::kDivide && a != Grid::kUnknown && b != Grid::kUnknown) own_.grid.lsb = std::min(a, b);
    rounding_ = formats_.output;
  }

  // Where several operands can be the maximum, the difference lies in the hull of theirs: |max a^ - max a| is one of |a^_j - a_j|.
  void operator()(const MaxForm& form) {
    const NodeProof& x = operand(0);
    for (std::size_t i = 0; i + 1 < form.first.size(); ++i) {
      double floor = -HUGE_VAL;
      for_members(form, i, [&](std::size_t m) { floor = std::max(floor, std::min(lower(x.real[m]), lower(x.deployed[m]))); });
      std::vector<std::size_t> candidates;
      for_members(form, i, [&](std::size_t m) {
        if (std::max(upper(x.real[m]), upper(x.deployed[m])) >= floor) candidates.push_back(m);
      });
      M error = x.error[candidates[0]];
      for (const std::size_t m : candidates) error = hull(error, x.error[m]);
      own_.chosen.push_back(candidates.size() == 1 ? static_cast<std::int32_t>(candidates[0]) : -1);
      before_.push_back(error);
      if (candidates.size() > 1) own_.inner[i] = error;
    }
    own_.grid = x.grid;
    rounding_ = formats_.output;
  }

  void operator()(const SoftmaxForm& form) {
    const NodeProof& x = operand(0);
    Proof both(proof_.size());
    for (std::size_t i = 0; i < x.real.size(); ++i) {
      both[static_cast<std::size_t>(node_.operands[0])].real.push_back(hull(x.real[i], x.deployed[i]));
    }
    own_.slope = node_values(network_, both, id_, false);
    before_.assign(x.real.size(), M(0.0));
    const auto length = static_cast<std::size_t>(form.length);
    for (std::size_t start = 0; start < form.members.size(); start += length) {
      for (std::size_t i = start; i < start + length; ++i) {
        const auto mine = static_cast<std::size_t>(form.members[i]);
        M sum(0.0);
        for (std::size_t j = start; j < start + length; ++j) {
          const auto other = static_cast<std::size_t>(form.members[j]);
          if (j != i) sum += own_.slope[other] * (x.error[mine] - x.error[other]);
        }
        before_[mine] = own_.slope[mine] * sum;
      }
    }
    rounding_ = formats_.output;
  }

  void operator()(const DotForm& form) {
    const NodeProof& a = operand(0);
    const NodeProof& b = operand(1);
    product_lsb_ = lsb_product(a.grid.lsb, b.grid.lsb);
    own_.grid.lsb = product_lsb_;
    for (std::int64_t i = 0; i < node_.size; ++i) {
      const std::int64_t batch = i / (form.rows * form.columns);
      const auto left = static_cast<std::size_t>((batch * form.rows + i / form.columns % form.rows) * form.depth);
      const auto right = static_cast<std::size_t>((batch * form.columns + i % form.columns) * form.depth);
      M error(0.0);
      SumTerms terms{.products = {}, .bias = Interval(0), .product_lsb = product_lsb_};
      for (std::size_t k = 0; k < static_cast<std::size_t>(form.depth); ++k) {
        const auto l = static_cast<std::size_t>(form.left[left + k]), r = static_cast<std::size_t>(form.right[right + k]);
        error += b.deployed[r] * a.error[l] + a.real[l] * b.error[r];
        terms.products.push_back(to_double(a.deployed[l] * b.deployed[r]));
      }
      before_.push_back(error);
      if (formats_.product || formats_.accumulator) add_sum(static_cast<std::size_t>(i), rounded_sum(formats_, std::move(terms)), 1);
    }
    rounding_ = formats_.output;
  }

 private:
  const NodeProof& operand(std::size_t index) const { return at(proof_, node_.operands[index]); }

  template <typename Visit>
  static void for_members(const MaxForm& form, std::size_t i, Visit&& visit) {
    for (std::int32_t j = form.first[i]; j < form.first[i + 1]; ++j) visit(static_cast<std::size_t>(form.members[static_cast<std::size_t>(j)]));
  }

  const double* multiplier_of(std::size_t i) const {
    const auto node = steps_.multipliers.find(id_);
    if (node == steps_.multipliers.end()) return nullptr;
    const auto found = node->second.find(static_cast<std::int64_t>(i));
    return found == node->second.end() ? nullptr : &found->second;
  }

  void add_before(std::size_t i, const M& amount) { before_[i] += amount; }

  // A perturbation of the node itself, which its operands' differences do not contain.
  void add_inner(std::size_t i, const M& amount) {
    own_.inner[i] += amount;
    before_[i] += amount;
  }

  void linear_sums(const LinearMap& map, const Constants& w, const Constants& b, const NodeProof& x) {
    for (std::int64_t g = 0; g < map.groups; ++g) {
      for (std::int64_t m = 0; m < map.channels; ++m) {
        const auto channel = static_cast<std::size_t>(g * map.channels + m);
        for (std::int64_t p = 0; p < map.positions; ++p) {
          SumTerms terms{.products = {}, .bias = b.real.empty() ? Interval(0) : to_double(b.deployed[channel]), .product_lsb = product_lsb_, .bias_lsb = b.lsb};
          for (std::int64_t k = 0; k < map.depth; ++k) {
            const std::int64_t input = map.input_of(g, k, p);
            if (input < 0) continue;
            terms.products.push_back(to_double(w.deployed[channel * static_cast<std::size_t>(map.depth) + static_cast<std::size_t>(k)] *
                                               x.deployed[static_cast<std::size_t>(input)]));
          }
          add_sum(static_cast<std::size_t>(map.output_of(g, m, p)), rounded_sum(formats_, std::move(terms)), map.divisor_of(p));
        }
      }
    }
    if (!map.divisor.empty()) own_.grid.lsb = Grid::kUnknown;
  }

  void add_sum(std::size_t i, const SumErrors& sum, std::uint32_t divisor) {
    const M error = as_m(sum.error) / M(static_cast<double>(divisor));
    sum_error_.resize(own_.inner.size(), M(0.0));
    sum_error_[i] = error;
    add_inner(i, error);
    own_.grid.lsb = sums_seen_++ == 0 ? sum.lsb : std::min(own_.grid.lsb, sum.lsb);
    own_.overflow = own_.overflow || sum.overflow;
  }

  M sum_error(std::size_t i) const { return sum_error_.empty() ? M(0.0) : sum_error_[i]; }

  static Grid unary_grid(const UnaryForm& form, const Grid& x) {
    switch (form.kind) {
      case UnaryKind::kRelu: return x;
      case UnaryKind::kNeg:
      case UnaryKind::kAbs: return {x.lsb, x.held && x.held->family == FormatFamily::kFloat ? x.held : std::nullopt};
      case UnaryKind::kHardtanh:
        if (x.lsb == Grid::kUnknown) return {};
        return {std::min({x.lsb, lsb_of(form.low), lsb_of(form.high)}), std::nullopt};
      default: return {};
    }
  }

  void finish() {
    bool overflow = false;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      const M both = intersect(own_.real[i] + before_[i], exact_[i]);
      const M error = intersect(before_[i], both - own_.real[i]);
      if (!rounding_) {
        own_.deployed.push_back(both);
        own_.error.push_back(error);
        continue;
      }
      const Rounded rounded = round_range(*rounding_, to_double(both), own_.grid);
      overflow = overflow || rounded.overflow;
      own_.rounding[i] = as_m(rounded.error);
      own_.error.push_back(error + own_.rounding[i]);
      own_.deployed.push_back(intersect(both + own_.rounding[i], as_m(rounded.after)));
    }
    if (rounding_) own_.grid = grid_after(*rounding_, own_.grid, overflow);
    own_.overflow = own_.overflow || overflow;
  }

  const Network& network_;
  Proof& proof_;
  const ProofSteps& steps_;
  NodeId id_;
  const LoweredNode& node_;
  const NodeFormats& formats_;
  NodeProof& own_;
  std::optional<Format> rounding_;
  std::vector<M> before_, exact_, sum_error_;
  int product_lsb_ = Grid::kUnknown, sums_seen_ = 0;
};

}  // namespace

void fill_difference(const Network& network, Proof& proof, const ProofSteps& steps, NodeId id) {
  Difference(network, proof, steps, id).run();
}

}  // namespace halfulp::certificate
