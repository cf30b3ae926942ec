#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "device/memory.hpp"

namespace emulator {

struct Program;  // decoded code of a kernel

/** A kernel parameter: its place in the parameter buffer (PTX ISA 5.1.6, kernel function parameters). */
struct Parameter {
  std::string name;
  std::size_t offset;
  std::size_t bytes;
  std::size_t alignment;
};

/** An entry point, decoded and ready to run. */
struct Kernel {
  std::string name;
  std::vector<Parameter> parameters;
  std::size_t parameterBytes = 0;
  std::size_t staticSharedBytes = 0;
  std::size_t localBytes = 0;       // per thread
  std::uint32_t maxThreads = 1024;  // product of .maxntid or .reqntid
  std::uint32_t registers = 0;      // 32-bit virtual registers after inlining; no measure of a card's
  std::unique_ptr<Program> program;

  Kernel();
  ~Kernel();
  Kernel(const Kernel&) = delete;
};

/** A .global or .const variable of a module, living in device memory. */
struct Global {
  std::uint64_t address;
  std::size_t bytes;
};

/** PTX text, parsed, checked and decoded; its variables are allocated in the memory until the module goes. */
class Module {
 public:
  /** Throws Fault 218 that names the PTX line for whatever the interpreter does not know. */
  Module(std::string_view ptx, Memory& memory);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /** Null if there is none of this name. */
  const Kernel* kernel(std::string_view name) const;
  std::vector<std::string> kernelNames() const;
  std::optional<Global> global(std::string_view name) const;

 private:
  Memory& memory_;
  std::map<std::string, std::unique_ptr<Kernel>, std::less<>> kernels_;
  std::map<std::string, Global, std::less<>> globals_;
};

}  // namespace emulator
