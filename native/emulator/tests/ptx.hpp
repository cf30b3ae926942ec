// Runs PTX snippets on the device core: one thread for each row of inputs.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "ptx/launch.hpp"

namespace ptx_test {

using Row = std::array<std::uint64_t, 4>;

constexpr const char* kHead = ".version 8.8\n.target sm_90\n.address_size 64\n";

/** The type of the registers in a snippet, from its name: %h 16 bits, %r 32, %d 64, %p predicates. */
inline std::string registers() {
  return ".reg .pred %p<10>;\n.reg .b16 %h<10>;\n.reg .b32 %r<40>;\n.reg .b64 %d<40>;\n";
}

/**
 * A kernel that gives each thread its row of inputs as %d0 to %d3 (and their low parts as %r0.. and %h0..), runs the snippet and
 * stores %d9, into which the snippet's %r9, %h9 or %p9 is first widened if result is 'r', 'h' or 'p'.
 */
inline std::string kernel(const std::string& snippet, char result) {
  std::string text = kHead;
  text += ".visible .entry k(.param .u64 in, .param .u64 out, .param .u32 n)\n{\n" + registers();
  text += "mov.u32 %r20, %ctaid.x; mov.u32 %r21, %ntid.x; mov.u32 %r22, %tid.x; mad.lo.s32 %r20, %r20, %r21, %r22;\n";
  text += "ld.param.u32 %r23, [n]; setp.ge.u32 %p8, %r20, %r23; @%p8 bra DONE;\n";
  text += "ld.param.u64 %d20, [in]; ld.param.u64 %d21, [out]; mul.wide.u32 %d22, %r20, 32; add.s64 %d20, %d20, %d22;\n";
  text += "mul.wide.u32 %d22, %r20, 8; add.s64 %d21, %d21, %d22;\n";
  for (int i = 0; i < 4; i++) {
    const std::string k = std::to_string(i);
    text += "ld.global.u64 %d" + k + ", [%d20+" + std::to_string(8 * i) + "]; cvt.u32.u64 %r" + k + ", %d" + k + "; cvt.u16.u64 %h" + k + ", %d" + k + ";\n";
  }
  text += snippet + "\n";
  switch (result) {
    case 'r': text += "cvt.u64.u32 %d9, %r9;\n"; break;
    case 'h': text += "cvt.u64.u16 %d9, %h9;\n"; break;
    case 'p': text += "selp.b64 %d9, 1, 0, %p9;\n"; break;
    default: break;
  }
  text += "st.global.u64 [%d21], %d9;\nDONE:\nret;\n}\n";
  return text;
}

/** The results of a snippet for each row. */
inline std::vector<std::uint64_t> results(const std::string& snippet, char result, const std::vector<Row>& rows,
                                          emulator::Options options = {}) {
  emulator::Memory memory(1 << 26);
  const emulator::Module module(kernel(snippet, result), memory);
  const std::size_t n = rows.size();
  struct {
    std::uint64_t in, out;
    std::uint32_t n;
  } parameters{memory.allocate(32 * n), memory.allocate(8 * n), static_cast<std::uint32_t>(n)};
  memory.copyIn(parameters.in, rows.data(), 32 * n, "rows");
  const auto blocks = static_cast<std::uint32_t>((n + 63) / 64);
  emulator::run(module, *module.kernel("k"), {blocks, 1, 1}, {64, 1, 1}, 0, &parameters, memory, options);
  std::vector<std::uint64_t> out(n);
  memory.copyOut(out.data(), parameters.out, 8 * n, "results");
  return out;
}

inline std::uint64_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }
inline std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }
inline float real32(std::uint64_t value) { return std::bit_cast<float>(static_cast<std::uint32_t>(value)); }
inline double real64(std::uint64_t value) { return std::bit_cast<double>(value); }

/** What loading or running throws, as "code text"; empty if nothing. One launch of kernel k over memory of `bytes` bytes. */
struct Trial {
  std::string text;  // module
  emulator::Extent grid{};
  emulator::Extent block{};
  std::size_t shared = 0;
  std::size_t bytes = 4096;  // of the one buffer, whose address is the kernel's parameter
  bool written = true;
  emulator::Options options{};

  std::string run() const {
    emulator::Memory memory(1 << 26);
    try {
      const emulator::Module module(text, memory);
      const std::uint64_t buffer = memory.allocate(bytes);
      if (written) {
        memory.fill(buffer, 0, 1, bytes, "fill");
      }
      emulator::run(module, *module.kernel("k"), grid, block, shared, &buffer, memory, options);
    } catch (const emulator::Fault& fault) {
      return std::to_string(fault.code()) + " " + fault.what();
    }
    return "";
  }
};

/** A kernel k(.param .u64 buffer) with the buffer in %d0, the thread in %r0 (and as %d1) and the block in %r1. */
inline std::string faulty(const std::string& body, const std::string& declarations = "") {
  return std::string(kHead) + declarations + ".visible .entry k(.param .u64 buffer)\n{\n" + registers() +
         "ld.param.u64 %d0, [buffer]; mov.u32 %r0, %tid.x; cvt.u64.u32 %d1, %r0; mov.u32 %r1, %ctaid.x;\n" + body + "\nret;\n}\n";
}

}  // namespace ptx_test
