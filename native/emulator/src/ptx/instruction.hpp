#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ptx/program.hpp"
#include "ptx/syntax.hpp"
#include "ptx/types.hpp"

namespace emulator::ptx {

class Decoder;

/** An instruction while it is decoded: its modifiers are taken one by one, and none may be left over. */
class Instruction {
 public:
  Instruction(Decoder& decoder, const Statement& statement);

  std::string_view base() const { return base_; }
  int line() const { return statement_.line; }
  std::size_t count() const { return statement_.operands.size(); }
  const Operand& operand(std::size_t i) const { return statement_.operands[i]; }
  Decoder& decoder() { return decoder_; }

  /** Takes the modifier if it is there. */
  bool take(std::string_view modifier);

  /** Takes the first modifier that is a type; refuses if there is none. */
  Type takeType();

  /** The type that takeType would take. */
  Type type() const;

  /** True if the modifier is there; leaves it. */
  bool has(std::string_view modifier) const;

  /** Takes a type and refuses all but these. */
  Type takeType(std::initializer_list<Type> known);

  /** Takes the first of these modifiers that is there: its index, or -1. */
  int takeOne(std::initializer_list<std::string_view> modifiers);

  void expectOperands(std::size_t least, std::size_t most);

  /** Refuses modifiers that nobody took. */
  void finish() const;

  [[noreturn]] void refuse(const std::string& what) const;

  /** Row of a source operand of a type: register, special register, number or address. */
  std::int32_t source(const Operand& operand, Type type);
  std::int32_t source(std::size_t i, Type type) { return source(operand(i), type); }

  /** Row of a source register at least as wide as the type (ld, st and cvt relax widths, PTX ISA 9.4.1); its width in bytes. */
  std::int32_t wideSource(const Operand& operand, Type type, std::size_t& bytes);

  std::int32_t target(const Operand& operand, Type type);
  std::int32_t target(std::size_t i, Type type) { return target(operand(i), type); }
  std::int32_t wideTarget(const Operand& operand, Type type, std::size_t& bytes);

  /** Index of a predicate register. */
  std::int16_t predicate(std::string_view name);

  /** Address operand: row in op.e, its width in op.pWidth, offset in op.imm. */
  void address(std::size_t i, Op& op);

 private:
  Decoder& decoder_;
  const Statement& statement_;
  std::string_view base_;
  std::vector<std::string_view> modifiers_;
};

using Decode = void (*)(Instruction&, Op&);
using OpcodeTable = std::unordered_map<std::string_view, Decode>;

// Each family of instructions adds its opcodes: the name up to the first dot.
void addIntegers(OpcodeTable& table);
void addBits(OpcodeTable& table);
void addReals(OpcodeTable& table);
void addApproximations(OpcodeTable& table);
void addComparisons(OpcodeTable& table);
void addConversions(OpcodeTable& table);
void addMoves(OpcodeTable& table);
void addMemory(OpcodeTable& table);
void addAtomics(OpcodeTable& table);
void addWarpWide(OpcodeTable& table);

/** All opcodes but those that the decoder treats itself (bra, brx, call, ret, exit, bar). */
const OpcodeTable& opcodes();

}  // namespace emulator::ptx
