// Instructions of a whole warp, and barriers, against their definitions lane by lane.

#include <functional>
#include <random>

#include "check.hpp"
#include "ptx.hpp"

using ptx_test::Row;

namespace {

std::vector<Row> lanes(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Row> rows(64);
  for (Row& row : rows) {
    row = {random(), random() % 5, random(), random()};
  }
  return rows;
}

/** Compares with a function of the warp's rows (32 of them) and the lane. */
void expect(const std::string& snippet, char file, const std::function<std::uint64_t(const Row*, int)>& wanted) {
  const std::vector<Row> rows = lanes(7);
  const std::vector<std::uint64_t> got = ptx_test::results(snippet, file, rows);
  for (int i = 0; i < 64; i++) {
    const std::uint64_t right = wanted(rows.data() + i / 32 * 32, i % 32);
    if (got[static_cast<std::size_t>(i)] != right) {
      std::ostringstream text;
      text << snippet << " in lane " << i % 32 << " is " << std::hex << got[static_cast<std::size_t>(i)] << ", not " << right;
      check::fail(__FILE__, __LINE__, text.str());
      return;
    }
  }
}

std::uint64_t low(const Row& row, int word = 0) { return row[static_cast<std::size_t>(word)] & 0xFFFFFFFF; }

}  // namespace

TEST(shuffles) {
  for (const int width : {32, 16, 8, 4, 2}) {
    const int segment = 32 - width;  // as CUDA's __shfl_*_sync builds the operand c
    const std::string c = std::to_string(segment << 8 | 31);
    const std::string upC = std::to_string(segment << 8);
    for (const int by : {0, 1, 2, 5, 16, 31}) {
      const std::string tail = " %r9|%p9, %r0, " + std::to_string(by) + ", ";
      const auto base = [=](int lane) { return lane / width * width; };
      expect("shfl.sync.bfly.b32" + tail + c + ", -1;", 'r', [=](const Row* rows, int lane) {
        const int from = lane ^ by;
        return low(rows[from < base(lane) + width ? from : lane]);
      });
      expect("shfl.sync.down.b32" + tail + c + ", -1;", 'r', [=](const Row* rows, int lane) {
        const int from = lane + by;
        return low(rows[from < base(lane) + width ? from : lane]);
      });
      expect("shfl.sync.up.b32" + tail + upC + ", -1;", 'r', [=](const Row* rows, int lane) {
        const int from = lane - by;
        return low(rows[from >= base(lane) ? from : lane]);
      });
      expect("shfl.sync.idx.b32" + tail + c + ", -1;", 'r', [=](const Row* rows, int lane) { return low(rows[base(lane) + by % width]); });
      expect("shfl.sync.down.b32" + tail + c + ", -1;", 'p', [=](const Row*, int lane) { return lane + by < base(lane) + width ? 1U : 0U; });
      expect("shfl.sync.up.b32" + tail + upC + ", -1;", 'p', [=](const Row*, int lane) { return lane - by >= base(lane) ? 1U : 0U; });
    }
  }
  // A lane of one's own choice; two halves with a mask each, diverged and together.
  expect("and.b32 %r2, %r2, 31; shfl.sync.idx.b32 %r9, %r0, %r2, 31, -1;", 'r', [](const Row* rows, int lane) { return low(rows[low(rows[lane], 2) & 31]); });
  const std::string masks = "mov.u32 %r5, %laneid; setp.lt.u32 %p1, %r5, 16; selp.b32 %r6, 0xFFFF, 0xFFFF0000, %p1;\n";
  expect(masks + "shfl.sync.bfly.b32 %r9, %r0, 3, 31, %r6;", 'r', [](const Row* rows, int lane) { return low(rows[lane ^ 3]); });
  expect(masks + "@%p1 bra LOW;\nshfl.sync.bfly.b32 %r9, %r0, 3, 31, 0xFFFF0000; bra END;\nLOW:\nshfl.sync.bfly.b32 %r9, %r0, 5, 31, 0xFFFF;\nEND:\n", 'r',
         [](const Row* rows, int lane) { return low(rows[lane < 16 ? lane ^ 5 : lane ^ 3]); });
}

TEST(votes) {
  const std::string odd = "and.b32 %r2, %r0, 1; setp.eq.u32 %p1, %r2, 1;\n";
  const auto ballot = [](const Row* rows) {
    std::uint64_t result = 0;
    for (int i = 0; i < 32; i++) {
      result |= (rows[i][0] & 1) << i;
    }
    return result;
  };
  expect(odd + "vote.sync.ballot.b32 %r9, %p1, -1;", 'r', [&](const Row* rows, int) { return ballot(rows); });
  expect(odd + "vote.sync.ballot.b32 %r9, !%p1, -1;", 'r', [&](const Row* rows, int) { return ballot(rows) ^ 0xFFFFFFFF; });
  expect(odd + "vote.sync.any.pred %p9, %p1, -1;", 'p', [](const Row*, int) { return 1U; });
  expect(odd + "vote.sync.all.pred %p9, %p1, -1;", 'p', [](const Row*, int) { return 0U; });
  expect(odd + "vote.sync.uni.pred %p9, %p1, -1;", 'p', [](const Row*, int) { return 0U; });
  expect("setp.eq.u32 %p1, %r0, %r0; vote.sync.all.pred %p9, %p1, -1;", 'p', [](const Row*, int) { return 1U; });
  expect("setp.ne.u32 %p1, %r0, %r0; vote.sync.uni.pred %p9, %p1, -1;", 'p', [](const Row*, int) { return 1U; });
  expect("setp.ne.u32 %p1, %r0, %r0; vote.sync.any.pred %p9, %p1, -1;", 'p', [](const Row*, int) { return 0U; });
  expect("activemask.b32 %r9;", 'r', [](const Row*, int) { return 0xFFFFFFFFU; });
  expect("mov.u32 %r9, 0;\n" + odd + "@%p1 activemask.b32 %r9;", 'r', [&](const Row* rows, int lane) { return (rows[lane][0] & 1) != 0 ? ballot(rows) : 0; });
  // Inside a branch, the lanes that took it.
  expect(odd + "mov.u32 %r9, 0; @!%p1 bra END;\nactivemask.b32 %r5; vote.sync.ballot.b32 %r9, %p1, %r5;\nEND:\n", 'r', [&](const Row* rows, int lane) { return (rows[lane][0] & 1) != 0 ? ballot(rows) : 0; });
}

TEST(matchesAndReductions) {
  const auto equal = [](const Row* rows, int lane) {
    std::uint64_t result = 0;
    for (int i = 0; i < 32; i++) {
      result |= std::uint64_t{rows[i][1] == rows[lane][1]} << i;
    }
    return result;
  };
  expect("match.any.sync.b32 %r9, %r1, -1;", 'r', equal);
  expect("match.any.sync.b64 %r9, %d1, -1;", 'r', equal);
  expect("match.all.sync.b32 %r9|%p9, %r1, -1;", 'r', [](const Row*, int) { return 0U; });
  expect("match.all.sync.b32 %r9|%p9, 5, -1;", 'p', [](const Row*, int) { return 1U; });
  const auto all = [](const std::function<std::uint64_t(std::uint64_t, std::uint64_t)>& join) {
    return [join](const Row* rows, int) {
      std::uint64_t result = low(rows[0]);
      for (int i = 1; i < 32; i++) {
        result = join(result, low(rows[i])) & 0xFFFFFFFF;
      }
      return result;
    };
  };
  const auto s = [](std::uint64_t x) { return static_cast<std::int32_t>(x); };
  expect("redux.sync.add.u32 %r9, %r0, -1;", 'r', all([](auto a, auto b) { return a + b; }));
  expect("redux.sync.add.s32 %r9, %r0, -1;", 'r', all([](auto a, auto b) { return a + b; }));
  expect("redux.sync.min.u32 %r9, %r0, -1;", 'r', all([](auto a, auto b) { return std::min(a, b); }));
  expect("redux.sync.max.u32 %r9, %r0, -1;", 'r', all([](auto a, auto b) { return std::max(a, b); }));
  expect("redux.sync.min.s32 %r9, %r0, -1;", 'r', all([s](auto a, auto b) { return s(a) < s(b) ? a : b; }));
  expect("redux.sync.max.s32 %r9, %r0, -1;", 'r', all([s](auto a, auto b) { return s(a) > s(b) ? a : b; }));
  expect("redux.sync.and.b32 %r9, %r0, -1;", 'r', all([](auto a, auto b) { return a & b; }));
  expect("redux.sync.or.b32 %r9, %r0, -1;", 'r', all([](auto a, auto b) { return a | b; }));
  expect("redux.sync.xor.b32 %r9, %r0, -1;", 'r', all([](auto a, auto b) { return a ^ b; }));
}

TEST(barriersThatReduce) {
  const std::vector<Row> rows = lanes(7);
  std::uint64_t odd = 0;
  for (const Row& row : rows) {
    odd += row[0] & 1;
  }
  const std::string test = "and.b32 %r2, %r0, 1; setp.eq.u32 %p1, %r2, 1;\n";
  for (const std::uint64_t got : ptx_test::results(test + "bar.red.popc.u32 %r9, 0, %p1;", 'r', rows)) {
    CHECK_EQ(got, odd);
  }
  for (const std::uint64_t got : ptx_test::results(test + "bar.cta.red.popc.aligned.u32 %r9, 0, 64, !%p1;", 'r', rows)) {
    CHECK_EQ(got, 64 - odd);
  }
  for (const std::uint64_t got : ptx_test::results(test + "bar.red.or.pred %p9, 0, %p1;", 'p', rows)) {
    CHECK_EQ(got, 1U);
  }
  for (const std::uint64_t got : ptx_test::results(test + "bar.red.and.pred %p9, 0, %p1;", 'p', rows)) {
    CHECK_EQ(got, 0U);
  }
  for (const std::uint64_t got : ptx_test::results("setp.eq.u32 %p1, %r0, %r0; barrier.sync.aligned 1, 64; membar.gl; fence.acq_rel.gpu; membar.cta; bar.red.and.pred %p9, 0, %p1; nanosleep.u32 20;", 'p', rows)) {
    CHECK_EQ(got, 1U);
  }
}

int main(int count, char** arguments) { return check::main(count, arguments); }
