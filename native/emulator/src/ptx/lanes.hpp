#pragma once

#include <concepts>
#include <cstdint>

#include "ptx/instruction.hpp"
#include "ptx/warp.hpp"

namespace emulator::ptx {

// Element-wise instructions: F is a struct with a static apply(...) of one lane. All 32 lanes are computed, so that the loops
// vectorise, and the active ones are written; apply must therefore be defined for any bits.

template <class D, class A, class F>
void unary(Warp& warp, const Op& op, Lanes lanes) {
  const A* a = warp.in<A>(op.a);
  D values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    values[i] = F::apply(a[i]);
  }
  warp.put(op.d, values, lanes);
}

template <class D, class A, class F>
void binary(Warp& warp, const Op& op, Lanes lanes) {
  const A* a = warp.in<A>(op.a);
  const A* b = warp.in<A>(op.b);
  D values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    values[i] = F::apply(a[i], b[i]);
  }
  warp.put(op.d, values, lanes);
}

template <class D, class A, class C, class F>
void ternary(Warp& warp, const Op& op, Lanes lanes) {
  const A* a = warp.in<A>(op.a);
  const A* b = warp.in<A>(op.b);
  const C* c = warp.in<C>(op.c);
  D values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    values[i] = F::apply(a[i], b[i], c[i]);
  }
  warp.put(op.d, values, lanes);
}

/** For what does not vectorise and is costly: only the active lanes. */
template <class D, class A, class F>
void unaryEach(Warp& warp, const Op& op, Lanes lanes) {
  const A* a = warp.in<A>(op.a);
  D* d = warp.out<D>(op.d);
  eachLane(lanes, [&](int i) { d[i] = F::apply(a[i]); });
}

/** Chooses the instance of a template for an integer type. */
template <template <class> class F>
Op::Run forInteger(Instruction& instruction, Type type) {
  switch (type) {
    case Type::kU16: return F<std::uint16_t>::run;
    case Type::kU32: return F<std::uint32_t>::run;
    case Type::kU64: return F<std::uint64_t>::run;
    case Type::kS16: return F<std::int16_t>::run;
    case Type::kS32: return F<std::int32_t>::run;
    case Type::kS64: return F<std::int64_t>::run;
    default: instruction.refuse("a type that the instruction does not have");
  }
}

/** Operands d, a, b, c of one type. */
inline void simpleOperands(Instruction& instruction, Op& op, Type type, std::size_t sources) {
  instruction.expectOperands(sources + 1, sources + 1);
  op.d = instruction.target(0, type);
  op.a = instruction.source(1, type);
  if (sources > 1) {
    op.b = instruction.source(2, type);
  }
  if (sources > 2) {
    op.c = instruction.source(3, type);
  }
}

}  // namespace emulator::ptx
