#include "ptx/module.hpp"

#include <bit>
#include <cstring>

#include "ptx/decoder.hpp"
#include "ptx/program.hpp"
#include "ptx/syntax.hpp"
#include "ptx/warp.hpp"

namespace emulator {
namespace {

using ptx::Declaration;
using ptx::Initial;
using ptx::Space;

bool isVariable(const Declaration& variable) { return variable.space == Space::kGlobal || variable.space == Space::kConst; }

/** The bytes of a variable; what has no initial value is zero (PTX ISA 5.4.4). */
std::vector<std::byte> initialBytes(const Declaration& variable, const std::map<std::string, Global, std::less<>>& globals) {
  const std::size_t width = ptx::bytesOf(variable.type);
  std::vector<std::byte> bytes(width * variable.vector * variable.count);
  for (std::size_t i = 0; i < variable.initial.size(); i++) {
    const Initial& value = variable.initial[i];
    std::uint64_t bits = value.bits;
    if (!value.symbol.empty()) {
      const auto global = globals.find(value.symbol);
      if (global == globals.end() || width != 8) {
        ptx::refuse(variable.line, "not the address of a global variable: " + std::string(value.symbol));
      }
      bits = global->second.address + static_cast<std::uint64_t>(value.offset);
    } else if (value.isReal && width == 4 && value.width == 8) {
      bits = std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<double>(bits)));
    } else if (value.isReal && width == 8 && value.width == 4) {
      bits = std::bit_cast<std::uint64_t>(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
    }
    std::memcpy(bytes.data() + i * width, &bits, width);
  }
  return bytes;
}

}  // namespace

Kernel::Kernel() = default;
Kernel::~Kernel() = default;

Module::Module(std::string_view ptx, Memory& memory) : memory_(memory) {
  const ptx::Unit unit = ptx::parse(ptx);
  try {
    for (const Declaration& variable : unit.variables) {
      if (!isVariable(variable)) {
        continue;
      }
      const std::size_t bytes = ptx::bytesOf(variable.type) * variable.vector * variable.count;
      if (variable.isExtern || bytes == 0) {
        ptx::refuse(variable.line, "a variable of another module or without a size: " + std::string(variable.name));
      }
      globals_[std::string(variable.name)] = {memory.allocate(bytes), bytes};
    }
    for (const Declaration& variable : unit.variables) {
      if (isVariable(variable)) {
        const std::vector<std::byte> bytes = initialBytes(variable, globals_);
        memory.copyIn(globals_.find(variable.name)->second.address, bytes.data(), bytes.size(), variable.name);
      }
    }
    for (const ptx::Function& function : unit.functions) {
      if (function.isEntry && function.isDefined) {
        auto kernel = std::make_unique<Kernel>();
        ptx::Decoder(unit, globals_, *kernel).run(function);
        kernels_[std::string(function.name)] = std::move(kernel);
      }
    }
  } catch (...) {
    for (const auto& [name, global] : globals_) {
      memory.free(global.address);
    }
    throw;
  }
}

Module::~Module() {
  for (const auto& [name, global] : globals_) {
    memory_.free(global.address);
  }
}

const Kernel* Module::kernel(std::string_view name) const {
  const auto found = kernels_.find(name);
  return found == kernels_.end() ? nullptr : found->second.get();
}

std::vector<std::string> Module::kernelNames() const {
  std::vector<std::string> names;
  for (const auto& [name, kernel] : kernels_) {
    names.push_back(name);
  }
  return names;
}

std::optional<Global> Module::global(std::string_view name) const {
  const auto found = globals_.find(name);
  return found == globals_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace emulator
