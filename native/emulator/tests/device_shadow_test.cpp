// The race shadow: its rules one by one, and its records of whole rows against records of single words.

#include <random>

#include "check.hpp"
#include "device/shadow.hpp"

using emulator::Accessor;
using emulator::Conflict;
using emulator::Shadow;

namespace {

Accessor at(std::uint32_t interval, std::uint32_t block, std::uint32_t thread, std::uint32_t sync = 0, bool atomic = false) {
  return {10, block, interval, thread, sync, atomic};  // the launch began at interval 10
}

}  // namespace

TEST(whatOrdersAccesses) {
  const auto found = [](const Accessor& first, bool firstWrites, const Accessor& second, bool secondWrites) {
    Shadow shadow(64);
    (firstWrites ? shadow.write(8, 4, first) : shadow.read(8, 4, first));
    return (secondWrites ? shadow.write(8, 4, second) : shadow.read(8, 4, second)).found;
  };
  for (const bool first : {false, true}) {
    for (const bool second : {false, true}) {
      const bool touching = first || second;  // reads alone never conflict
      CHECK_EQ(found(at(12, 12, 0), first, at(12, 12, 40), second), touching);    // another warp, same interval
      CHECK_EQ(found(at(12, 12, 0), first, at(12, 12, 1), second), touching);     // another lane
      CHECK(!found(at(12, 12, 0, 0), first, at(12, 12, 1, 1), second));           // after a synchronisation of the warp
      CHECK_EQ(found(at(12, 12, 0, 0), first, at(12, 12, 40, 1), second), touching);
      CHECK(!found(at(12, 12, 5), first, at(12, 12, 5), second));                 // the same thread
      CHECK(!found(at(12, 12, 0), first, at(13, 12, 40), second));                // after a barrier
      CHECK_EQ(found(at(12, 12, 0), first, at(14, 14, 0), second), touching);     // another block
      CHECK(!found(at(9, 9, 0), first, at(14, 14, 1), second));                   // an earlier launch
      CHECK(!found(at(12, 12, 0, 0, true), first, at(14, 14, 0, 0, true), second));  // both atomic
    }
  }
  CHECK(found(at(12, 12, 0, 0, true), true, at(14, 14, 0), false));  // an atomic and a plain one
}

TEST(readersAreRemembered) {
  const auto writes = [](std::initializer_list<Accessor> readers, const Accessor& writer) {
    Shadow shadow(64);
    for (const Accessor& reader : readers) {
      shadow.read(0, 4, reader);
    }
    return shadow.write(0, 4, writer).found;
  };
  CHECK(writes({at(12, 12, 0), at(12, 12, 1)}, at(12, 12, 1)));       // lane 0 read too
  CHECK(writes({at(12, 12, 40), at(12, 12, 1)}, at(12, 12, 1, 9)));   // another warp read too
  CHECK(writes({at(12, 12, 0), at(14, 14, 1)}, at(14, 14, 1)));       // another block read too
  CHECK(writes({at(12, 12, 0), at(14, 14, 1)}, at(15, 14, 1)));       // ... and no barrier orders that
  CHECK(writes({at(12, 12, 0), at(14, 14, 1), at(15, 14, 1)}, at(15, 14, 1)));
  CHECK(!writes({at(12, 12, 0), at(12, 12, 1)}, at(12, 12, 1, 1)));
  CHECK(!writes({at(12, 12, 0), at(12, 12, 40)}, at(13, 12, 7)));
}

TEST(bytesOfAWord) {
  Shadow shadow(64);
  CHECK(!shadow.write(0, 1, at(12, 12, 0)).found);
  CHECK(!shadow.write(1, 1, at(12, 12, 1)).found);
  CHECK(!shadow.write(2, 2, at(12, 12, 2)).found);
  CHECK(shadow.read(0, 4, at(12, 12, 0)).found);
  CHECK(shadow.write(3, 1, at(12, 12, 3)).found);
  CHECK(!shadow.write(60, 4, at(12, 12, 4)).found);
}

/** Random accesses of warps to two pages, by one shadow with rows where they fit and by one with single words: same conflicts. */
TEST(rowsAreAsGoodAsWords) {
  int conflicts = 0;
  int rows = 0;
  int quiet = 0;
  for (unsigned seed = 0; seed < 4000; seed++) {
    std::mt19937 engine(seed);
    const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
    constexpr std::size_t kBytes = 8192;
    Shadow byRows(kBytes);
    Shadow byWords(kBytes);
    std::uint32_t interval = 12;
    std::uint32_t block = 12;
    std::uint32_t launch = 10;
    std::uint32_t sync = 0;
    bool ended = false;
    const std::uint32_t steps = 2 + random() % 10;
    for (std::uint32_t step = 0; step < steps && !ended; step++) {
      switch (random() % 8) {
        case 0: interval++; break;                                  // a barrier
        case 1: block = ++interval; break;                          // the next block
        case 2: launch = block = ++interval; break;                 // the next launch
        case 3: sync++; break;
        default: break;
      }
      const std::size_t perThread = std::size_t{1} << random() % 3;  // words: 4, 8 or 16 bytes a thread
      const std::size_t count = 4 * perThread;
      const std::size_t stride = random() % 4 == 0 ? 2 * count : count;
      const std::size_t start = random() % 3 * 1024 + (random() % 5 == 0 ? count : 0);
      const std::uint32_t lanes = random() % 4 == 0 ? random() | 1 : 0xFFFFFFFF;
      const Accessor by{launch, block, interval, 32 * (random() % 2), sync, random() % 8 == 0};
      const bool write = random() % 3 == 0;
      std::uint64_t places[32];
      for (std::size_t i = 0; i < 32; i++) {
        places[i] = start + i * stride;
      }
      int lane = 0;
      Conflict right = write ? byWords.writeLanes(places, 0, lanes, count, by, lane) : byWords.readLanes(places, 0, lanes, count, by, lane);
      const bool fits = lanes == 0xFFFFFFFF && stride == count;
      const std::size_t words = 32 * perThread;
      if (fits && (write ? byRows.writeRow(start, words, perThread, by) : byRows.readRow(start, words, perThread, by))) {
        rows++;
        CHECK(!right.found);
      } else {
        const Conflict got = write ? byRows.writeLanes(places, 0, lanes, count, by, lane) : byRows.readLanes(places, 0, lanes, count, by, lane);
        CHECK_EQ(got.found, right.found);
        CHECK_EQ(got.otherBlock, right.otherBlock);
      }
      ended = right.found;  // a fault ends the launch
    }
    conflicts += ended ? 1 : 0;
    quiet += ended ? 0 : 1;
  }
  CHECK(conflicts > 500);
  CHECK(quiet > 500);
  CHECK(rows > 2000);
}

int main(int count, char** arguments) { return check::main(count, arguments); }
