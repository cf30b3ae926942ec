#pragma once

#include <cstdint>
#include <string>

#include "ptx/instruction.hpp"
#include "ptx/warp.hpp"

namespace emulator::ptx {

/** Where an address lies, PTX ISA 5.1. */
enum class Where : std::uint8_t { kGlobal, kShared, kLocal, kParam, kGeneric };

/** Takes .global, .const, .shared, .local, .param or nothing (generic). */
Where takeWhere(Instruction& instruction);

/** The addresses of all lanes: row e plus the offset. */
void addresses(Warp& warp, const Op& op, std::uint64_t (&at)[kWarp]);

/** Splits a generic address into its space and the address there. */
Where classify(std::uint64_t& address);

enum class Touch { kRead, kWrite, kBoth };

/** Bytes of one lane's access, checked: bounds, alignment, written before read, races. Notes what it does in the shadows. */
std::byte* reach(Warp& warp, const Op& op, Where where, std::uint64_t at, std::size_t bytes, Touch touch, bool strong, int lane);

/** The block that holds [at, at + bytes) of global or shared memory, or null. */
Block* holder(Warp& warp, const Op& op, Where where, std::uint64_t at, std::size_t bytes);

[[noreturn]] void reportRace(Where where, std::uint64_t at, bool write, const Conflict& conflict, int lane);

}  // namespace emulator::ptx
