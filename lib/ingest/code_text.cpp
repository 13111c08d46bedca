#include "code_text.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace halfulp {
namespace {

struct Token {
  std::string_view text;  // an identifier, one other character, or empty: the end of a logical line
  std::size_t line = 1;
  std::size_t indent = 0; // of the logical line it stands in
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Position behind the string literal that starts at `at`.
std::size_t after_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (text[i] == quote || text[i] == '\n') return i + 1;
  }
  return text.size();
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t line = 1, line_start = 0, indent = 0;
  int depth = 0;
  bool at_line_start = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\n') {
      if (depth == 0) tokens.push_back({{}, line, indent});
      at_line_start = at_line_start || depth == 0;
      line_start = ++at;
      ++line;
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\r') { ++at; continue; }
    if (c == '#') { at = std::min(text.find('\n', at), text.size()); continue; }
    if (at_line_start) { indent = at - line_start; at_line_start = false; }
    std::size_t end = at + 1;
    if (c == '"' || c == '\'') end = after_string(text, at);
    else if (is_word(c)) while (end < text.size() && is_word(text[end])) ++end;
    depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
    if (c != '"' && c != '\'') tokens.push_back({text.substr(at, end - at), line, indent});
    at = end;
  }
  return tokens;
}

bool is_call(const std::vector<Token>& tokens, std::size_t at) {
  const std::string_view word = tokens[at].text;
  if (word.empty() || !is_word(word[0]) || at + 1 >= tokens.size() || tokens[at + 1].text != "(") return false;
  return word != "annotate" && word != "float" && word != "int" && word != "def";
}

Result<void> runs_code(const Token& token, const std::string& name, const std::string& what) {
  return fail("E0114", "the model runs code while it is loaded: " + what, name + ":" + std::to_string(token.line), {},
              ExitCode::kUsage);
}

// tokens[at] is `def`: refuses calls in the parameter list, where only default values could hold them.
Result<void> check_header(const std::vector<Token>& tokens, std::size_t at, const std::string& name) {
  int depth = 0;
  for (std::size_t i = at + 2; i < tokens.size(); ++i) {
    if (depth > 0 && is_call(tokens, i)) return runs_code(tokens[i], name, "a default value calls '" + std::string(tokens[i].text) + "'");
    depth += (tokens[i].text == "(") - (tokens[i].text == ")");
    if (depth == 0 && tokens[i].text == ")") return {};
  }
  return {};
}

// tokens[at] starts a statement of a class body.
Result<void> check_attribute(const std::vector<Token>& tokens, std::size_t at, const std::string& name) {
  for (std::size_t i = at; i < tokens.size() && !tokens[i].text.empty(); ++i) {
    if (is_call(tokens, i)) return runs_code(tokens[i], name, "a class attribute calls '" + std::string(tokens[i].text) + "'");
  }
  return {};
}

}  // namespace

Result<void> check_code(std::string_view text, const std::string& name) {
  const std::vector<Token> tokens = tokens_of(text);
  bool in_class = false, starts_line = true;
  std::size_t body_indent = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.text == "__setstate__") return runs_code(token, name, "it has a __setstate__ method");
    if (token.text == "Interface" || token.text == "classes") {
      return fail("E0114", "the model uses interfaces or custom classes, which are not supported", name + ":" + std::to_string(token.line));
    }
    const bool is_start = starts_line && !token.text.empty();
    starts_line = token.text.empty();
    if (token.text == "def") {
      if (auto checked = check_header(tokens, i, name); !checked) return checked;
    }
    if (!is_start) continue;
    if (token.indent == 0) {
      in_class = token.text == "class";
      body_indent = 0;
      continue;
    }
    if (body_indent == 0) body_indent = token.indent;
    if (in_class && token.indent <= body_indent && token.text != "def") {
      if (auto checked = check_attribute(tokens, i, name); !checked) return checked;
    }
  }
  return {};
}

}  // namespace halfulp
