// Loads, stores, atomics, spaces, variables, calls and scopes.

#include <cmath>
#include <cstring>
#include <vector>

#include "check.hpp"
#include "ptx.hpp"

using emulator::Extent;
using emulator::Memory;
using emulator::Module;
using ptx_test::faulty;
using ptx_test::Row;

namespace {

/** Runs kernel k(buffer) over a buffer of words and returns it. */
std::vector<std::uint32_t> after(const std::string& text, std::vector<std::uint32_t> words, Extent grid, Extent block, std::size_t shared = 0, emulator::Options options = {}) {
  Memory memory(1 << 26);
  const Module module(text, memory);
  const std::uint64_t buffer = memory.allocate(4 * words.size());
  memory.copyIn(buffer, words.data(), 4 * words.size(), "words");
  emulator::run(module, *module.kernel("k"), grid, block, shared, &buffer, memory, options);
  memory.copyOut(words.data(), buffer, 4 * words.size(), "words");
  return words;
}

std::vector<std::uint32_t> counting(std::size_t n) {
  std::vector<std::uint32_t> words(n);
  for (std::size_t i = 0; i < n; i++) {
    words[i] = static_cast<std::uint32_t>(i);
  }
  return words;
}

const std::string kOwn = "mad.wide.u32 %d2, %r0, 4, %d0;\n";  // address of the thread's word

}  // namespace

TEST(widthsAndSigns) {
  const Row row = {0xFEDCBA9876543281, 0, 0, 0};
  const auto one = [&](const std::string& snippet, char file) { return ptx_test::results(snippet, file, {row})[0]; };
  CHECK_EQ(one("ld.global.u8 %r9, [%d20];", 'r'), 0x81U);
  CHECK_EQ(one("ld.global.s8 %r9, [%d20];", 'r'), 0xFFFFFF81U);
  CHECK_EQ(one("ld.global.s8 %h9, [%d20];", 'h'), 0xFF81U);
  CHECK_EQ(one("ld.global.s8 %d9, [%d20];", 'd'), 0xFFFFFFFFFFFFFF81U);
  CHECK_EQ(one("ld.global.b8 %h9, [%d20+7];", 'h'), 0xFEU);
  CHECK_EQ(one("ld.global.u16 %h9, [%d20];", 'h'), 0x3281U);
  CHECK_EQ(one("ld.global.s16 %r9, [%d20+6];", 'r'), 0xFFFFFEDCU);
  CHECK_EQ(one("ld.global.u32 %r9, [%d20+4];", 'r'), 0xFEDCBA98U);
  CHECK_EQ(one("ld.global.s32 %d9, [%d20+4];", 'd'), 0xFFFFFFFFFEDCBA98U);
  CHECK_EQ(one("ld.global.u32 %d9, [%d20+4];", 'd'), 0xFEDCBA98U);
  CHECK_EQ(one("ld.global.nc.L1::no_allocate.L2::128B.b64 %d9, [%d20];", 'd'), row[0]);
  CHECK_EQ(one("ld.global.v2.u32 {%r5, %r9}, [%d20];", 'r'), 0xFEDCBA98U);
  CHECK_EQ(one("ld.global.v4.u16 {%h5, %h6, %h7, %h9}, [%d20];", 'h'), 0xFEDCU);
  CHECK_EQ(one("ld.global.v4.u8 {%h5, %h9, _, %h6}, [%d20];", 'h'), 0x32U);
  CHECK_EQ(one("st.global.u8 [%d20], 0x1FF; ld.global.u64 %d9, [%d20];", 'd'), 0xFEDCBA98765432FFU);
  CHECK_EQ(one("st.global.v2.u32 [%d20], {1, %r0}; ld.global.u64 %d9, [%d20];", 'd'), 0x7654328100000001U);
  CHECK_EQ(one("st.global.v2.f64 [%d20], {%d1, %d0}; ld.volatile.global.u64 %d9, [%d20+8];", 'd'), row[0]);
  CHECK_EQ(one("ld.u32 %r9, [%d20];", 'r'), 0x76543281U);  // generic
}

TEST(rowsStridesAndOneAddress) {
  // Full warps over consecutive words, a partial warp, strides, and one address: all ways through a load and a store.
  const std::string sum = "ld.global.u32 %r2, [%d2]; add.u32 %r2, %r2, 100; st.global.u32 [%d2], %r2;";
  for (const std::uint32_t threads : {1U, 31U, 32U, 50U, 64U}) {
    const std::vector<std::uint32_t> got = after(faulty(kOwn + sum), counting(64), {}, {threads, 1, 1});
    for (std::uint32_t i = 0; i < 64; i++) {
      CHECK_EQ(got[i], i < threads ? i + 100 : i);
    }
  }
  const std::vector<std::uint32_t> strided = after(faulty("mad.wide.u32 %d2, %r0, 12, %d0;\n" + sum), counting(96), {}, {32, 1, 1});
  for (std::uint32_t i = 0; i < 96; i++) {
    CHECK_EQ(strided[i], i % 3 == 0 ? i + 100 : i);
  }
  const std::vector<std::uint32_t> same = after(faulty(kOwn + "ld.global.u32 %r2, [%d0+4]; bar.sync 0; st.global.u32 [%d2], %r2;"), counting(64), {}, {64, 1, 1});
  CHECK(same == std::vector<std::uint32_t>(64, 1));
  const std::string vectors = "mad.wide.u32 %d2, %r0, 16, %d0;\nld.global.v4.u32 {%r2,%r3,%r4,%r5}, [%d2]; st.global.v4.u32 [%d2], {%r5,%r4,%r3,%r2};";
  const std::vector<std::uint32_t> turned = after(faulty(vectors), counting(128), {}, {32, 1, 1});
  for (std::uint32_t i = 0; i < 128; i++) {
    CHECK_EQ(turned[i], (i ^ 3));
  }
}

TEST(spacesAndGenericAddresses) {
  const std::string declared = ".shared .align 8 .b8 first[8];\n.shared .align 4 .b8 s[256];\n.extern .shared .align 16 .b8 x[];\n";
  const std::string body = kOwn +
      "st.shared.u32 [first], 7; mov.u32 %r2, s; shl.b32 %r3, %r0, 2; add.u32 %r2, %r2, %r3; st.shared.u32 [%r2], %r0; bar.sync 0;\n"
      "mov.u64 %d3, s; cvta.shared.u64 %d4, %d3; sub.u32 %r4, 63, %r0; mad.wide.u32 %d5, %r4, 4, %d4; ld.u32 %r5, [%d5];\n"        // generic
      "mov.u64 %d6, x; mad.wide.u32 %d6, %r0, 4, %d6; st.shared.u32 [%d6], %r5; bar.sync 0; ld.shared.u32 %r6, [%d6];\n"               // dynamic
      ".local .align 8 .b8 l[16];\nmov.u64 %d7, l; st.local.u32 [l+4], %r6; cvta.local.u64 %d8, %d7; ld.u32 %r7, [%d8+4];\n"
      "cvta.to.local.u64 %d9, %d8; ld.local.u32 %r8, [%d9+4]; add.u32 %r9, %r7, %r8; st.global.u32 [%d2], %r9;";
  CHECK(after(faulty("st.shared.u32 [first], 7; st.shared.u32 [s], 7; st.shared.u32 [x], 7;", declared), counting(1), {}, {}, 4).size() == 1);
  std::string single = body;  // "first" is written by all threads: by one only
  single.replace(single.find("st.shared.u32 [first], 7;"), 25, "setp.eq.u32 %p1, %r0, 0; @%p1 st.shared.u32 [first], 7;");
  const std::vector<std::uint32_t> got = after(faulty(single, declared), counting(64), {}, {64, 1, 1}, 256);
  for (std::uint32_t i = 0; i < 64; i++) {
    CHECK_EQ(got[i], 2 * (63 - i));
  }
}

TEST(atomicsAddUp) {
  const auto total = [](const std::string& op, std::vector<std::uint32_t> start, std::uint64_t seed) {
    emulator::Options options;
    options.seed = seed;
    return after(faulty("add.u32 %r2, %r0, 1;\n" + op), std::move(start), {3, 1, 1}, {64, 1, 1}, 0, options);
  };
  for (const std::uint64_t seed : {0U, 1U, 9U}) {
    CHECK_EQ(total("atom.global.add.u32 %r3, [%d0], %r2;", {5}, seed)[0], 5U + 3 * 2080);
    CHECK_EQ(total("red.global.add.s32 [%d0], %r2;", {5}, seed)[0], 5U + 3 * 2080);
    CHECK_EQ(total("red.relaxed.gpu.global.max.s32 [%d0], %r2;", {0xFFFFFFFF}, seed)[0], 64U);
    CHECK_EQ(total("red.global.max.u32 [%d0], %r2;", {0xFFFFFFFF}, seed)[0], 0xFFFFFFFFU);
    CHECK_EQ(total("red.global.min.u32 [%d0], %r2;", {0xFFFFFFFF}, seed)[0], 1U);
    CHECK_EQ(total("red.global.min.s32 [%d0], %r2;", {0xFFFFFFFF}, seed)[0], 0xFFFFFFFFU);
    CHECK_EQ(total("red.global.or.b32 [%d0], %r2;", {0}, seed)[0], 127U);
    CHECK_EQ(total("red.global.and.b32 [%d0], %r2;", {0xFFFFFFFF}, seed)[0], 0U);
    CHECK_EQ(total("red.global.xor.b32 [%d0], %r2;", {0}, seed)[0], 64U);
    CHECK_EQ(total("atom.global.inc.u32 %r3, [%d0], 6;", {0}, seed)[0], 192U % 7);
    CHECK_EQ(total("atom.global.dec.u32 %r3, [%d0], 6;", {0}, seed)[0], (7 - 192 % 7) % 7U);
    const std::vector<std::uint32_t> sum = total("cvt.rn.f32.u32 %r3, %r2; atom.global.add.f32 %r4, [%d0], %r3; cvt.rn.f64.u32 %d3, %r2; red.global.add.f64 [%d0+8], %d3;", {0, 0, 0, 0}, seed);
    CHECK_EQ(ptx_test::real32(sum[0]), 6240.0F);
    CHECK_EQ(ptx_test::real64(std::uint64_t{sum[3]} << 32 | sum[2]), 6240.0);
    const std::vector<std::uint32_t> wide = total("cvt.u64.u32 %d3, %r2; atom.global.add.u64 %d4, [%d0], %d3; red.global.max.u64 [%d0+8], %d3; atom.global.min.s64 %d5, [%d0+16], %d3;", {0xFFFFFFFF, 0, 0, 0, 0, 1}, seed);
    CHECK_EQ(wide[0], 6239U);
    CHECK_EQ(wide[1], 1U);
    CHECK_EQ(wide[2], 64U);
    CHECK_EQ(wide[4], 1U);
  }
  // The old values of exch and cas, and a lock-free product built of cas.
  const std::vector<std::uint32_t> got = after(faulty("atom.global.exch.b32 %r2, [%d0], 9; atom.global.cas.b32 %r3, [%d0+4], 1, 8; atom.global.cas.b32 %r4, [%d0+8], 1, 8; atom.global.cas.b64 %d3, [%d0+16], 4, 5;\n"
                                                      "st.global.v4.u32 [%d0+32], {%r2, %r3, %r4, 0};"), {3, 1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0}, {}, {});
  CHECK(got == (std::vector<std::uint32_t>{9, 8, 2, 0, 5, 0, 0, 0, 3, 1, 2, 0}));
  const std::string product = "ld.volatile.global.u32 %r2, [%d0];\nAGAIN:\nmov.u32 %r3, %r2; mul.lo.u32 %r4, %r3, 3; atom.global.cas.b32 %r2, [%d0], %r3, %r4; setp.ne.u32 %p1, %r2, %r3; @%p1 bra AGAIN;";
  std::uint32_t power = 1;
  for (int i = 0; i < 128; i++) {
    power *= 3;
  }
  CHECK_EQ(after(faulty(product), {1}, {2, 1, 1}, {64, 1, 1})[0], power);
  const std::string shared = kOwn + "mov.u32 %r2, s; setp.eq.u32 %p1, %r0, 0; @%p1 st.shared.u32 [s], 0; bar.sync 0; atom.shared.add.u32 %r3, [%r2], 2; bar.sync 0; ld.shared.u32 %r4, [s]; st.global.u32 [%d2], %r4;";
  CHECK(after(faulty(shared, ".shared .align 4 .b8 s[4];\n"), counting(64), {}, {64, 1, 1}) == std::vector<std::uint32_t>(64, 128));
  const std::vector<std::uint32_t> halves = total("mov.b16 %h1, 0x3C00; red.global.add.noftz.f16 [%d0], %h1; atom.global.add.noftz.bf16x2 %r5, [%d0+4], 0x3F803F80;", {0, 0}, 1);
  CHECK_EQ(halves[0], 0x5A00U);  // 192 as f16
  CHECK_EQ(halves[1], 0x43404340U);
}

TEST(variables) {
  const std::string declared =
      ".global .align 4 .u32 counter;\n.global .align 4 .b8 bytes[8] = {1, 2, 255};\n.const .align 4 .f32 table[4] = {0f3F800000, 2.5};\n"
      ".visible .global .align 8 .u64 pointer = bytes+1;\n.global .align 8 .b64 two[2] = {generic(counter), -1};\n";
  Memory memory(1 << 20);
  {
    const Module module(faulty("atom.global.add.u32 %r2, [counter], 3; ld.global.u64 %d2, [pointer]; ld.global.u8 %r3, [%d2+1]; ld.const.f32 %r4, [table+4]; ld.const.f32 %r5, [table+12];\n"
                               "ld.global.u64 %d3, [two]; ld.global.u64 %d4, [two+8]; mov.u64 %d5, counter; sub.u64 %d3, %d3, %d5; st.global.v2.u64 [%d0+16], {%d3, %d4}; st.global.v4.u32 [%d0], {%r2, %r3, %r4, %r5};", declared), memory);
    const auto counter = module.global("counter");
    CHECK(counter.has_value() && counter->bytes == 4);
    CHECK(!module.global("nothing").has_value());
    CHECK(module.kernel("nothing") == nullptr);
    CHECK_EQ(module.kernelNames().size(), 1U);
    const std::uint64_t buffer = memory.allocate(32);
    for (std::uint32_t i = 0; i < 2; i++) {  // variables keep their values from launch to launch
      emulator::run(module, *module.kernel("k"), {}, {}, 0, &buffer, memory, {});
      std::uint32_t words[8];
      memory.copyOut(words, buffer, 32, "words");
      CHECK_EQ(words[0], 3 * i);
      CHECK_EQ(words[1], 255U);
      CHECK_EQ(ptx_test::real32(words[2]), 2.5F);
      CHECK_EQ(words[3], 0U);
      CHECK_EQ(words[4], 0U);
      CHECK_EQ(words[7], 0xFFFFFFFFU);
    }
    memory.free(buffer);
  }
  CHECK_EQ(memory.used(), 0U);  // the variables went with the module
}

TEST(calls) {
  const std::string functions =
      ".func (.param .align 8 .b8 result[16]) pair(.param .b32 a, .param .align 4 .b8 b[8]);\n"  // declared before it is defined
      ".func (.param .b32 result) twice(.param .b32 a)\n{\n.reg .b32 %r<3>;\nld.param.u32 %r1, [a]; setp.eq.u32 %q, %r1, 1; @%q bra ONE; add.u32 %r2, %r1, %r1; st.param.b32 [result], %r2; ret;\nONE:\nst.param.b32 [result], 77; ret;\n}\n"
      ".func (.param .align 8 .b8 result[16]) pair(.param .b32 a, .param .align 4 .b8 b[8])\n{\n.reg .b32 %r<9>;\n.reg .b64 %d<3>;\nld.param.u32 %r0, [a]; ld.param.u32 %r1, [b+4];\n"
      "{\n.param .b32 p;\nst.param.b32 [p+0], %r0;\n.param .b32 q;\ncall.uni (q), twice, (p);\nld.param.b32 %r2, [q+0];\n}\n"
      "cvt.u64.u32 %d1, %r2; cvt.u64.u32 %d2, %r1; st.param.b64 [result+0], %d1; st.param.v2.b32 [result+8], {%r1, %r2}; ret;\n}\n";
  std::string text = functions;
  text.replace(text.find(".reg .b32 %r<3>;"), 16, ".reg .b32 %r<3>;\n.reg .pred %q;");
  const std::string body = kOwn +
      "{\n.reg .b32 temp;\n.param .b32 p0;\nst.param.b32 [p0+0], %r0;\n.param .align 4 .b8 p1[8];\nst.param.b32 [p1+4], 5;\n.param .align 8 .b8 q[16];\ncall.uni (q), pair, (p0, p1);\nld.param.b64 %d5, [q+0]; ld.param.b32 %r8, [q+8];\n}\n"
      "cvt.u32.u64 %r7, %d5; mad.lo.u32 %r7, %r8, 1000, %r7; st.global.u32 [%d2], %r7;";
  const std::vector<std::uint32_t> got = after(faulty(body, text), counting(32), {}, {32, 1, 1});
  for (std::uint32_t i = 0; i < 32; i++) {
    CHECK_EQ(got[i], 5000 + (i == 1 ? 77 : 2 * i));
  }
  const std::string recursive = ".func f()\n{\ncall.uni f;\nret;\n}\n";
  CHECK((ptx_test::Trial{.text = faulty("call.uni f;", recursive)}.run().find("recursion is not known: f") != std::string::npos));
  // A guarded call is made by some lanes only.
  const std::string guarded = ".func g(.param .b64 at)\n{\n.reg .b64 %d<2>;\nld.param.u64 %d1, [at]; st.global.u32 [%d1], 9; ret;\n}\n";
  const std::vector<std::uint32_t> some = after(faulty(kOwn + "setp.lt.u32 %p1, %r0, 3;\n{\n.param .b64 p;\nst.param.b64 [p], %d2;\n@%p1 call g, (p);\n}\n", guarded), counting(32), {}, {32, 1, 1});
  CHECK_EQ(some[2], 9U);
  CHECK_EQ(some[3], 3U);
}

TEST(parametersAndTheirAddresses) {
  const std::string text = std::string(ptx_test::kHead) +
      ".visible .entry k(.param .u8 a, .param .u16 b, .param .align 8 .b8 s[24], .param .f32 f, .param .u64 .ptr .global .align 4 out)\n{\n.reg .b32 %r<9>;\n.reg .b64 %d<9>;\n.reg .b16 %h<9>;\n"
      "ld.param.u8 %h1, [a]; ld.param.u16 %h2, [b]; mov.b64 %d1, s; mov.u32 %r1, %tid.x; mul.wide.u32 %d2, %r1, 8; add.s64 %d3, %d1, %d2; ld.param.u32 %r2, [%d3]; ld.param.v2.u32 {%r3, %r4}, [s+16];\n"
      "cvta.param.u64 %d4, %d3; ld.u32 %r7, [%d4]; sub.u32 %r7, %r7, %r2; ld.param.u64 %d5, [out]; mad.wide.u32 %d5, %r1, 16, %d5; cvt.u32.u16 %r5, %h1; cvt.u32.u16 %r6, %h2; add.u32 %r5, %r5, %r7; add.u32 %r3, %r3, %r4; st.global.v4.u32 [%d5], {%r5, %r6, %r2, %r3}; ret;\n}\n";
  Memory memory(1 << 20);
  const Module module(text, memory);
  const emulator::Kernel& kernel = *module.kernel("k");
  CHECK_EQ(kernel.parameters.size(), 5U);
  CHECK_EQ(kernel.parameters[1].offset, 2U);
  CHECK_EQ(kernel.parameters[2].offset, 8U);
  CHECK_EQ(kernel.parameters[3].offset, 32U);
  CHECK_EQ(kernel.parameters[4].offset, 40U);
  CHECK_EQ(kernel.parameterBytes, 48U);
  const std::uint64_t out = memory.allocate(48);
  unsigned char raw[48] = {200, 0, 0x34, 0x12};
  const std::uint64_t s[] = {10, 20, 30};
  std::memcpy(raw + 8, s, 24);
  std::memcpy(raw + 40, &out, 8);
  emulator::run(module, kernel, {}, {3, 1, 1}, 0, raw, memory, {});
  std::uint32_t words[12];
  memory.copyOut(words, out, 48, "words");
  for (std::uint32_t i = 0; i < 3; i++) {
    CHECK_EQ(words[4 * i], 200U);
    CHECK_EQ(words[4 * i + 1], 0x1234U);
    CHECK_EQ(words[4 * i + 2], 10 * (i + 1));
    CHECK_EQ(words[4 * i + 3], 30U);
  }
}

TEST(scopesShadow) {
  const std::string body = kOwn +
      "mov.u32 %r2, 1;\n{\n.reg .b32 %r<5>;\n.reg .b64 x;\nmov.u32 %r2, 50; mov.b64 x, 2;\n{\n.reg .b16 %r2;\nmov.u16 %r2, 9;\nbra INNER;\nINNER:\n}\nadd.u32 %r2, %r2, 1;\n}\n{\nbra INNER;\nmov.u32 %r2, 5;\nINNER:\n}\nst.global.u32 [%d2], %r2;";
  CHECK_EQ(after(faulty(body), counting(1), {}, {})[0], 1U);
}

TEST(loopsAndDivergence) {
  // Each lane counts the steps of its own Collatz sequence.
  const std::string body = kOwn + "ld.global.u32 %r2, [%d2]; mov.u32 %r3, 0;\nLOOP:\nsetp.le.u32 %p1, %r2, 1; @%p1 bra DONE;\nand.b32 %r4, %r2, 1; setp.eq.u32 %p2, %r4, 0; @%p2 bra EVEN;\n"
                                  "mad.lo.u32 %r2, %r2, 3, 1; bra NEXT;\nEVEN:\nshr.u32 %r2, %r2, 1;\nNEXT:\nadd.u32 %r3, %r3, 1; bra LOOP;\nDONE:\nst.global.u32 [%d2], %r3;";
  const std::vector<std::uint32_t> got = after(faulty(body), counting(100), {}, {100, 1, 1});
  for (std::uint32_t i = 0; i < 100; i++) {
    std::uint32_t steps = 0;
    for (std::uint32_t x = i; x > 1; x = x % 2 == 0 ? x / 2 : 3 * x + 1) {
      steps++;
    }
    CHECK_EQ(got[i], steps);
  }
  const std::string table = kOwn + "and.b32 %r2, %r0, 3;\nT: .branchtargets A, B, C, A;\nbrx.idx %r2, T;\nA:\nmov.u32 %r3, 10; bra END;\nB:\nmov.u32 %r3, 20; bra END;\nC:\nmov.u32 %r3, 30;\nEND:\nst.global.u32 [%d2], %r3;";
  const std::vector<std::uint32_t> ways = after(faulty(table), counting(64), {}, {64, 1, 1});
  for (std::uint32_t i = 0; i < 64; i++) {
    CHECK_EQ(ways[i], (std::array<std::uint32_t, 4>{10, 20, 30, 10}[i & 3]));
  }
}

TEST(specialRegisters) {
  const std::string text = std::string(ptx_test::kHead) + ".visible .entry k(.param .u64 buffer)\n{\n" + ptx_test::registers() +
      "ld.param.u64 %d0, [buffer]; mov.u32 %r1, %tid.y; mov.u32 %r2, %tid.z; mov.u32 %r3, %ntid.x; mov.u32 %r4, %ntid.y; mad.lo.u32 %r5, %r2, %r4, %r1; mad.lo.u32 %r5, %r5, %r3, %tid.x;\n"
      "mov.u32 %r6, %ctaid.x; mad.lo.u32 %r7, %nctaid.x, %ctaid.y, %r6; mad.lo.u32 %r8, %nctaid.y, %nctaid.z, %ntid.z; mad.lo.u32 %r9, %r7, 24, %r5; mad.wide.u32 %d1, %r9, 32, %d0; st.global.v4.u32 [%d1], {%r5, %r7, %r8, %laneid};\n"
      "mov.u32 %r10, %lanemask_lt; popc.b32 %r10, %r10; mov.u32 %r11, %lanemask_ge; popc.b32 %r11, %r11; mov.u32 %r12, %warpid; mov.u64 %d3, %clock64; mov.u64 %d4, %clock64; setp.gt.u64 %p1, %d4, %d3; selp.u32 %r13, 1, 0, %p1; st.global.v4.u32 [%d1+16], {%r10, %r11, %r12, %r13}; ret;\n}\n";
  const std::vector<std::uint32_t> got = after(text, counting(6 * 24 * 8), {3, 2, 1}, {4, 3, 2});
  for (std::uint32_t i = 0; i < 6 * 24; i++) {
    CHECK_EQ(got[8 * i], i % 24);
    CHECK_EQ(got[8 * i + 1], i / 24);
    CHECK_EQ(got[8 * i + 2], 4U);  // 2 * 1 + 2
    CHECK_EQ(got[8 * i + 3], i % 24);
    CHECK_EQ(got[8 * i + 4], i % 24);
    CHECK_EQ(got[8 * i + 5], 32 - i % 24);
    CHECK_EQ(got[8 * i + 6], 0U);
    CHECK_EQ(got[8 * i + 7], 1U);
  }
}

TEST(ordersAreDrawnBySeed) {
  // Each thread takes a ticket: who comes first differs between seeds, in blocks, in warps and in lanes; seed 0 keeps the order.
  const auto tickets = [](std::uint64_t seed) {
    emulator::Options options;
    options.seed = seed;
    const std::string body = "atom.global.add.u32 %r2, [%d0], 1; mad.lo.u32 %r3, %r1, 128, %r0; add.u32 %r3, %r3, 1; mad.wide.u32 %d2, %r3, 4, %d0; st.global.u32 [%d2], %r2;";
    std::vector<std::uint32_t> got = after(faulty(body), std::vector<std::uint32_t>(1 + 16 * 128), {16, 1, 1}, {128, 1, 1}, 0, options);
    got.erase(got.begin());
    return got;
  };
  CHECK(tickets(0) == counting(16 * 128));
  const std::vector<std::uint32_t> one = tickets(1);
  const std::vector<std::uint32_t> two = tickets(2);
  CHECK(one == tickets(1));
  CHECK(one != two);
  const auto order = [](const std::vector<std::uint32_t>& list, std::size_t from, std::size_t step, std::size_t count) {
    std::vector<bool> ascending;
    for (std::size_t i = 1; i < count; i++) {
      ascending.push_back(list[from + i * step] > list[from + (i - 1) * step]);
    }
    return ascending;
  };
  CHECK(order(one, 0, 128, 16) != order(counting(2048), 0, 128, 16));  // blocks
  bool warps = false;
  bool lanes = false;
  for (std::size_t block = 0; block < 16; block++) {
    warps |= order(one, block * 128, 32, 4) != std::vector<bool>(3, true);
    lanes |= order(one, block * 128, 1, 32) != std::vector<bool>(31, true);
  }
  CHECK(warps);
  CHECK(lanes);
}

TEST(whatALaunchCounts) {
  Memory memory(1 << 20);
  const Module module(faulty(kOwn + "ld.global.u32 %r2, [%d2]; bar.sync 0; st.global.u32 [%d2], %r2; red.global.add.u32 [%d0+256], 1;"), memory);
  const std::uint64_t buffer = memory.allocate(260);
  memory.fill(buffer, 0, 1, 260, "fill");
  const emulator::Statistics counted = emulator::run(module, *module.kernel("k"), {}, {64, 1, 1}, 0, &buffer, memory, {});
  CHECK_EQ(counted.globalBytesRead, 256U);
  CHECK_EQ(counted.globalBytesWritten, 256U);
  CHECK_EQ(counted.globalSectors, 16U);
  CHECK_EQ(counted.atomics, 64U);
  CHECK_EQ(counted.barriers, 1U);
  CHECK_EQ(counted.warpInstructions, 20U);  // ten a warp
  CHECK_EQ(counted.threadInstructions, 640U);
}

int main(int count, char** arguments) { return check::main(count, arguments); }
