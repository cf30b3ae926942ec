#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace emulator {

/**
 * Who touches memory, and when. Time is counted in intervals: a number that grows at every launch, block and block-wide barrier.
 * Blocks run one after the other, so the intervals of a block are contiguous.
 */
struct Accessor {
  std::uint32_t launch = 0;    // first interval of the launch: what is older is ordered before everything
  std::uint32_t block = 0;     // first interval of this block: between the two lie other blocks, unordered with this one
  std::uint32_t interval = 0;  // the current one: threads of the block are unordered within it
  std::uint32_t thread = 0;    // in the block
  std::uint32_t sync = 0;      // warp-level synchronisations so far: they order the lanes of a warp
  bool atomic = false;         // atomics, volatile and relaxed accesses do not race with each other
};

/** The earlier access that an access is not ordered with. */
struct Conflict {
  bool found = false;
  bool write = false;
  bool otherBlock = false;
  bool manyThreads = false;  // the earlier accesses were reads by several threads
  std::uint32_t thread = 0;  // of the earlier access; unknown if in another block or by many
};

/**
 * Last writer and last readers of each 4-byte word, or of each byte in pages that narrower accesses have touched
 * (neighbouring threads may write neighbouring bytes).
 */
class Shadow {
 public:
  explicit Shadow(std::size_t bytes = 0) : bytes_(bytes) {}

  Conflict read(std::size_t offset, std::size_t count, const Accessor& by);
  Conflict write(std::size_t offset, std::size_t count, const Accessor& by);

  /** The accesses of count bytes at at[i] - base by the lanes i of a warp, whose first thread is by.thread; stops at a conflict. */
  Conflict readLanes(const std::uint64_t* at, std::uint64_t base, std::uint32_t lanes, std::size_t count, const Accessor& by, int& lane);
  Conflict writeLanes(const std::uint64_t* at, std::uint64_t base, std::uint32_t lanes, std::size_t count, const Accessor& by, int& lane);

  /**
   * Notes the access of consecutive words by the threads from by.thread on, each of wordsPerThread words, as one record for each
   * 128 bytes. False, with nothing noted, if the range is not aligned to them or there may be a conflict: then lane by lane.
   */
  bool readRow(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by);
  bool writeRow(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by);

  void forget() { pages_.clear(); }

 private:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kRow = 128;

  /** What holds for the 32 words of a row alike: word i was touched by the record's thread + i / (words per thread). */
  struct Row {
    std::uint64_t write = 0;
    std::uint64_t read = 0;
    std::uint32_t single = 0;  // latest interval of a record of a single word
    std::uint8_t writeWords = 0;  // words per thread; 0: the records of single words hold
    std::uint8_t readWords = 0;
  };
  struct Page {
    bool fine = false;                  // a record a byte instead of one per four
    std::vector<std::uint64_t> writes;  // interval << 32 | thread << 16 | sync (13 bits) << 3 | flags
    std::vector<std::uint64_t> reads;
    std::array<Row, kPage / kRow> rows;
  };

  Page& page(std::size_t offset);
  void singleWords(Page& page, std::size_t offset);
  void expand(Page& page, std::size_t row);
  void refine(Page& page);
  template <bool Write>
  Conflict access(std::size_t offset, std::size_t count, const Accessor& by);
  template <bool Write>
  Conflict lanes(const std::uint64_t* at, std::uint64_t base, std::uint32_t lanes, std::size_t count, const Accessor& by, int& lane);
  template <bool Write>
  bool row(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by);

  std::size_t bytes_;
  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace emulator
