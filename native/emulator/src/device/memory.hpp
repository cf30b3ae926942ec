#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "device/fault.hpp"
#include "device/shadow.hpp"

namespace emulator {

/** Frees what malloc and calloc gave: large zeroed blocks cost nothing until they are touched. */
struct Release {
  void operator()(void* bytes) const { std::free(bytes); }
};

/** A device allocation: its bytes, which of them were ever written, and who touched them last. */
struct Block {
  std::uint64_t address = 0;
  std::size_t bytes = 0;
  std::uint64_t serial = 0;  // allocations are numbered from 1 in the order they were made
  std::unique_ptr<std::byte[], Release> data;
  std::unique_ptr<std::uint8_t[], Release> written;  // one byte per byte: 1 once written
  Shadow races;

  bool contains(std::uint64_t at, std::size_t count) const {
    return at >= address && count <= bytes && at - address <= bytes - count;
  }
};

/**
 * Device memory: blocks at addresses that are not host addresses, never adjacent, never used twice.
 *
 * Fresh memory is poisoned with bytes 0xFF (NaN in every floating type); every byte remembers whether it was written. Freed
 * blocks are gone, and remembered for messages. Not thread-safe: the driver serialises its calls.
 */
class Memory {
 public:
  /** Above the 47 bits of host addresses on Linux and below the 49 bits of a card's: a device address used on the host traps. */
  static constexpr std::uint64_t kBase = 0x1'0000'0000'0000;

  struct Live {
    std::uint64_t address;
    std::size_t bytes;
    std::uint64_t serial;
  };

  /** The first block lies behind the base; memories of one process need bases of their own. */
  explicit Memory(std::size_t capacity, std::uint64_t seed = 1, std::uint64_t base = kBase);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /** Address of a new block, a multiple of 512. Throws Fault 2 when full, 1 for no bytes. */
  std::uint64_t allocate(std::size_t bytes);

  /** Releases the block that starts at the address; anything else is Fault 1, whose text says what the address is. */
  void free(std::uint64_t address);

  /** No block lies at or above this address. */
  std::uint64_t end() const { return next_; }

  std::size_t capacity() const { return capacity_; }
  std::size_t used() const { return used_; }
  std::size_t peak() const { return peak_; }

  /** The live blocks by address: the leak report. */
  std::vector<Live> live() const;

  /** The live block that holds all of [address, address + bytes), or null. */
  Block* find(std::uint64_t address, std::size_t bytes);

  /**
   * Host pointer to device bytes, exactly bounded. Throws 700 with the address, the size, the nearest block and the distance to
   * it (or the freed block the address lay in), 716 if not a multiple of the alignment. Marks nothing as written.
   */
  std::byte* host(std::uint64_t address, std::size_t bytes, std::string_view what, std::size_t alignment = 1);

  /** Throws 719 if a byte of the range was never written. */
  void requireWritten(std::uint64_t address, std::size_t bytes, std::string_view what);

  /** Notes that the range was written (by whoever writes through host()). */
  void markWritten(std::uint64_t address, std::size_t bytes);

  /** Makes the range unwritten and poisoned again, as if freshly allocated. */
  void poison(std::uint64_t address, std::size_t bytes);

  void copyIn(std::uint64_t to, const void* from, std::size_t bytes, std::string_view what);
  void copyOut(void* to, std::uint64_t from, std::size_t bytes, std::string_view what);

  /** Device to device; unwritten bytes stay unwritten at the destination. Ranges may overlap. */
  void copy(std::uint64_t to, std::uint64_t from, std::size_t bytes, std::string_view what);

  /** Writes count elements of width 1, 2 or 4 bytes (cuMemsetD8, D16, D32). */
  void fill(std::uint64_t to, std::uint32_t value, std::size_t width, std::size_t count, std::string_view what);

  /** "inside block #3 ...", "8 bytes past the end of ...": what an address is, for messages. */
  std::string describe(std::uint64_t address, std::size_t bytes) const;

  /** The clock by which race shadows order launches, blocks and barrier intervals. */
  std::uint32_t tick();

 private:
  struct Freed {
    std::uint64_t address;
    std::size_t bytes;
    std::uint64_t serial;
  };

  std::size_t capacity_;
  std::uint64_t random_;
  std::uint64_t next_;
  std::size_t used_ = 0;
  std::size_t peak_ = 0;
  std::uint64_t serial_ = 0;
  std::uint32_t clock_ = 1;
  std::map<std::uint64_t, std::unique_ptr<Block>> blocks_;
  Block* recent_ = nullptr;
  std::deque<Freed> freed_;
};

}  // namespace emulator
