#include "device/shadow.hpp"

#include <algorithm>
#include <bit>

namespace emulator {
namespace {

// A record: interval << 32 | thread << 16 | sync (13 bits) << 3 | flags. Flags of a write: 1 if atomic.
// Flags of a read: how far the readers of the interval are spread.
enum Spread : std::uint64_t { kOneThread, kOneWarp, kOneBlock, kManyBlocks };

std::uint64_t pack(const Accessor& by, std::uint64_t flags) {
  return std::uint64_t{by.interval} << 32 | std::uint64_t{by.thread} << 16 | std::uint64_t{by.sync & 0x1FFFU} << 3 | flags;
}

std::uint32_t intervalOf(std::uint64_t record) { return static_cast<std::uint32_t>(record >> 32); }
std::uint32_t threadOf(std::uint64_t record) { return static_cast<std::uint32_t>(record >> 16) & 0xFFFFU; }
std::uint32_t syncOf(std::uint64_t record) { return static_cast<std::uint32_t>(record >> 3) & 0x1FFFU; }
std::uint64_t flagsOf(std::uint64_t record) { return record & 7; }

/** True if the access of the record, by another thread of this block in this interval, has no order with the one by {@code by}. */
bool unorderedInBlock(std::uint64_t record, const Accessor& by) {
  const bool sameWarp = threadOf(record) / 32 == by.thread / 32;
  return threadOf(record) != by.thread && (!sameWarp || syncOf(record) == (by.sync & 0x1FFFU));
}

Conflict againstWrite(std::uint64_t record, const Accessor& by) {
  const std::uint32_t then = intervalOf(record);
  if (then < by.launch || (by.atomic && flagsOf(record) == 1)) {
    return {};
  }
  if (then < by.block) {
    return {true, true, true, false, 0};
  }
  if (then == by.interval && unorderedInBlock(record, by)) {
    return {true, true, false, false, threadOf(record)};
  }
  return {};
}

Conflict againstReads(std::uint64_t record, const Accessor& by) {
  const std::uint32_t then = intervalOf(record);
  const std::uint64_t spread = flagsOf(record);
  if (then < by.launch) {
    return {};
  }
  if (then < by.block || spread == kManyBlocks) {
    return {true, false, true, false, 0};
  }
  if (then != by.interval) {
    return {};
  }
  if (spread == kOneBlock) {
    return {true, false, false, true, 0};
  }
  const bool sameWarp = threadOf(record) / 32 == by.thread / 32;
  if (spread == kOneWarp && (!sameWarp || syncOf(record) == (by.sync & 0x1FFFU))) {
    return {true, false, false, true, 0};
  }
  if (spread == kOneThread && unorderedInBlock(record, by)) {
    return {true, false, false, false, threadOf(record)};
  }
  return {};
}

std::uint64_t withReader(std::uint64_t record, const Accessor& by) {
  const std::uint32_t then = intervalOf(record);
  if (then < by.launch) {
    return pack(by, kOneThread);
  }
  if (then < by.block || flagsOf(record) == kManyBlocks) {
    return pack(by, kManyBlocks);
  }
  if (then != by.interval) {
    return pack(by, kOneThread);
  }
  std::uint64_t spread = flagsOf(record);
  if (threadOf(record) / 32 != by.thread / 32) {
    spread = kOneBlock;
  } else if (threadOf(record) != by.thread) {
    spread = std::max<std::uint64_t>(spread, kOneWarp);
  }
  return pack(by, spread);
}

}  // namespace

Shadow::Page& Shadow::page(std::size_t offset) {
  if (pages_.empty()) {
    pages_.resize((bytes_ + kPage - 1) / kPage);
  }
  std::unique_ptr<Page>& page = pages_[offset / kPage];
  if (!page) {
    page = std::make_unique<Page>();
  }
  return *page;
}

/** Gives a page its records of single words; most pages never need them. */
void Shadow::singleWords(Page& page, std::size_t offset) {
  const std::size_t start = offset / kPage * kPage;
  const std::size_t words = (std::min(kPage, bytes_ - start) + 3) / 4;
  page.writes.resize(words);
  page.reads.resize(words);
}

/** Writes the record of a row into those of its words. */
void Shadow::expand(Page& page, std::size_t index) {
  constexpr std::size_t kWords = kRow / 4;
  Row& row = page.rows[index];
  for (std::size_t i = 0; i < kWords && row.writeWords != 0; i++) {
    page.writes[index * kWords + i] = row.write + (i / row.writeWords << 16);
  }
  for (std::size_t i = 0; i < kWords && row.readWords != 0; i++) {
    page.reads[index * kWords + i] = row.read + (i / row.readWords << 16);
  }
  row = Row{};
}

void Shadow::refine(Page& page) {
  for (std::size_t i = 0; i < page.rows.size(); i++) {
    expand(page, i);
  }
  const auto spread = [](std::vector<std::uint64_t>& records) {
    std::vector<std::uint64_t> fine(records.size() * 4);
    for (std::size_t i = 0; i < fine.size(); i++) {
      fine[i] = records[i / 4];
    }
    records.swap(fine);
  };
  spread(page.writes);
  spread(page.reads);
  page.fine = true;
}

template <bool Write>
Conflict Shadow::access(std::size_t offset, std::size_t count, const Accessor& by) {
  Page& page = this->page(offset);  // aligned accesses of up to 16 bytes cross neither pages nor rows
  if (page.writes.empty()) {
    singleWords(page, offset);
  }
  if (count < 4 && !page.fine) {
    refine(page);
  }
  if (!page.fine) {
    const std::size_t index = offset % kPage / kRow;
    if (page.rows[index].writeWords != 0 || page.rows[index].readWords != 0) {
      expand(page, index);
    }
    page.rows[index].single = by.interval;
  }
  const std::size_t shift = page.fine ? 0 : 2;
  const std::size_t first = offset % kPage >> shift;
  const std::size_t end = ((offset % kPage + count - 1) >> shift) + 1;
  for (std::size_t i = first; i < end; i++) {
    Conflict conflict = againstWrite(page.writes[i], by);
    if (conflict.found) {
      return conflict;
    }
    if constexpr (Write) {
      conflict = againstReads(page.reads[i], by);
      if (conflict.found) {
        return conflict;
      }
      page.writes[i] = pack(by, by.atomic ? 1 : 0);
    } else if (!by.atomic) {
      page.reads[i] = withReader(page.reads[i], by);
    }
  }
  return {};
}

template <bool Write>
Conflict Shadow::lanes(const std::uint64_t* at, std::uint64_t base, std::uint32_t lanes, std::size_t count, const Accessor& by, int& lane) {
  Accessor one = by;
  for (; lanes != 0; lanes &= lanes - 1) {
    lane = std::countr_zero(lanes);
    one.thread = by.thread + static_cast<std::uint32_t>(lane);
    if (const Conflict conflict = access<Write>(at[lane] - base, count, one); conflict.found) {
      return conflict;
    }
  }
  return {};
}

template <bool Write>
bool Shadow::row(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by) {
  constexpr std::size_t kWords = kRow / 4;
  if (offset % kRow != 0 || words % kWords != 0 || by.atomic) {
    return false;
  }
  for (std::size_t i = 0; i < words; i += kWords) {
    const Page& page = this->page(offset + 4 * i);
    const Row& row = page.rows[(offset + 4 * i) % kPage / kRow];
    const std::uint32_t thread = by.thread + static_cast<std::uint32_t>(i / wordsPerThread);
    const std::uint32_t written = intervalOf(row.write);
    const std::uint32_t read = intervalOf(row.read);
    const bool otherWriter = threadOf(row.write) != thread || row.writeWords != wordsPerThread;
    const bool otherReader = threadOf(row.read) != thread || row.readWords != wordsPerThread;
    const bool many = flagsOf(row.read) == kManyBlocks;
    if (page.fine || row.single >= by.launch || (written >= by.launch && (written < by.block || (written == by.interval && otherWriter)))) {
      return false;
    }
    if (read >= by.launch && (Write ? read < by.block || many || (read == by.interval && otherReader) : read == by.interval && otherReader && !many)) {
      return false;
    }
  }
  Accessor one = by;
  for (std::size_t i = 0; i < words; i += kWords) {
    Row& row = this->page(offset + 4 * i).rows[(offset + 4 * i) % kPage / kRow];
    one.thread = by.thread + static_cast<std::uint32_t>(i / wordsPerThread);
    if constexpr (Write) {
      row.write = pack(one, 0);
      row.writeWords = static_cast<std::uint8_t>(wordsPerThread);
    } else {
      row.read = withReader(row.read, one);
      row.readWords = static_cast<std::uint8_t>(wordsPerThread);
    }
  }
  return true;
}

Conflict Shadow::read(std::size_t offset, std::size_t count, const Accessor& by) { return access<false>(offset, count, by); }

Conflict Shadow::write(std::size_t offset, std::size_t count, const Accessor& by) { return access<true>(offset, count, by); }

Conflict Shadow::readLanes(const std::uint64_t* at, std::uint64_t base, std::uint32_t lanes, std::size_t count, const Accessor& by, int& lane) {
  return this->lanes<false>(at, base, lanes, count, by, lane);
}

Conflict Shadow::writeLanes(const std::uint64_t* at, std::uint64_t base, std::uint32_t lanes, std::size_t count, const Accessor& by, int& lane) {
  return this->lanes<true>(at, base, lanes, count, by, lane);
}

bool Shadow::readRow(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by) {
  return row<false>(offset, words, wordsPerThread, by);
}

bool Shadow::writeRow(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by) {
  return row<true>(offset, words, wordsPerThread, by);
}

}  // namespace emulator
