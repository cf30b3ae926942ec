#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace emulator::ptx {

/** Types of instructions, PTX ISA 5.2. */
enum class Type { kPred, kB8, kB16, kB32, kB64, kU8, kU16, kU32, kU64, kS8, kS16, kS32, kS64, kF16, kF16x2, kBf16, kBf16x2, kF32, kF64 };

constexpr std::pair<std::string_view, Type> kTypeNames[] = {
    {"pred", Type::kPred}, {"b8", Type::kB8},     {"b16", Type::kB16},     {"b32", Type::kB32},   {"b64", Type::kB64},
    {"u8", Type::kU8},     {"u16", Type::kU16},   {"u32", Type::kU32},     {"u64", Type::kU64},   {"s8", Type::kS8},
    {"s16", Type::kS16},   {"s32", Type::kS32},   {"s64", Type::kS64},     {"f16", Type::kF16},   {"f16x2", Type::kF16x2},
    {"bf16", Type::kBf16}, {"bf16x2", Type::kBf16x2}, {"f32", Type::kF32}, {"f64", Type::kF64}};

constexpr std::optional<Type> typeNamed(std::string_view name) {
  for (const auto& [text, type] : kTypeNames) {
    if (text == name) {
      return type;
    }
  }
  return std::nullopt;
}

constexpr std::size_t bytesOf(Type type) {
  switch (type) {
    case Type::kPred: return 0;
    case Type::kB8: case Type::kU8: case Type::kS8: return 1;
    case Type::kB16: case Type::kU16: case Type::kS16: case Type::kF16: case Type::kBf16: return 2;
    case Type::kB64: case Type::kU64: case Type::kS64: case Type::kF64: return 8;
    default: return 4;
  }
}

constexpr bool isSigned(Type type) { return type == Type::kS8 || type == Type::kS16 || type == Type::kS32 || type == Type::kS64; }
constexpr bool isReal(Type type) { return type >= Type::kF16; }
constexpr bool isBits(Type type) { return type >= Type::kB8 && type <= Type::kB64; }
constexpr bool isInteger(Type type) { return type >= Type::kU8 && type <= Type::kS64; }

}  // namespace emulator::ptx
