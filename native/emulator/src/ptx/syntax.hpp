#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::ptx {

// The syntax of a PTX translation unit, as parsed; names and opcodes are views into the text.

/** An operand of an instruction, PTX ISA 6.4. */
struct Operand {
  enum class Kind {
    kName,     // register, special register, label, symbol; perhaps with an offset, a '!' or a '-' before it
    kInteger,  // bits holds the value, two's complement
    kReal,     // 0f... (width 4), 0d... or a decimal (width 8): bits holds the representation
    kAddress,  // [name + offset] or [integer]
    kVector,   // {a, b, ...}
    kList,     // (a, b, ...) of a call
  };
  Kind kind = Kind::kName;
  std::string_view name;
  std::string_view second;  // q of p|q
  bool negated = false;
  std::uint64_t bits = 0;
  int width = 0;
  std::int64_t offset = 0;
  std::vector<Operand> parts;
};

/** Storage spaces of declarations, PTX ISA 5.1. */
enum class Space { kReg, kGlobal, kConst, kShared, kLocal, kParam };

/** An initial value: a number or the address of a symbol. */
struct Initial {
  bool isReal = false;
  int width = 0;  // of a real
  std::uint64_t bits = 0;
  std::string_view symbol;
  std::int64_t offset = 0;
};

/** .reg, .global, .const, .shared, .local or .param declaration. */
struct Declaration {
  Space space = Space::kReg;
  std::string_view type;       // "b32", "f64", "pred"
  std::size_t alignment = 0;   // 0: natural
  std::string_view name;
  std::size_t count = 1;       // elements; number of registers of a parameterised name
  std::size_t vector = 1;      // .v2, .v4
  bool parameterised = false;  // %r<count>
  bool isArray = false;
  bool isExtern = false;
  bool isUnsized = false;      // name[]
  std::vector<Initial> initial;
  int line = 0;
};

struct Statement {
  enum class Kind { kInstruction, kLabel, kOpen, kClose, kDeclaration, kTargets };
  Kind kind = Kind::kInstruction;
  int line = 0;
  std::string_view guard;  // name of the predicate register, or empty
  bool guardNegated = false;
  std::string_view opcode;  // with all modifiers: "ld.global.nc.v2.f32"; the name of a label
  std::vector<Operand> operands;
  Declaration declaration;
};

struct Function {
  bool isEntry = false;
  bool isDefined = false;  // has a body
  std::string_view name;
  std::vector<Declaration> results;
  std::vector<Declaration> parameters;
  std::uint32_t maxThreads = 1024;
  std::vector<Statement> body;
  int line = 0;
};

struct Unit {
  std::vector<Declaration> variables;
  std::vector<Function> functions;
};

/** Parses PTX. Throws Fault 218 with the line. The text must outlive the unit. */
Unit parse(std::string_view text);

[[noreturn]] void refuse(int line, const std::string& what);

/** Bytes of a fundamental type: "f32" is 4; 0 if there is no such type (or pred). */
std::size_t bytesOf(std::string_view type);

}  // namespace emulator::ptx
