#include "ptx/decoder.hpp"

#include <algorithm>
#include <cstring>

#include "ptx/warp.hpp"

namespace emulator::ptx {
namespace {

constexpr std::size_t kMaxOps = 2'000'000;

struct SpecialName {
  std::string_view name;
  Special::Kind kind;
};
using Kind = Special::Kind;
// PTX ISA 10. %clock and its like are instructions of their own (moves.cpp).
constexpr SpecialName kSpecials[] = {
    {"%tid.x", Kind::kTidX}, {"%tid.y", Kind::kTidY}, {"%tid.z", Kind::kTidZ},
    {"%ntid.x", Kind::kNtidX}, {"%ntid.y", Kind::kNtidY}, {"%ntid.z", Kind::kNtidZ},
    {"%ctaid.x", Kind::kCtaidX}, {"%ctaid.y", Kind::kCtaidY}, {"%ctaid.z", Kind::kCtaidZ},
    {"%nctaid.x", Kind::kNctaidX}, {"%nctaid.y", Kind::kNctaidY}, {"%nctaid.z", Kind::kNctaidZ},
    {"%laneid", Kind::kLaneid}, {"%warpid", Kind::kWarpid}, {"%nwarpid", Kind::kNwarpid},
    {"%lanemask_eq", Kind::kLaneEq}, {"%lanemask_le", Kind::kLaneLe}, {"%lanemask_lt", Kind::kLaneLt},
    {"%lanemask_ge", Kind::kLaneGe}, {"%lanemask_gt", Kind::kLaneGt}, {"%smid", Kind::kSmid}, {"%nsmid", Kind::kNsmid},
    {"%dynamic_smem_size", Kind::kDynamicShared}, {"%total_smem_size", Kind::kTotalShared}};

std::size_t alignmentOf(const Declaration& declaration) {
  return std::max(declaration.alignment, std::max<std::size_t>(bytesOf(declaration.type), 1) * declaration.vector);
}

std::size_t sizeOf(const Declaration& declaration) {
  return bytesOf(declaration.type) * declaration.vector * declaration.count;
}

std::uint64_t roundUp(std::uint64_t value, std::size_t alignment) { return (value + alignment - 1) / alignment * alignment; }

}  // namespace

void Decoder::run(const Function& function) {
  open(true);
  std::size_t offset = 0;
  for (const Declaration& parameter : function.parameters) {
    offset = roundUp(offset, alignmentOf(parameter));
    kernel_.parameters.push_back({std::string(parameter.name), offset, sizeOf(parameter), alignmentOf(parameter)});
    scopes_.back().symbols[parameter.name] = {Space::kParam, offset, sizeOf(parameter), false};
    offset += sizeOf(parameter);
  }
  kernel_.name = std::string(function.name);
  kernel_.parameterBytes = offset;
  kernel_.maxThreads = std::min(function.maxThreads, 1024U);
  body(function);
  if (program_.ops.size() > kMaxOps) {
    refuse(function.line, "a kernel of more than 2,000,000 instructions after inlining");
  }
  kernel_.staticSharedBytes = sharedBytes_;
  const std::uint64_t dynamicStart = roundUp(sharedBytes_, dynamicAlignment_);
  for (const auto& [row, width] : dynamicShared_) {
    std::byte* bytes = program_.constants[0].bytes + ~row;
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, width);
    value += dynamicStart;
    for (std::size_t i = 0; i < kWarp; i++) {
      std::memcpy(bytes + width * i, &value, width);
    }
  }
  program_.dynamicStart = dynamicStart;
  kernel_.registers = static_cast<std::uint32_t>(program_.rowBytes / (4 * kWarp));
  kernel_.localBytes = roundUp(localBytes_, 16);
  kernel_.program = std::make_unique<Program>(std::move(program_));
}

void Decoder::open(bool isFunction) {
  scopes_.emplace_back();
  scopes_.back().isFunction = isFunction;
}

/** Labels are local to the { } that holds them; branches may leave but not enter it. */
void Decoder::close() {
  Scope scope = std::move(scopes_.back());
  scopes_.pop_back();
  for (const Fixup& fixup : scope.fixups) {
    const auto label = scope.labels.find(fixup.label);
    if (label == scope.labels.end()) {
      if (scope.isFunction) {
        refuse(fixup.line, "unknown label: " + std::string(fixup.label));
      }
      scopes_.back().fixups.push_back(fixup);
    } else if (fixup.isTable) {
      program_.targets[fixup.at] = label->second;
    } else {
      program_.ops[fixup.at].target = label->second;
    }
  }
}

void Decoder::statement(const Statement& statement) {
  switch (statement.kind) {
    case Statement::Kind::kOpen: open(false); break;
    case Statement::Kind::kClose: close(); break;
    case Statement::Kind::kDeclaration: declare(statement.declaration); break;
    case Statement::Kind::kInstruction: instruction(statement); break;
    case Statement::Kind::kLabel:
      if (!scopes_.back().labels.emplace(statement.opcode, static_cast<std::int32_t>(program_.ops.size())).second) {
        refuse(statement.line, "label declared twice: " + std::string(statement.opcode));
      }
      break;
    case Statement::Kind::kTargets: {
      // The label before names the table; the branch that uses it may stand before or after.
      for (auto& [name, pc] : scopes_.back().labels) {
        if (pc == static_cast<std::int32_t>(program_.ops.size())) {
          scopes_.back().tables[name] = &statement;
        }
      }
      break;
    }
  }
}

std::uint64_t Decoder::allocate(std::uint64_t& total, const Declaration& declaration) {
  const std::uint64_t at = roundUp(total, alignmentOf(declaration));
  total = at + sizeOf(declaration);
  return at;
}

void Decoder::declare(const Declaration& declaration) {
  Scope& scope = scopes_.back();
  const std::size_t bytes = bytesOf(declaration.type);
  switch (declaration.space) {
    case Space::kReg:
      if (declaration.vector != 1 || declaration.isArray) {
        refuse(declaration.line, "vector registers are not known: " + std::string(declaration.name));
      }
      if (declaration.parameterised) {
        scope.ranges[declaration.name] = {declaration.count, bytes};
      } else {
        scope.registers[declaration.name] = {-1, bytes};
      }
      break;
    case Space::kParam:  // a slot of a call
      scope.symbols[declaration.name] = {Space::kParam, kSlots + allocate(localBytes_, declaration), sizeOf(declaration), false};
      break;
    case Space::kLocal:
      scope.symbols[declaration.name] = {Space::kLocal, allocate(localBytes_, declaration), sizeOf(declaration), false};
      break;
    case Space::kShared:
      if (declaration.isUnsized) {
        dynamicAlignment_ = std::max(dynamicAlignment_, alignmentOf(declaration));
        scope.symbols[declaration.name] = {Space::kShared, 0, 0, true};
      } else {
        // One variable, however often its function is inlined.
        if (!shared_.contains(&declaration)) {
          shared_[&declaration] = allocate(sharedBytes_, declaration);
        }
        scope.symbols[declaration.name] = {Space::kShared, shared_[&declaration], sizeOf(declaration), false};
      }
      break;
    default:
      refuse(declaration.line, "global variables inside a function are not known: " + std::string(declaration.name));
  }
}

const Decoder::Register* Decoder::lookUp(std::string_view name) {
  std::size_t digits = name.size();
  while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9') {
    digits--;
  }
  std::size_t index = 0;
  for (std::size_t i = digits; i < name.size(); i++) {
    index = index * 10 + static_cast<std::size_t>(name[i] - '0');
  }
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    auto found = scope->registers.find(name);
    if (found == scope->registers.end() && digits < name.size()) {
      const auto range = scope->ranges.find(name.substr(0, digits));
      if (range != scope->ranges.end() && index < range->second.count) {
        found = scope->registers.emplace(name, Register{-1, range->second.bytes}).first;
      }
    }
    if (found != scope->registers.end()) {
      Register& one = found->second;
      if (one.row < 0) {
        one.row = one.bytes == 0 ? static_cast<std::int32_t>(program_.predicates++) : newRow(one.bytes);
      }
      return &one;
    }
    if (scope->isFunction) {
      break;
    }
  }
  return nullptr;
}

std::int32_t Decoder::newRow(std::size_t bytes) {
  const std::size_t row = program_.rowBytes;
  program_.rowBytes += roundUp(std::max<std::size_t>(bytes, 2) * kWarp, 64);
  return static_cast<std::int32_t>(row);
}

bool Decoder::isRegister(std::string_view name) { return lookUp(name) != nullptr; }

std::int32_t Decoder::registerRow(std::string_view name, std::size_t& bytes, int line) {
  if (const Register* one = lookUp(name)) {
    if (one->bytes == 0) {
      refuse(line, "a predicate where a value is needed: " + std::string(name));
    }
    bytes = one->bytes;
    return one->row;
  }
  for (const auto& [text, kind] : kSpecials) {
    if (text == name) {
      bytes = 4;
      const auto [found, isNew] = specials_.try_emplace(kind, 0);
      if (isNew) {
        found->second = newRow(bytes);
        program_.specials.push_back({kind, found->second});
      }
      return found->second;
    }
  }
  refuse(line, "unknown register: " + std::string(name));
}

std::int16_t Decoder::predicate(std::string_view name, int line) {
  if (name == "_") {
    return static_cast<std::int16_t>(program_.predicates++);
  }
  const Register* one = lookUp(name);
  if (one == nullptr || one->bytes != 0) {
    refuse(line, "not a predicate register: " + std::string(name));
  }
  return static_cast<std::int16_t>(one->row);
}

std::int32_t Decoder::constant(std::size_t bytes, std::uint64_t bits) {
  bytes = std::max<std::size_t>(bytes, 2);
  if (bytes < 8) {
    bits &= (std::uint64_t{1} << (8 * bytes)) - 1;
  }
  const auto [found, isNew] = constants_.try_emplace({bytes, bits}, 0);
  if (isNew) {
    const std::size_t row = program_.constants.size() * 64;
    program_.constants.resize(program_.constants.size() + roundUp(bytes * kWarp, 64) / 64);
    for (std::size_t i = 0; i < kWarp; i++) {
      std::memcpy(program_.constants[0].bytes + row + i * bytes, &bits, bytes);
    }
    found->second = ~static_cast<std::int32_t>(row);
  }
  return found->second;
}

const Symbol* Decoder::symbol(std::string_view name) {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->symbols.find(name);
    if (found != scope->symbols.end()) {
      return &found->second;
    }
    if (scope->isFunction) {
      break;
    }
  }
  if (const auto known = moduleSymbols_.find(name); known != moduleSymbols_.end()) {
    return &known->second;
  }
  if (const auto global = globals_.find(name); global != globals_.end()) {
    return &(moduleSymbols_[name] = {Space::kGlobal, global->second.address, global->second.bytes, false});
  }
  for (const Declaration& variable : unit_.variables) {  // shared variables of the module count where they are used
    if (variable.space == Space::kShared && variable.name == name) {
      if (variable.isUnsized) {
        dynamicAlignment_ = std::max(dynamicAlignment_, alignmentOf(variable));
        return &(moduleSymbols_[name] = {Space::kShared, 0, 0, true});
      }
      return &(moduleSymbols_[name] = {Space::kShared, allocate(sharedBytes_, variable), sizeOf(variable), false});
    }
  }
  return nullptr;
}

/** A constant row with the address of a symbol in its own space. */
std::int32_t Decoder::symbolRow(const Symbol& symbol, std::size_t bytes, std::int64_t offset) {
  if (!symbol.isDynamicShared) {
    return constant(bytes, symbol.address + static_cast<std::uint64_t>(offset));
  }
  // Where dynamic shared memory starts is known only when all static variables were met: run() completes these rows.
  const std::size_t row = program_.constants.size() * 64;
  program_.constants.resize(program_.constants.size() + bytes * kWarp / 64);
  std::memcpy(program_.constants[0].bytes + row, &offset, bytes);
  dynamicShared_.emplace_back(~static_cast<std::int32_t>(row), bytes);
  return ~static_cast<std::int32_t>(row);
}

}  // namespace emulator::ptx
