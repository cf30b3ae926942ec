#pragma once

#include "ptx/instruction.hpp"

namespace emulator::ptx {

// Opcodes that several families share (add of integers, of reals, of halves) are registered once, by addReals, which looks at the
// type and calls one of these.

void decodeIntegerAdd(Instruction& instruction, Op& op);
void decodeIntegerSub(Instruction& instruction, Op& op);
void decodeCarryAdd(Instruction& instruction, Op& op);
void decodeCarrySub(Instruction& instruction, Op& op);
void decodeIntegerMul(Instruction& instruction, Op& op);
void decodeIntegerDiv(Instruction& instruction, Op& op);
void decodeIntegerMin(Instruction& instruction, Op& op);
void decodeIntegerMax(Instruction& instruction, Op& op);
void decodeIntegerNegAbs(Instruction& instruction, Op& op);

/** add, sub, mul, fma, neg, abs, min, max of f16, f16x2, bf16 and bf16x2. */
void decodeHalf(Instruction& instruction, Op& op);

/** div.approx, div.full, rcp.approx, sqrt.approx, rsqrt.approx. */
void decodeApproximate(Instruction& instruction, Op& op);

/** Wraps op.run so that it runs with a rounding mode: 0 rn, 1 rz, 2 rm, 3 rp. */
void roundTowards(Op& op, int mode);

}  // namespace emulator::ptx
