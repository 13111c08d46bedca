#include "format_tables.hpp"

#include <fmt/format.h>

#include <iterator>

#include "halfulp/formats/dissect.hpp"

namespace halfulp::cli {
namespace {

// What other tools offer, as read in their sources and packages in November 2026. "-" = not found.
struct Peers {
  const char* what;  // the start of the spelling
  const char* also_in;
};

constexpr Peers kFamilyPeers[] = {
    {"fixed<W,I>", "QPyTorch, mptorch, pychop, APyTypes, fxpmath, ac_types, ap types, universal (fixed widths or shorter)"},
    {"float<E,P>", "QPyTorch, mptorch, CPFloat, gfloat, pychop, APyTypes, FloatX, universal; ml_dtypes, brevitas, microxcaling: some records"},
    {"e8m0", "gfloat, ml_dtypes, universal: e8m0; gfloat: binary8p1"},
    {"posit", "softposit (es 0 to 2), qtorch-plus, universal"},
    {"takum", "universal"},
    {"lns", "universal"},
    {"dw", "universal (of double)"},
    {"int<W>", "brevitas, pychop; ml_dtypes and gfloat: codes without scale"},
    {"dynamic-fixed", "the code of the MuPPET paper"},
    {"bfp", "QPyTorch and mptorch (a whole slice), pychop, universal"},
    {"mx", "microxcaling, gfloat, pychop, brevitas, universal; one or two scale rules each"},
    {"nvfp4", "universal"},
};

struct Mode {
  const char* spelling;
  const char* meaning;
  const char* also_in;
};

constexpr Mode kRoundings[] = {
    {"nearest-even", "nearest, ties to the even code", "all but QPyTorch (ties away)"},
    {"nearest-away", "nearest, ties away from zero", "CPFloat, gfloat, pychop, APyTypes, ac_types, ap types, QPyTorch, microxcaling"},
    {"nearest-zero", "nearest, ties toward zero", "CPFloat, pychop, APyTypes, ac_types, ap types"},
    {"toward-zero", "truncation of the magnitude", "CPFloat, gfloat, pychop, APyTypes, mptorch, fxpmath, brevitas, ac_types, ap types"},
    {"up", "toward +infinity", "CPFloat, gfloat, pychop, APyTypes, fxpmath, brevitas"},
    {"down", "toward -infinity", "CPFloat, gfloat, pychop, APyTypes, fxpmath, brevitas, ac_types, ap types"},
    {"odd", "inexact numbers to the odd code", "CPFloat, pychop, APyTypes"},
    {"stochastic<k>", "up with the probability of the fraction, k = 1..32 random bits",
     "gfloat, mptorch (k bits); CPFloat, pychop, APyTypes, QPyTorch, brevitas (one width)"},
};

constexpr Mode kOthers[] = {
    {"saturate", "the largest number of the sign (default)", "most"},
    {"saturate-symmetric", "fixed: -max instead of the lowest number", "ac_types, ap types, QPyTorch"},
    {"infinity", "infinity or NaN, by the rounding mode (IEEE 754, 7.4)", "CPFloat, gfloat, ml_dtypes, APyTypes"},
    {"wrap", "fixed: modulo 2^W", "APyTypes, fxpmath, ac_types, ap types"},
    {"error", "NaN, reported", "-"},
    {"gradual", "subnormal numbers where the format has them (default)", "most"},
    {"flush", "results below the smallest normal number become zero", "CPFloat, mptorch, pychop"},
    {"scale-floor", "blocks: the rule of OCP MX 1.0 (default)", "microxcaling, gfloat, pychop, brevitas"},
    {"scale-ceil", "blocks: exponent of the largest magnitude rounded up", "-"},
    {"scale-nearest", "blocks: largest magnitude over largest element, to the nearest power of two", "ml_dtypes (as a cast)"},
    {"scale-even", "blocks: exponent of the largest magnitude rounded to the element's precision", "-"},
    {"scale-saturation-free", "blocks: the least scale at which nothing saturates", "-"},
    {"symmetric asymmetric", "int<W>: without or with a zero point", "brevitas"},
    {"axis<K>", "blocks and channels along axis K", "QPyTorch, microxcaling"},
};

const char* peers_of(const std::string& spelling) {
  for (const Peers& row : kFamilyPeers) {
    if (spelling.starts_with(row.what)) return row.also_in;
  }
  return "-";
}

// Markdown would read <W> as a tag.
std::string code(const std::string& words) {
  std::string text;
  std::size_t start = 0;
  while (start < words.size()) {
    std::size_t end = words.find(' ', start);
    if (end == std::string::npos) end = words.size();
    text += fmt::format("{}`{}`", text.empty() ? "" : " ", words.substr(start, end - start));
    start = end + 1;
  }
  return text;
}

template <std::size_t size>
void add_modes(std::string& text, const Mode (&modes)[size]) {
  for (const Mode& mode : modes) {
    fmt::format_to(std::back_inserter(text), "| {} | {} | {} |\n", code(mode.spelling), mode.meaning, mode.also_in);
  }
}

}  // namespace

std::string format_tables_markdown() {
  std::string text = "| spelling | numbers | modifiers beside the rounding mode | also in |\n|---|---|---|---|\n";
  for (const FamilyFacts& family : family_facts()) {
    fmt::format_to(std::back_inserter(text), "| {} | {} | {} | {} |\n", code(family.spelling), family.values, code(family.modifiers),
                   peers_of(family.spelling));
  }
  text += "\n| rounding | meaning | also in |\n|---|---|---|\n";
  add_modes(text, kRoundings);
  text += "\n| modifier | meaning | also in |\n|---|---|---|\n";
  add_modes(text, kOthers);
  return text;
}

}  // namespace halfulp::cli
