// Device memory: addresses, bounds, poison, written bytes, and the report of what is left.

#include <cstring>

#include "check.hpp"
#include "device/memory.hpp"

using emulator::Fault;
using emulator::Memory;

namespace {

template <class F>
std::string fault(F f) {
  try {
    f();
  } catch (const Fault& fault) {
    return std::to_string(fault.code()) + " " + fault.what();
  }
  return "";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST(addresses) {
  Memory memory(1 << 20);
  const std::uint64_t a = memory.allocate(1000);
  const std::uint64_t b = memory.allocate(1);
  CHECK_EQ(a % 512, 0U);
  CHECK_EQ(b % 512, 0U);
  CHECK(b >= a + 1024 + 512);  // never adjacent
  CHECK(a >= std::uint64_t{1} << 48);  // no host address
  memory.free(a);
  CHECK(memory.allocate(1000) != a);  // never used twice
  CHECK_EQ(memory.used(), 1001U);
  CHECK_EQ(memory.peak(), 1001U);
  Memory other(1 << 20, 7);
  CHECK(other.allocate(1) != a || other.allocate(1) != b);  // the gaps depend on the seed
}

TEST(fullMemory) {
  Memory memory(1000);
  const std::uint64_t a = memory.allocate(600);
  CHECK(holds(fault([&] { memory.allocate(401); }), "2 allocate: device memory is full: 401 bytes asked for, 400 of 1000 free"));
  memory.allocate(400);
  memory.free(a);
  CHECK_EQ(memory.used(), 400U);
  CHECK(holds(fault([&] { memory.allocate(0); }), "1 "));
}

TEST(badFrees) {
  Memory memory(1 << 20);
  const std::uint64_t a = memory.allocate(64);
  CHECK(holds(fault([&] { memory.free(a + 4); }), "4 bytes into block #1"));
  memory.free(a);
  CHECK(holds(fault([&] { memory.free(a); }), "0 bytes into freed block #1"));
  CHECK(holds(fault([&] { memory.free(0); }), "1 free: not the start of a live block"));
}

TEST(bounds) {
  Memory memory(1 << 20);
  const std::uint64_t a = memory.allocate(100);
  char data[128] = {};
  CHECK_EQ(fault([&] { memory.copyIn(a, data, 100, "copy"); }), "");
  CHECK(holds(fault([&] { memory.copyIn(a, data, 101, "copy"); }), "700 copy: illegal address: 101 bytes at 0x"));
  CHECK(holds(fault([&] { memory.copyIn(a, data, 101, "copy"); }), "1 bytes too long"));
  CHECK(holds(fault([&] { memory.copyOut(data, a + 104, 4, "copy"); }), "4 bytes past the end of block #1"));
  CHECK(holds(fault([&] { memory.copyOut(data, a - 8, 4, "copy"); }), "8 bytes before block #1"));
  CHECK(holds(fault([&] { memory.host(a + 2, 4, "load", 4); }), "716 load: misaligned"));
  CHECK(holds(fault([&] { memory.copyOut(data, reinterpret_cast<std::uint64_t>(data), 4, "copy"); }), "700"));
  const std::uint64_t huge = UINT64_MAX - 10;
  CHECK(holds(fault([&] { memory.copyOut(data, a + 50, huge, "copy"); }), "700"));
}

TEST(writtenBytes) {
  Memory memory(1 << 20);
  const std::uint64_t a = memory.allocate(64);
  const std::uint64_t b = memory.allocate(64);
  unsigned char data[64] = {1, 2, 3};
  CHECK_EQ(static_cast<int>(*memory.host(a, 1, "peek")), 0xFF);
  CHECK(holds(fault([&] { memory.copyOut(data, a, 1, "copy"); }), "719 copy: read of bytes never written"));
  memory.copyIn(a, data, 16, "copy");
  CHECK_EQ(fault([&] { memory.copyOut(data, a, 16, "copy"); }), "");
  CHECK(holds(fault([&] { memory.copyOut(data, a, 17, "copy"); }), "16 bytes into block #1"));
  memory.copy(b, a + 8, 16, "copy");  // half of it was written
  CHECK_EQ(fault([&] { memory.copyOut(data, b, 8, "copy"); }), "");
  CHECK(holds(fault([&] { memory.copyOut(data, b, 9, "copy"); }), "719"));
  memory.poison(a, 16);
  CHECK(holds(fault([&] { memory.copyOut(data, a, 1, "copy"); }), "719"));
}

TEST(fills) {
  Memory memory(1 << 20);
  const std::uint64_t a = memory.allocate(64);
  memory.fill(a, 0xAB, 1, 3, "fill");
  memory.fill(a + 4, 0x1234, 2, 2, "fill");
  memory.fill(a + 8, 0x01020304, 4, 2, "fill");
  unsigned char data[8];
  memory.copyOut(data, a, 3, "copy");
  CHECK_EQ(static_cast<int>(data[2]), 0xAB);
  memory.copyOut(data, a + 4, 4, "copy");
  CHECK_EQ(static_cast<int>(data[2]), 0x34);
  memory.copyOut(data, a + 8, 8, "copy");
  CHECK_EQ(static_cast<int>(data[4]), 4);
  CHECK(holds(fault([&] { memory.fill(a + 2, 0, 4, 1, "fill"); }), "716"));
}

TEST(leaks) {
  Memory memory(1 << 20);
  const std::uint64_t a = memory.allocate(10);
  const std::uint64_t b = memory.allocate(20);
  memory.free(a);
  const auto left = memory.live();
  CHECK_EQ(left.size(), 1U);
  CHECK_EQ(left[0].address, b);
  CHECK_EQ(left[0].bytes, 20U);
  CHECK_EQ(left[0].serial, 2U);
}

int main(int count, char** arguments) { return check::main(count, arguments); }
