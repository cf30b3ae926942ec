// Planted mistakes: each must be reported, with its place; and the right programs beside them must not be.

#include "check.hpp"
#include "ptx.hpp"

using emulator::Extent;
using ptx_test::faulty;
using ptx_test::Trial;

namespace {

bool starts(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }
bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

#define REPORTS(trial, code, part)                                                                        \
  do {                                                                                                    \
    const std::string said = (trial).run();                                                               \
    if (!starts(said, code " ") || !holds(said, part)) {                                                  \
      check::fail(__FILE__, __LINE__, "expected " code " ..." part "... but was: " + said);               \
    }                                                                                                     \
  } while (false)

#define RUNS(trial) CHECK_EQ((trial).run(), "")

const Extent kOneWarp{32, 1, 1};
const Extent kTwoWarps{64, 1, 1};

}  // namespace

TEST(outOfBounds) {
  const std::string store = faulty("mad.wide.u32 %d2, %r0, 4, %d0;\nst.global.u32 [%d2], %r0;");
  RUNS((Trial{.text = store, .block = kOneWarp, .bytes = 128}));
  REPORTS((Trial{.text = store, .block = kOneWarp, .bytes = 124}), "700",
          "PTX line 12 (st.global.u32), block (0,0,0), thread (31,0,0): illegal global address: 4 bytes at 0x");
  REPORTS((Trial{.text = store, .block = kOneWarp, .bytes = 126}), "700", "2 bytes too long");
  REPORTS((Trial{.text = faulty("ld.global.u32 %r2, [%d0+-4];"), .bytes = 64}), "700", "4 bytes before block #1");
  REPORTS((Trial{.text = faulty("mov.u64 %d2, 16; ld.global.u32 %r2, [%d2];")}), "700", "at 0x10");
  REPORTS((Trial{.text = faulty("ld.global.v4.u32 {%r2,%r3,%r4,%r5}, [%d0+16];"), .bytes = 28}), "700", "4 bytes too long");
}

TEST(outOfBoundsOfOtherSpaces) {
  const std::string declared = ".shared .align 4 .b8 s[64];\n.extern .shared .align 16 .b8 x[];\n";
  RUNS((Trial{.text = faulty("st.shared.u32 [s+60], %r0;", declared)}));
  REPORTS((Trial{.text = faulty("st.shared.u32 [s+64], %r0;", declared)}), "700", "illegal shared address");
  RUNS((Trial{.text = faulty("st.shared.u32 [s], %r0; st.shared.u32 [x+12], %r0;", declared), .shared = 16}));
  REPORTS((Trial{.text = faulty("st.shared.u32 [s], %r0; st.shared.u32 [x+16], %r0;", declared), .shared = 16}), "700", "shared memory has 80 bytes");
  REPORTS((Trial{.text = faulty(".local .align 4 .b8 l[8];\nst.local.u32 [l+16], %r0;")}), "700", "illegal local address");
  REPORTS((Trial{.text = faulty("ld.param.u32 %r2, [buffer+8];")}), "700", "illegal param address");
}

TEST(misaligned) {
  REPORTS((Trial{.text = faulty("ld.global.u32 %r2, [%d0+2];")}), "716", "is no multiple of 4");
  REPORTS((Trial{.text = faulty("ld.global.v4.f32 {%r2,%r3,%r4,%r5}, [%d0+8];")}), "716", "is no multiple of 16");
  REPORTS((Trial{.text = faulty("st.shared.u64 [s+4], %d0;", ".shared .align 8 .b8 s[64];\n")}), "716", "misaligned shared address: 0x4");
  REPORTS((Trial{.text = faulty("atom.global.add.u32 %r2, [%d0+1], 1;")}), "716", "is no multiple of 4");
}

TEST(neverWritten) {
  REPORTS((Trial{.text = faulty("ld.global.u32 %r2, [%d0];"), .written = false}), "719", "read of global bytes never written: 4 bytes at");
  RUNS((Trial{.text = faulty("st.global.u32 [%d0], %r0; ld.global.u32 %r2, [%d0];"), .written = false}));
  REPORTS((Trial{.text = faulty("st.global.u16 [%d0], %h0; ld.global.u32 %r2, [%d0];"), .written = false}), "719", "never written");
  REPORTS((Trial{.text = faulty("atom.global.add.u32 %r2, [%d0], 1;"), .written = false}), "719", "never written");
  REPORTS((Trial{.text = faulty("ld.shared.u32 %r2, [s];", ".shared .align 4 .b8 s[64];\n")}), "719", "read of shared bytes never written");
  REPORTS((Trial{.text = faulty(".local .align 4 .b8 l[8];\nld.local.u32 %r2, [l];")}), "719", "read of local bytes never written");
  // Shared memory of one block is not that of the next.
  const std::string first = "setp.ne.u32 %p1, %r1, 0; @%p1 bra READ; st.shared.u32 [s], %r0;\nREAD:\nld.shared.u32 %r2, [s];";
  REPORTS((Trial{.text = faulty(first, ".shared .align 4 .b8 s[64];\n"), .grid = {2, 1, 1}}), "719", "block (1,0,0)");
}

TEST(useAfterFree) {
  emulator::Memory memory(1 << 20);
  const emulator::Module module(faulty("ld.global.u32 %r2, [%d0];"), memory);
  const std::uint64_t buffer = memory.allocate(64);
  memory.free(buffer);
  memory.allocate(64);
  std::string said;
  try {
    emulator::run(module, *module.kernel("k"), {}, {}, 0, &buffer, memory, {});
  } catch (const emulator::Fault& fault) {
    said = fault.what();
  }
  CHECK(holds(said, "0 bytes into freed block #1"));
}

TEST(sharedRaces) {
  const std::string declared = ".shared .align 4 .b8 s[1024];\n";
  const std::string put = "mul.lo.u32 %r2, %r0, 4; mov.u32 %r3, s; add.u32 %r2, %r2, %r3; st.shared.u32 [%r2], %r0;\n";
  const std::string reversed = "sub.u32 %r4, 63, %r0; mul.lo.u32 %r4, %r4, 4; add.u32 %r4, %r4, %r3; ld.shared.u32 %r5, [%r4];\n";
  for (const std::uint64_t seed : {0U, 1U, 2U, 3U}) {
    emulator::Options options;
    options.seed = seed;
    RUNS((Trial{.text = faulty(put + "bar.sync 0;\n" + reversed, declared), .block = kTwoWarps, .options = options}));
    // Without the barrier, one warp reads what the other writes: unwritten or a race, by order.
    const std::string said = Trial{.text = faulty(put + reversed, declared), .block = kTwoWarps, .options = options}.run();
    CHECK(starts(said, "719 ") && (holds(said, "shared race") || holds(said, "never written")));
    // The write after a read needs a barrier too.
    const std::string twice = put + "bar.sync 0;\n" + reversed;
    REPORTS((Trial{.text = faulty(twice + "st.shared.u32 [%r2], %r5;", declared), .block = kTwoWarps, .options = options}), "719", "shared race");
    RUNS((Trial{.text = faulty(twice + "bar.sync 0;\nst.shared.u32 [%r2], %r5;", declared), .block = kTwoWarps, .options = options}));
  }
  // Every block has shared memory of its own.
  RUNS((Trial{.text = faulty(put + "bar.sync 0;\n" + reversed, declared), .grid = {4, 1, 1}, .block = kTwoWarps}));
  // All threads to one word.
  REPORTS((Trial{.text = faulty("st.shared.u32 [s], %r0;", declared), .block = kOneWarp}), "719", "write by thread 0 of the block have no barrier");
  // Neighbouring bytes are different places.
  RUNS((Trial{.text = faulty("mov.u32 %r3, s; add.u32 %r2, %r0, %r3; st.shared.u8 [%r2], %r0;", declared), .block = kTwoWarps}));
}

TEST(warpSynchronisationOrders) {
  const std::string declared = ".shared .align 4 .b8 s[1024];\n";
  const std::string put = "mul.lo.u32 %r2, %r0, 4; mov.u32 %r3, s; add.u32 %r2, %r2, %r3; st.shared.u32 [%r2], %r0;\n";
  const std::string next = "xor.b32 %r4, %r0, 1; mul.lo.u32 %r4, %r4, 4; add.u32 %r4, %r4, %r3; ld.shared.u32 %r5, [%r4];\n";
  REPORTS((Trial{.text = faulty(put + next, declared), .block = kOneWarp}), "719", "shared race");
  RUNS((Trial{.text = faulty(put + "bar.warp.sync -1;\n" + next, declared), .block = kOneWarp}));
  RUNS((Trial{.text = faulty(put + "shfl.sync.bfly.b32 %r6|%p1, %r0, 1, 31, -1;\n" + next, declared), .block = kOneWarp}));
}

TEST(globalRaces) {
  // Blocks write one word.
  REPORTS((Trial{.text = faulty("st.global.u32 [%d0], %r1;"), .grid = {4, 1, 1}}), "719", "write by another block of the launch have no order");
  // A block reads what another one wrote; one writes what others read.
  const std::string one = "setp.ne.u32 %p1, %r1, 2; @%p1 bra READ; st.global.u32 [%d0], %r0; bra DONE;\nREAD:\nld.global.u32 %r3, [%d0];\nDONE:\n";
  for (const std::uint64_t seed : {0U, 1U, 2U, 3U, 4U}) {
    emulator::Options options;
    options.seed = seed;
    REPORTS((Trial{.text = faulty(one), .grid = {4, 1, 1}, .options = options}), "719", "global race");
  }
  // Threads of a block, without and with a barrier.
  const std::string put = "mad.wide.u32 %d2, %r0, 4, %d0; st.global.u32 [%d2], %r0;\n";
  const std::string reversed = "sub.u32 %r4, 63, %r0; mad.wide.u32 %d3, %r4, 4, %d0; ld.global.u32 %r5, [%d3];\n";
  REPORTS((Trial{.text = faulty(put + reversed), .block = kTwoWarps}), "719", "global race");
  RUNS((Trial{.text = faulty(put + "bar.sync 0;\n" + reversed), .block = kTwoWarps}));
  // Atomics do not race with each other, but with plain accesses.
  RUNS((Trial{.text = faulty("red.global.add.u32 [%d0], 1;"), .grid = {4, 1, 1}, .block = kTwoWarps}));
  REPORTS((Trial{.text = faulty("red.global.add.u32 [%d0], 1; ld.global.u32 %r2, [%d0];"), .grid = {4, 1, 1}}), "719", "global race");
  RUNS((Trial{.text = faulty("st.volatile.global.u32 [%d0], %r1;"), .grid = {4, 1, 1}, .block = kTwoWarps}));
  // Launches are ordered; neighbouring bytes are different places; the report can be switched off.
  RUNS((Trial{.text = faulty("mad.lo.u32 %r2, %r1, 32, %r0; cvt.u64.u32 %d2, %r2; add.u64 %d2, %d2, %d0; st.global.u8 [%d2], %r0;"), .grid = {4, 1, 1}, .block = kOneWarp}));
  emulator::Options off;
  off.races = false;
  RUNS((Trial{.text = faulty("st.global.u32 [%d0], %r1;"), .grid = {4, 1, 1}, .options = off}));
}

TEST(divergence) {
  const std::string half = "setp.lt.u32 %p1, %r0, 16; @%p1 bra THERE;\n";
  // A barrier that half a warp, or one of two warps, does not reach.
  REPORTS((Trial{.text = faulty(half + "bar.sync 0;\nTHERE:\n"), .block = kOneWarp}), "719", "divergence: lanes 16,17");
  REPORTS((Trial{.text = faulty("setp.lt.u32 %p1, %r0, 32; @%p1 bra THERE; bar.sync 0;\nTHERE:\n"), .block = kTwoWarps}), "719", "barrier after threads");
  REPORTS((Trial{.text = faulty("setp.lt.u32 %p1, %r0, 16; @%p1 ret; bar.sync 0;\n"), .block = kOneWarp}), "719", "barrier after lanes have exited");
  REPORTS((Trial{.text = faulty("setp.lt.u32 %p1, %r0, 16; @%p1 bar.sync 0;\n"), .block = kOneWarp}), "719", "guard that is false");
  // Two halves at two barriers.
  REPORTS((Trial{.text = faulty(half + "bar.sync 0; bra DONE;\nTHERE:\nbar.sync 0;\nDONE:\n"), .block = kOneWarp}), "719", "wait at PTX line");
  REPORTS((Trial{.text = faulty("setp.lt.u32 %p1, %r0, 32; @%p1 bra THERE; bar.sync 0; bra DONE;\nTHERE:\nbar.sync 1;\nDONE:\n"), .block = kTwoWarps}), "719", "waits at barrier");
  // Shuffles.
  REPORTS((Trial{.text = faulty(half + "shfl.sync.bfly.b32 %r2, %r0, 1, 31, -1;\nTHERE:\n"), .block = kOneWarp}), "719", "divergence");
  REPORTS((Trial{.text = faulty("@%p1 bra THERE;\nsetp.lt.u32 %p1, %r0, 16; @%p1 exit; shfl.sync.bfly.b32 %r2, %r0, 1, 31, -1;\nTHERE:\n"), .block = kOneWarp}), "719", "exited");
  REPORTS((Trial{.text = faulty("shfl.sync.bfly.b32 %r2, %r0, 1, 31, -1;"), .block = {16, 1, 1}}), "719", "exited");
  REPORTS((Trial{.text = faulty("shfl.sync.idx.b32 %r2, %r0, 20, 31, 0xFFFF;"), .block = {16, 1, 1}}), "719", "shuffle from lane 20");
  REPORTS((Trial{.text = faulty(half + "shfl.sync.bfly.b32 %r2, %r0, 1, 31, 0xFFFF;\nTHERE:\n"), .block = kOneWarp}), "719", "own member mask");
  RUNS((Trial{.text = faulty(half + "shfl.sync.bfly.b32 %r2, %r0, 1, 31, 0xFFFF0000;\nTHERE:\n"), .block = kOneWarp}));
  REPORTS((Trial{.text = faulty("setp.lt.u32 %p1, %r0, 16; @%p1 shfl.sync.bfly.b32 %r2, %r0, 1, 31, -1;"), .block = kOneWarp}), "719", "guard is false");
  // Lanes that arrive on different ways meet: the later ones wait.
  RUNS((Trial{.text = faulty("setp.lt.u32 %p1, %r0, 16; @%p1 bra FAR;\nMEET:\nshfl.sync.bfly.b32 %r2, %r0, 16, 31, -1;\nbra DONE;\nFAR:\nadd.u32 %r3, %r0, 1; bra MEET;\nDONE:\n"), .block = kOneWarp}));
  RUNS((Trial{.text = faulty("setp.lt.u32 %p1, %r0, 16; @%p1 bra FAR;\nbra MEET;\nBEFORE:\nadd.u32 %r3, %r0, 1;\nMEET:\nshfl.sync.bfly.b32 %r2, %r0, 16, 31, -1;\nbra DONE;\nFAR:\nbra BEFORE;\nDONE:\n"), .block = kOneWarp}));
}

TEST(endlessLoops) {
  emulator::Options options;
  options.limit = 1'000'000;
  REPORTS((Trial{.text = faulty("AGAIN:\nbra AGAIN;"), .options = options}), "702", "no end after");
  REPORTS((Trial{.text = faulty("AGAIN:\nld.volatile.global.u32 %r2, [%d0]; setp.eq.u32 %p1, %r2, 0; @%p1 bra AGAIN;"), .options = options}), "702", "no end after");
  // Another warp ends the wait.
  const std::string flag = "setp.ge.u32 %p2, %r0, 32; @%p2 bra SET;\nAGAIN:\nld.volatile.global.u32 %r2, [%d0]; setp.eq.u32 %p1, %r2, 0; @%p1 bra AGAIN;\nbra DONE;\nSET:\nst.volatile.global.u32 [%d0], 1;\nDONE:\n";
  RUNS((Trial{.text = faulty(flag), .block = kTwoWarps}));
}

TEST(traps) {
  REPORTS((Trial{.text = faulty("trap;")}), "719", "trap");
  RUNS((Trial{.text = faulty("setp.eq.u32 %p1, %r0, 77; @%p1 trap;")}));
  const std::string table = "setp.eq.u32 %p1, %r0, 0;\nT: .branchtargets A, B;\nbrx.idx %r2, T;\nA:\nadd.u32 %r3, %r0, 1;\nB:\n";
  RUNS((Trial{.text = faulty("and.b32 %r2, %r0, 1;" + table), .block = kOneWarp}));
  REPORTS((Trial{.text = faulty("and.b32 %r2, %r0, 3;" + table), .block = kOneWarp}), "719", "brx.idx beyond its table: 2");
}

TEST(whatIsNotPtx) {
  const auto refused = [](const std::string& body, const std::string& part, int line) {
    const std::string said = Trial{.text = faulty(body)}.run();
    const std::string at = "218 PTX line " + std::to_string(line) + ": ";
    if (!starts(said, at) || !holds(said, part)) {
      check::fail("ptx_fault_test.cpp", line, "expected " + part + " but was: " + said);
    }
  };
  refused("frobnicate.u32 %r2, %r0;", "unknown opcode: frobnicate.u32", 11);
  refused("add.rn.u32 %r2, %r0, %r0;", "unknown modifier .rn", 11);
  refused("add.f32.wow %r2, %r0, %r0;", "unknown modifier .wow", 11);
  refused("\n\nadd.u32 %r2, %d0, %r0;", "register %d0 is 64 bits wide", 13);
  refused("add.u32 %d2, %r0, %r0;", "register %d2 is 64 bits wide", 11);
  refused("add.u32 %r2, %r0, %q0;", "unknown register: %q0", 11);
  refused("add.u32 %r2, %r0, %r99;", "unknown register: %r99", 11);
  refused("add.u32 %r2, %r0;", "a wrong number of operands: 2", 11);
  refused("fma.f32 %r2, %r0, %r0, %r0;", "needs a rounding mode", 11);
  refused("add.ftz.f64 %d2, %d0, %d0;", "neither .ftz nor .sat", 11);
  refused("cvt.f32.f64 %r2, %d0;", "rounding mode", 11);
  refused("bra NOWHERE;", "unknown label: NOWHERE", 11);
  refused("call.uni vprintf, ();", "a function without a body: vprintf", 11);
  refused("setp.lo.s32 %p1, %r0, %r0;", "unsigned comparison", 11);
  refused("setp.lt.b32 %p1, %r0, %r0;", "a comparison that the type does not have", 11);
  refused("ld.global.v2.f32 {%r2}, [%d0];", "vector", 11);
  refused("ld.global.u64 %r2, [%d0];", "only 32 bits wide", 11);
  refused("atom.global.add.b32 %r2, [%d0], 1;", "a type that the operation does not have", 11);
  refused("shfl.bfly.b32 %r2, %r0, 1, 31;", "needs .sync", 11);
  refused("mov.f32 %r2, 1;", "an integer where a real number is needed", 11);
  refused("wmma.load.a.sync %r2;", "unknown opcode", 11);
  CHECK(starts(Trial{.text = ".version 8.8\n.target sm_90\n.address_size 32\n"}.run(), "218 PTX line 3"));
  CHECK(holds(Trial{.text = std::string(ptx_test::kHead) + ".texref t;\n"}.run(), "unknown directive: .texref"));
  CHECK(holds(Trial{.text = std::string(ptx_test::kHead) + ".visible .entry k()\n{\n"}.run(), "does not end"));
}

TEST(launchShapes) {
  const std::string text = faulty("");
  REPORTS((Trial{.text = text, .block = {1025, 1, 1}}), "1", "beyond what a device runs");
  REPORTS((Trial{.text = text, .grid = {1, 70000, 1}}), "1", "beyond what a device runs");
  REPORTS((Trial{.text = text, .grid = {0, 1, 1}}), "1", "a launch of nothing");
  REPORTS((Trial{.text = text, .shared = 300000}), "1", "bytes of shared memory");
}

int main(int count, char** arguments) { return check::main(count, arguments); }
