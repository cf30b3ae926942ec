#include "ptx/lexer.hpp"

#include <bit>
#include <cctype>
#include <cstdlib>
#include <string>

#include "ptx/syntax.hpp"

namespace emulator::ptx {
namespace {

bool startsWord(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%'; }
bool inName(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$'; }
bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (skipSpace()) {
      one();
    }
    tokens_.push_back({Token::Kind::kEnd, "end of text", 0, 0, line_});
    return std::move(tokens_);
  }

 private:
  char at(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  bool skipSpace() {
    while (at_ < text_.size()) {
      if (at() == '\n') {
        line_++;
        at_++;
      } else if (at() == '\0' || std::isspace(static_cast<unsigned char>(at()))) {
        at_++;  // NVRTC's text ends with a zero byte
      } else if (at() == '/' && at(1) == '/') {
        skipLine();
      } else if (at() == '/' && at(1) == '*') {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) {
          refuse(line_, "a comment does not end");
        }
        for (; at_ < end + 2; at_++) {
          line_ += at() == '\n' ? 1 : 0;
        }
      } else {
        return true;
      }
    }
    return false;
  }

  void skipLine() {
    while (at_ < text_.size() && at() != '\n') {
      at_++;
    }
  }

  void push(Token::Kind kind, std::size_t from, std::uint64_t bits = 0, int width = 0) {
    tokens_.push_back({kind, text_.substr(from, at_ - from), bits, width, line_});
  }

  void one() {
    const std::size_t from = at_;
    const char c = at();
    if (startsWord(c)) {
      at_++;
      while (inName(at()) || ((at() == '.' || at() == ':') && continuesWord())) {
        at_++;
      }
      push(Token::Kind::kWord, from);
    } else if (c == '.' && startsWord(at(1))) {
      at_++;
      while (inName(at())) {
        at_++;
      }
      if (const std::string_view word = text_.substr(from, at_ - from); word == ".loc" || word == ".file") {
        skipLine();
      } else {
        push(Token::Kind::kDirective, from);
      }
    } else if (isDigit(c)) {
      number(from);
    } else if (c == '"') {
      for (at_++; at_ < text_.size() && at() != '"'; at_++) {
        line_ += at() == '\n' ? 1 : 0;
      }
      at_++;
      push(Token::Kind::kString, from);
    } else {
      at_++;
      push(Token::Kind::kSymbol, from);
    }
  }

  // "a.b" and "a::b" go on; the colon of a label does not.
  bool continuesWord() {
    if (at() == '.') {
      return inName(at(1));
    }
    if (at(1) == ':' && inName(at(2))) {
      at_++;
      return true;
    }
    return false;
  }

  void number(std::size_t from) {
    if (at() == '0' && (at(1) == 'f' || at(1) == 'F' || at(1) == 'd' || at(1) == 'D')) {
      const int width = at(1) == 'f' || at(1) == 'F' ? 4 : 8;
      at_ += 2;
      const std::uint64_t bits = digits(16);
      if (at_ - from != static_cast<std::size_t>(2 + 2 * width)) {
        refuse(line_, "a hexadecimal real needs " + std::to_string(2 * width) + " digits: " +
                          std::string(text_.substr(from, at_ - from)));
      }
      push(Token::Kind::kReal, from, bits, width);
      return;
    }
    std::size_t end = at_;
    while (end < text_.size() && isDigit(text_[end])) {
      end++;
    }
    const char after = end < text_.size() ? text_[end] : '\0';
    if (after == '.' || ((after == 'e' || after == 'E') && at(1) != 'x')) {
      const std::string copy(text_.substr(from, 64));
      char* stop = nullptr;
      const double value = std::strtod(copy.c_str(), &stop);
      at_ += static_cast<std::size_t>(stop - copy.c_str());
      push(Token::Kind::kReal, from, std::bit_cast<std::uint64_t>(value), 8);
      return;
    }
    std::uint64_t bits = 0;
    if (at() == '0' && (at(1) == 'x' || at(1) == 'X')) {
      at_ += 2;
      bits = digits(16);
    } else if (at() == '0' && (at(1) == 'b' || at(1) == 'B')) {
      at_ += 2;
      bits = digits(2);
    } else if (at() == '0') {
      bits = digits(8);
    } else {
      bits = digits(10);
    }
    if (at() == 'U') {
      at_++;
    }
    if (inName(at())) {
      refuse(line_, "not a number: " + std::string(text_.substr(from, at_ - from + 1)));
    }
    push(Token::Kind::kInteger, from, bits);
  }

  std::uint64_t digits(unsigned base) {
    std::uint64_t value = 0;
    for (;; at_++) {
      const char c = at();
      unsigned digit = 99;
      if (isDigit(c)) {
        digit = static_cast<unsigned>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        digit = static_cast<unsigned>(c - 'a') + 10;
      } else if (c >= 'A' && c <= 'F') {
        digit = static_cast<unsigned>(c - 'A') + 10;
      }
      if (digit >= base) {
        return value;
      }
      value = value * base + digit;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace emulator::ptx
