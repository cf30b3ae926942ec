package org.cotangent.cpu.kernel;

import org.cotangent.cpu.kernel.Loops.D1;
import org.cotangent.cpu.kernel.Loops.D2;
import org.cotangent.cpu.kernel.Loops.DB;
import org.cotangent.cpu.kernel.Loops.DC;
import org.cotangent.cpu.kernel.Loops.DW;
import org.cotangent.cpu.kernel.Loops.DoubleLanes;
import org.cotangent.cpu.kernel.Loops.DoubleLine;
import org.cotangent.cpu.kernel.Loops.DoubleRows;
import org.cotangent.cpu.vector.DoubleArithmetic;
import org.cotangent.cpu.vector.Folds;

/** The loops of float64, by vectors where there are and they pay. */
final class DoubleOps {
  static final D2 ADD = DoubleTiers.d2(DoubleLoops::add, () -> DoubleArithmetic::add);
  static final D2 SUB = DoubleTiers.d2(DoubleLoops::sub, () -> DoubleArithmetic::sub);
  static final D2 MUL = DoubleTiers.d2(DoubleLoops::mul, () -> DoubleArithmetic::mul);
  static final D2 DIV = DoubleTiers.d2(DoubleLoops::div, () -> DoubleArithmetic::div);
  static final D2 MAX = DoubleTiers.d2(DoubleLoops::max, () -> DoubleArithmetic::max);
  static final D2 MIN = DoubleTiers.d2(DoubleLoops::min, () -> DoubleArithmetic::min);

  static final DC ADD_CONSTANT = DoubleTiers.dC(DoubleLoops::add, () -> DoubleArithmetic::add);
  static final DC SUB_CONSTANT = DoubleTiers.dC(DoubleLoops::sub, () -> DoubleArithmetic::sub);
  static final DC FROM_CONSTANT = DoubleTiers.dC(DoubleLoops::from, () -> DoubleArithmetic::from);
  static final DC MUL_CONSTANT = DoubleTiers.dC(DoubleLoops::mul, () -> DoubleArithmetic::mul);
  static final DC DIV_CONSTANT = DoubleTiers.dC(DoubleLoops::div, () -> DoubleArithmetic::div);
  static final DC INTO_CONSTANT = DoubleTiers.dC(DoubleLoops::into, () -> DoubleArithmetic::into);
  static final DC MAX_CONSTANT = DoubleTiers.dC(DoubleLoops::max, () -> DoubleArithmetic::max);
  static final DC MIN_CONSTANT = DoubleTiers.dC(DoubleLoops::min, () -> DoubleArithmetic::min);

  static final D1 NEG = DoubleTiers.d1(DoubleLoops::neg, () -> DoubleArithmetic::neg);
  static final D1 ABS = DoubleTiers.d1(DoubleLoops::abs, () -> DoubleArithmetic::abs);
  static final D1 RELU = DoubleTiers.d1(DoubleLoops::relu, () -> DoubleArithmetic::relu);
  static final D1 SQRT = DoubleTiers.d1(DoubleLoops::sqrt, () -> DoubleArithmetic::sqrt);
  static final D1 RSQRT = DoubleTiers.d1(DoubleLoops::rsqrt, () -> DoubleArithmetic::rsqrt);

  static final DB GT = DoubleTiers.dB(DoubleLoops::gt, () -> DoubleArithmetic.hasBools() ? DoubleArithmetic::gt : DoubleLoops::gt);
  static final DB GE = DoubleTiers.dB(DoubleLoops::ge, () -> DoubleArithmetic.hasBools() ? DoubleArithmetic::ge : DoubleLoops::ge);
  static final DB EQ = DoubleTiers.dB(DoubleLoops::eq, () -> DoubleArithmetic.hasBools() ? DoubleArithmetic::eq : DoubleLoops::eq);
  static final DB NE = DoubleTiers.dB(DoubleLoops::ne, () -> DoubleArithmetic.hasBools() ? DoubleArithmetic::ne : DoubleLoops::ne);
  static final DW WHERE = DoubleTiers.dW(DoubleLoops::where, () -> DoubleArithmetic.hasBools() ? DoubleArithmetic::where : DoubleLoops::where);

  static final DoubleLanes SUM_LANES = DoubleTiers.doubleLanes(DoubleFold::sumLanes, () -> Folds::sumLanes);
  static final DoubleLine MAX_LINE = DoubleTiers.doubleLine(DoubleFold::max, () -> Folds::max);
  static final DoubleLine MIN_LINE = DoubleTiers.doubleLine(DoubleFold::min, () -> Folds::min);
  static final DoubleRows SUM_ROWS = DoubleTiers.doubleRows(DoubleFold::sumRows, () -> Folds::sumRows);
  static final DoubleRows MAX_ROWS = DoubleTiers.doubleRows(DoubleFold::maxRows, () -> Folds::maxRows);
  static final DoubleRows MIN_ROWS = DoubleTiers.doubleRows(DoubleFold::minRows, () -> Folds::minRows);

  /** Lanes of a vector, or what the plain loops take for it. */
  static final int LANES = DoubleTiers.VECTORS ? lanes() : 8;

  private DoubleOps() {}

  private static int lanes() {
    return Folds.doubleLanes();
  }
}
