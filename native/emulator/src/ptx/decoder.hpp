#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ptx/instruction.hpp"
#include "ptx/module.hpp"
#include "ptx/program.hpp"
#include "ptx/syntax.hpp"

namespace emulator::ptx {

/** A name that stands for an address. */
struct Symbol {
  Space space = Space::kGlobal;
  std::uint64_t address = 0;  // in its own space
  std::size_t bytes = 0;
  bool isDynamicShared = false;
};

/**
 * Turns a kernel's body into a program. Calls are inlined, each with registers of its own (a virtual register costs nothing
 * until a warp runs), so recursion is refused; the slots of calls lie in local memory.
 */
class Decoder {
 public:
  Decoder(const Unit& unit, const std::map<std::string, Global, std::less<>>& globals, Kernel& kernel)
      : unit_(unit), globals_(globals), kernel_(kernel) {}

  void run(const Function& function);

  // For instructions.
  std::int32_t registerRow(std::string_view name, std::size_t& bytes, int line);
  std::int16_t predicate(std::string_view name, int line);
  bool isRegister(std::string_view name);
  std::int32_t constant(std::size_t bytes, std::uint64_t bits);
  std::int32_t newRow(std::size_t bytes);
  const Symbol* symbol(std::string_view name);
  std::int32_t symbolRow(const Symbol& symbol, std::size_t bytes, std::int64_t offset);
  std::uint32_t newCache() { return static_cast<std::uint32_t>(program_.caches++); }

 private:
  struct Register {
    std::int32_t row = -1;  // index of a predicate
    std::size_t bytes = 0;  // 0: a predicate
  };
  struct Range {  // .reg .b32 %r<10>
    std::size_t count = 0;
    std::size_t bytes = 0;
  };
  struct Fixup {
    std::size_t at;
    bool isTable;
    std::string_view label;
    int line;
  };
  struct Scope {
    std::unordered_map<std::string_view, Register> registers;
    std::unordered_map<std::string_view, Range> ranges;
    std::unordered_map<std::string_view, Symbol> symbols;
    std::unordered_map<std::string_view, std::int32_t> labels;
    std::unordered_map<std::string_view, const Statement*> tables;
    std::vector<Fixup> fixups;
    bool isFunction = false;  // names outside of it are those of the module
  };

  void body(const Function& function);
  void statement(const Statement& statement);
  void declare(const Declaration& declaration);
  void open(bool isFunction);
  void close();
  const Register* lookUp(std::string_view name);

  void instruction(const Statement& statement);
  Op& emit(const Statement& statement);
  void branch(Instruction& instruction, const Statement& statement);
  void branchTable(Instruction& instruction, const Statement& statement);
  void call(Instruction& instruction, const Statement& statement);
  const Function& callee(std::string_view name, int line);
  void barrier(Instruction& instruction, const Statement& statement);
  void leave(const Statement& statement);
  std::uint64_t allocate(std::uint64_t& total, const Declaration& declaration);

  const Unit& unit_;
  const std::map<std::string, Global, std::less<>>& globals_;
  Kernel& kernel_;
  Program program_;
  std::vector<Scope> scopes_;
  std::vector<const Function*> calls_;  // functions being inlined
  std::vector<std::vector<std::size_t>> returns_;  // their ret instructions
  std::map<std::pair<std::size_t, std::uint64_t>, std::int32_t> constants_;
  std::map<const Declaration*, std::uint64_t> shared_;
  std::vector<std::pair<std::int32_t, std::size_t>> dynamicShared_;  // constants that hold dynamic shared addresses, their widths
  std::unordered_map<std::string_view, Symbol> moduleSymbols_;
  std::map<Special::Kind, std::int32_t> specials_;
  std::uint64_t sharedBytes_ = 0;
  std::uint64_t localBytes_ = 0;
  std::size_t dynamicAlignment_ = 16;
};

}  // namespace emulator::ptx
