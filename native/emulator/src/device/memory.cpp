#include "device/memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iomanip>
#include <sstream>

namespace emulator {
namespace {

constexpr std::uint64_t kAlignment = 512;
constexpr int kPoison = 0xFF;  // NaN as half, bfloat16, float and double; -1 as an integer
constexpr std::size_t kRemembered = 4096;

std::string hex(std::uint64_t value) {
  std::ostringstream out;
  out << "0x" << std::hex << value;
  return out.str();
}

std::string name(std::uint64_t serial, std::uint64_t address, std::size_t bytes) {
  std::ostringstream out;
  out << "block #" << serial << " (" << hex(address) << ", " << bytes << " bytes)";
  return out.str();
}

}  // namespace

Memory::Memory(std::size_t capacity, std::uint64_t seed, std::uint64_t base)
    : capacity_(capacity), random_(seed | 1), next_(base) {}

Memory::~Memory() = default;

std::uint64_t Memory::allocate(std::size_t bytes) {
  if (bytes == 0) {
    throw Fault(kInvalidValue, "allocate: no bytes: 0");
  }
  if (bytes > capacity_ - used_) {
    std::ostringstream text;
    text << "allocate: device memory is full: " << bytes << " bytes asked for, " << capacity_ - used_ << " of " << capacity_
         << " free";
    throw Fault(kOutOfMemory, text.str());
  }
  // The gap before each block is drawn (xorshift64), so that no distance between two blocks can be relied on.
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  next_ += kAlignment * (1 + random_ % 64);
  auto block = std::make_unique<Block>();
  block->address = next_;
  block->bytes = bytes;
  block->serial = ++serial_;
  block->data.reset(static_cast<std::byte*>(std::malloc(bytes)));
  block->written.reset(static_cast<std::uint8_t*>(std::calloc(bytes, 1)));
  if (!block->data || !block->written) {
    throw Fault(kOutOfMemory, "allocate: the host has no memory for " + std::to_string(bytes) + " bytes");
  }
  std::memset(block->data.get(), kPoison, bytes);
  block->races = Shadow(bytes);
  next_ += (bytes + kAlignment - 1) / kAlignment * kAlignment;
  used_ += bytes;
  peak_ = std::max(peak_, used_);
  const std::uint64_t address = block->address;
  blocks_.emplace(address, std::move(block));
  return address;
}

void Memory::free(std::uint64_t address) {
  const auto found = blocks_.find(address);
  if (found == blocks_.end()) {
    throw Fault(kInvalidValue, "free: not the start of a live block: " + hex(address) + " is " + describe(address, 1));
  }
  const Block& block = *found->second;
  used_ -= block.bytes;
  freed_.push_back({block.address, block.bytes, block.serial});
  if (freed_.size() > kRemembered) {
    freed_.pop_front();
  }
  recent_ = nullptr;
  blocks_.erase(found);
}

std::vector<Memory::Live> Memory::live() const {
  std::vector<Live> list;
  list.reserve(blocks_.size());
  for (const auto& [address, block] : blocks_) {
    list.push_back({address, block->bytes, block->serial});
  }
  return list;
}

Block* Memory::find(std::uint64_t address, std::size_t bytes) {
  if (recent_ != nullptr && recent_->contains(address, bytes)) {
    return recent_;
  }
  auto after = blocks_.upper_bound(address);
  if (after == blocks_.begin()) {
    return nullptr;
  }
  Block* block = std::prev(after)->second.get();
  if (!block->contains(address, bytes)) {
    return nullptr;
  }
  recent_ = block;
  return block;
}

std::string Memory::describe(std::uint64_t address, std::size_t bytes) const {
  for (auto past = freed_.rbegin(); past != freed_.rend(); ++past) {
    if (address >= past->address && address < past->address + past->bytes) {
      return std::to_string(address - past->address) + " bytes into freed " + name(past->serial, past->address, past->bytes);
    }
  }
  const auto after = blocks_.upper_bound(address);
  const Block* below = after == blocks_.begin() ? nullptr : std::prev(after)->second.get();
  const Block* above = after == blocks_.end() ? nullptr : after->second.get();
  if (below != nullptr && address - below->address < below->bytes) {
    const std::uint64_t offset = address - below->address;
    const std::string in = std::to_string(offset) + " bytes into " + name(below->serial, below->address, below->bytes);
    return offset + bytes <= below->bytes ? in : in + ", " + std::to_string(offset + bytes - below->bytes) + " bytes too long";
  }
  const std::uint64_t past = below == nullptr ? UINT64_MAX : address - (below->address + below->bytes);
  const std::uint64_t before = above == nullptr ? UINT64_MAX : above->address - address;
  if (below != nullptr && past <= before) {
    return std::to_string(past) + " bytes past the end of " + name(below->serial, below->address, below->bytes);
  }
  if (above != nullptr) {
    return std::to_string(before) + " bytes before " + name(above->serial, above->address, above->bytes);
  }
  return "in no block: none is allocated";
}

std::byte* Memory::host(std::uint64_t address, std::size_t bytes, std::string_view what, std::size_t alignment) {
  if (address % alignment != 0) {
    throw Fault(kMisalignedAddress, std::string(what) + ": misaligned address: " + hex(address) + " is no multiple of " +
                                        std::to_string(alignment) + ", " + describe(address, bytes));
  }
  Block* block = find(address, bytes);
  if (block == nullptr) {
    throw Fault(kIllegalAddress, std::string(what) + ": illegal address: " + std::to_string(bytes) + " bytes at " + hex(address) +
                                     ", " + describe(address, bytes));
  }
  return block->data.get() + (address - block->address);
}

void Memory::requireWritten(std::uint64_t address, std::size_t bytes, std::string_view what) {
  if (bytes == 0) {
    return;
  }
  host(address, bytes, what);
  const Block& block = *find(address, bytes);
  const std::uint8_t* written = block.written.get() + (address - block.address);
  const void* gap = std::memchr(written, 0, bytes);
  if (gap != nullptr) {
    const auto offset = static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(gap) - written);
    throw Fault(kLaunchFailed, std::string(what) + ": read of bytes never written: " + hex(address + offset) + ", " +
                                   describe(address + offset, 1));
  }
}

void Memory::markWritten(std::uint64_t address, std::size_t bytes) {
  if (bytes == 0) {
    return;
  }
  host(address, bytes, "markWritten");
  Block& block = *find(address, bytes);
  std::memset(block.written.get() + (address - block.address), 1, bytes);
}

void Memory::poison(std::uint64_t address, std::size_t bytes) {
  if (bytes == 0) {
    return;
  }
  std::memset(host(address, bytes, "poison"), kPoison, bytes);
  Block& block = *find(address, bytes);
  std::memset(block.written.get() + (address - block.address), 0, bytes);
}

void Memory::copyIn(std::uint64_t to, const void* from, std::size_t bytes, std::string_view what) {
  if (bytes == 0) {
    return;
  }
  std::memcpy(host(to, bytes, what), from, bytes);
  markWritten(to, bytes);
}

void Memory::copyOut(void* to, std::uint64_t from, std::size_t bytes, std::string_view what) {
  if (bytes == 0) {
    return;
  }
  requireWritten(from, bytes, what);
  std::memcpy(to, host(from, bytes, what), bytes);
}

void Memory::copy(std::uint64_t to, std::uint64_t from, std::size_t bytes, std::string_view what) {
  if (bytes == 0) {
    return;
  }
  const std::byte* source = host(from, bytes, what);
  std::byte* target = host(to, bytes, what);
  std::memmove(target, source, bytes);
  const Block& fromBlock = *find(from, bytes);
  Block& toBlock = *find(to, bytes);
  std::memmove(toBlock.written.get() + (to - toBlock.address), fromBlock.written.get() + (from - fromBlock.address), bytes);
}

void Memory::fill(std::uint64_t to, std::uint32_t value, std::size_t width, std::size_t count, std::string_view what) {
  if (count == 0) {
    return;
  }
  if (count > SIZE_MAX / width) {
    throw Fault(kInvalidValue, std::string(what) + ": too many elements: " + std::to_string(count));
  }
  std::byte* target = host(to, width * count, what, width);
  for (std::size_t i = 0; i < count; i++) {
    std::memcpy(target + i * width, &value, width);  // little-endian: the low bytes of the value
  }
  markWritten(to, width * count);
}

std::uint32_t Memory::tick() {
  if (++clock_ == UINT32_MAX) {
    clock_ = 2;
    for (const auto& [address, block] : blocks_) {
      block->races.forget();
    }
  }
  return clock_;
}

}  // namespace emulator
