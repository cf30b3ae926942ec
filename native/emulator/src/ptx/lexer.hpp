#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace emulator::ptx {

struct Token {
  enum class Kind {
    kWord,       // identifiers, opcodes with their modifiers, %registers with .x
    kDirective,  // .word
    kInteger,
    kReal,
    kString,
    kSymbol,  // one character
    kEnd,
  };
  Kind kind = Kind::kEnd;
  std::string_view text;
  std::uint64_t bits = 0;  // of a number
  int width = 0;           // of a real: 4 or 8
  int line = 0;
};

/** Splits PTX into tokens (PTX ISA 4.2 to 4.5); comments, .loc and .file lines are dropped. Throws Fault 218. */
std::vector<Token> tokenize(std::string_view text);

}  // namespace emulator::ptx
