#include "device/shadow.hpp"

#include <algorithm>

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
    const std::size_t start = offset / kPage * kPage;
    const std::size_t words = (std::min(kPage, bytes_ - start) + 3) / 4;
    page->writes.resize(words);
    page->reads.resize(words);
  }
  return *page;
}

void Shadow::refine(Page& page) {
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
  Page& page = this->page(offset);  // aligned accesses of up to 16 bytes do not cross pages
  if (count < 4 && !page.fine) {
    refine(page);
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

Conflict Shadow::read(std::size_t offset, std::size_t count, const Accessor& by) { return access<false>(offset, count, by); }

Conflict Shadow::write(std::size_t offset, std::size_t count, const Accessor& by) { return access<true>(offset, count, by); }

bool Shadow::readRow(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by) {
  if (offset / kPage != (offset + words * 4 - 1) / kPage) {
    return false;
  }
  Page& page = this->page(offset);
  if (page.fine || by.atomic) {
    return false;
  }
  const std::uint64_t* writes = page.writes.data() + offset % kPage / 4;
  std::uint64_t* reads = page.reads.data() + offset % kPage / 4;
  const std::uint64_t fresh = std::uint64_t{by.launch} << 32;
  std::uint64_t recent = 0;
  for (std::size_t i = 0; i < words; i++) {
    recent |= static_cast<std::uint64_t>(writes[i] >= fresh) | static_cast<std::uint64_t>(reads[i] >= fresh);
  }
  if (recent != 0) {
    return false;
  }
  std::uint64_t record = pack(by, kOneThread);
  for (std::size_t i = 0; i < words; i += wordsPerThread, record += 1U << 16) {
    for (std::size_t j = 0; j < wordsPerThread; j++) {
      reads[i + j] = record;
    }
  }
  return true;
}

bool Shadow::writeRow(std::size_t offset, std::size_t words, std::size_t wordsPerThread, const Accessor& by) {
  if (offset / kPage != (offset + words * 4 - 1) / kPage) {
    return false;
  }
  Page& page = this->page(offset);
  if (page.fine || by.atomic) {
    return false;
  }
  std::uint64_t* writes = page.writes.data() + offset % kPage / 4;
  const std::uint64_t* reads = page.reads.data() + offset % kPage / 4;
  const std::uint64_t fresh = std::uint64_t{by.launch} << 32;
  std::uint64_t recent = 0;
  for (std::size_t i = 0; i < words; i++) {
    recent |= static_cast<std::uint64_t>(writes[i] >= fresh) | static_cast<std::uint64_t>(reads[i] >= fresh);
  }
  if (recent != 0) {
    return false;
  }
  std::uint64_t record = pack(by, 0);
  for (std::size_t i = 0; i < words; i += wordsPerThread, record += 1U << 16) {
    for (std::size_t j = 0; j < wordsPerThread; j++) {
      writes[i + j] = record;
    }
  }
  return true;
}

}  // namespace emulator
