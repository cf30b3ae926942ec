#include "ptx/instruction.hpp"

#include <algorithm>
#include <bit>

#include "ptx/decoder.hpp"

namespace emulator::ptx {

Instruction::Instruction(Decoder& decoder, const Statement& statement) : decoder_(decoder), statement_(statement) {
  std::string_view rest = statement.opcode;
  std::vector<std::string_view> parts;
  for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    parts.push_back(rest.substr(0, dot));
    rest = rest.substr(dot + 1);
  }
  parts.push_back(rest);
  base_ = parts.front();
  modifiers_.assign(parts.begin() + 1, parts.end());
}

bool Instruction::take(std::string_view modifier) {
  const auto found = std::find(modifiers_.begin(), modifiers_.end(), modifier);
  if (found == modifiers_.end()) {
    return false;
  }
  modifiers_.erase(found);
  return true;
}

Type Instruction::takeType() {
  for (auto one = modifiers_.begin(); one != modifiers_.end(); ++one) {
    if (const auto type = typeNamed(*one)) {
      modifiers_.erase(one);
      return *type;
    }
  }
  refuse("an instruction without a type");
}

Type Instruction::type() const {
  Instruction copy = *this;
  return copy.takeType();
}

bool Instruction::has(std::string_view modifier) const {
  return std::find(modifiers_.begin(), modifiers_.end(), modifier) != modifiers_.end();
}

Type Instruction::takeType(std::initializer_list<Type> known) {
  const Type type = takeType();
  if (std::find(known.begin(), known.end(), type) == known.end()) {
    refuse("a type that the instruction does not have");
  }
  return type;
}

int Instruction::takeOne(std::initializer_list<std::string_view> modifiers) {
  int index = 0;
  for (const std::string_view modifier : modifiers) {
    if (take(modifier)) {
      return index;
    }
    index++;
  }
  return -1;
}

void Instruction::expectOperands(std::size_t least, std::size_t most) {
  if (count() < least || count() > most) {
    refuse("a wrong number of operands: " + std::to_string(count()));
  }
}

void Instruction::finish() const {
  if (!modifiers_.empty()) {
    refuse("unknown modifier ." + std::string(modifiers_.front()));
  }
}

void Instruction::refuse(const std::string& what) const { ptx::refuse(line(), std::string(statement_.opcode) + ": " + what); }

std::int32_t Instruction::source(const Operand& operand, Type type) {
  std::size_t width = 0;
  const std::int32_t row = wideSource(operand, type, width);
  if (width != bytesOf(type)) {
    refuse("register " + std::string(operand.name) + " is " + std::to_string(8 * width) + " bits wide");
  }
  return row;
}

std::int32_t Instruction::wideSource(const Operand& operand, Type type, std::size_t& bytes) {
  bytes = bytesOf(type);
  switch (operand.kind) {
    case Operand::Kind::kInteger:
      if (isReal(type) && type != Type::kF16x2 && type != Type::kBf16x2) {
        refuse("an integer where a real number is needed");
      }
      return decoder_.constant(bytes, operand.bits);
    case Operand::Kind::kReal: {
      if (bytes == 8 && operand.width == 4) {
        return decoder_.constant(8, std::bit_cast<std::uint64_t>(
                                        static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(operand.bits)))));
      }
      if (bytes == 4 && operand.width == 8) {
        return decoder_.constant(4, std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<double>(operand.bits))));
      }
      if (bytes != static_cast<std::size_t>(operand.width) || isInteger(type)) {
        refuse("a real number where another type is needed");
      }
      return decoder_.constant(bytes, operand.bits);
    }
    case Operand::Kind::kName: {
      if (const Symbol* symbol = decoder_.isRegister(operand.name) ? nullptr : decoder_.symbol(operand.name)) {
        if (bytes < 4 || (bytes == 4 && symbol->space == Space::kGlobal)) {
          refuse("an address does not fit: " + std::string(operand.name));
        }
        return decoder_.symbolRow(*symbol, bytes, operand.offset);
      }
      const std::int32_t row = decoder_.registerRow(operand.name, bytes, line());
      if (bytes < bytesOf(type)) {
        refuse("register " + std::string(operand.name) + " is only " + std::to_string(8 * bytes) + " bits wide");
      }
      return row;
    }
    default:
      refuse("an operand of a wrong kind");
  }
}

std::int32_t Instruction::target(const Operand& operand, Type type) {
  std::size_t bytes = 0;
  const std::int32_t row = wideTarget(operand, type, bytes);
  if (operand.name != "_" && bytes != std::max<std::size_t>(bytesOf(type), 1)) {
    refuse("register " + std::string(operand.name) + " is " + std::to_string(8 * bytes) + " bits wide");
  }
  return row;
}

std::int32_t Instruction::wideTarget(const Operand& operand, Type type, std::size_t& bytes) {
  if (operand.kind != Operand::Kind::kName) {
    refuse("the result must be a register");
  }
  if (operand.name == "_") {  // a result that nobody wants
    bytes = std::max<std::size_t>(bytesOf(type), 2);
    return decoder_.newRow(bytes);
  }
  if (!decoder_.isRegister(operand.name)) {
    refuse("not a register: " + std::string(operand.name));
  }
  const std::int32_t row = decoder_.registerRow(operand.name, bytes, line());
  if (bytes < bytesOf(type)) {
    refuse("register " + std::string(operand.name) + " is only " + std::to_string(8 * bytes) + " bits wide");
  }
  return row;
}

std::int16_t Instruction::predicate(std::string_view name) { return decoder_.predicate(name, line()); }

void Instruction::address(std::size_t i, Op& op) {
  const Operand& at = operand(i);
  if (at.kind != Operand::Kind::kAddress) {
    refuse("an address in [ ] is needed");
  }
  op.imm = at.offset;
  op.pWidth = 8;
  if (at.name.empty()) {
    op.e = decoder_.constant(8, 0);
  } else if (decoder_.isRegister(at.name)) {
    std::size_t width = 0;
    op.e = decoder_.registerRow(at.name, width, line());
    op.pWidth = static_cast<std::uint8_t>(width);
    if (width < 4) {
      refuse("an address register of 16 bits");
    }
  } else if (const Symbol* symbol = decoder_.symbol(at.name)) {
    op.e = decoder_.symbolRow(*symbol, 8, 0);
  } else {
    refuse("unknown name: " + std::string(at.name));
  }
}

const OpcodeTable& opcodes() {
  static const OpcodeTable kTable = [] {
    OpcodeTable table;
    addIntegers(table);
    addBits(table);
    addReals(table);
    addApproximations(table);
    addComparisons(table);
    addConversions(table);
    addMoves(table);
    addMemory(table);
    addAtomics(table);
    addWarpWide(table);
    return table;
  }();
  return kTable;
}

}  // namespace emulator::ptx
