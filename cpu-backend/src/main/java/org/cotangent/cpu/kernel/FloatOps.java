package org.cotangent.cpu.kernel;

import org.cotangent.cpu.kernel.Loops.F1;
import org.cotangent.cpu.kernel.Loops.F2;
import org.cotangent.cpu.kernel.Loops.FB;
import org.cotangent.cpu.kernel.Loops.FC;
import org.cotangent.cpu.kernel.Loops.FW;
import org.cotangent.cpu.kernel.Loops.FloatLine;
import org.cotangent.cpu.kernel.Loops.FloatLines;
import org.cotangent.cpu.kernel.Loops.FloatRows;
import org.cotangent.cpu.vector.Few;
import org.cotangent.cpu.vector.FloatArithmetic;
import org.cotangent.cpu.vector.Folds;
import org.cotangent.cpu.vector.LineFolds;

/** The loops of float32, by vectors where there are and they pay. */
final class FloatOps {
  /** Lanes of a vector, or what the plain loops take for it. */
  static final int LANES = FloatTiers.VECTORS ? lanes() : 16;

  static final F2 ADD = FloatTiers.f2(FloatLoops::add, () -> FloatArithmetic::add);
  static final F2 SUB = FloatTiers.f2(FloatLoops::sub, () -> FloatArithmetic::sub);
  static final F2 MUL = FloatTiers.f2(FloatLoops::mul, () -> FloatArithmetic::mul);
  static final F2 DIV = FloatTiers.f2(FloatLoops::div, () -> FloatArithmetic::div);
  static final F2 MAX = FloatTiers.f2(FloatLoops::max, () -> FloatArithmetic::max);
  static final F2 MIN = FloatTiers.f2(FloatLoops::min, () -> FloatArithmetic::min);

  static final FC ADD_CONSTANT = FloatTiers.fC(FloatLoops::add, () -> FloatArithmetic::add);
  static final FC SUB_CONSTANT = FloatTiers.fC(FloatLoops::sub, () -> FloatArithmetic::sub);
  static final FC FROM_CONSTANT = FloatTiers.fC(FloatLoops::from, () -> FloatArithmetic::from);
  static final FC MUL_CONSTANT = FloatTiers.fC(FloatLoops::mul, () -> FloatArithmetic::mul);
  static final FC DIV_CONSTANT = FloatTiers.fC(FloatLoops::div, () -> FloatArithmetic::div);
  static final FC INTO_CONSTANT = FloatTiers.fC(FloatLoops::into, () -> FloatArithmetic::into);
  static final FC MAX_CONSTANT = FloatTiers.fC(FloatLoops::max, () -> FloatArithmetic::max);
  static final FC MIN_CONSTANT = FloatTiers.fC(FloatLoops::min, () -> FloatArithmetic::min);

  static final F1 NEG = FloatTiers.f1(FloatLoops::neg, () -> FloatArithmetic::neg);
  static final F1 ABS = FloatTiers.f1(FloatLoops::abs, () -> FloatArithmetic::abs);
  static final F1 RELU = FloatTiers.f1(FloatLoops::relu, () -> FloatArithmetic::relu);
  static final F1 SQRT = FloatTiers.f1(FloatLoops::sqrt, () -> FloatArithmetic::sqrt);
  static final F1 RSQRT = FloatTiers.f1(FloatLoops::rsqrt, () -> FloatArithmetic::rsqrt);

  static final FB GT = FloatTiers.fB(FloatLoops::gt, () -> FloatArithmetic.hasBools() ? FloatArithmetic::gt : FloatLoops::gt);
  static final FB GE = FloatTiers.fB(FloatLoops::ge, () -> FloatArithmetic.hasBools() ? FloatArithmetic::ge : FloatLoops::ge);
  static final FB EQ = FloatTiers.fB(FloatLoops::eq, () -> FloatArithmetic.hasBools() ? FloatArithmetic::eq : FloatLoops::eq);
  static final FB NE = FloatTiers.fB(FloatLoops::ne, () -> FloatArithmetic.hasBools() ? FloatArithmetic::ne : FloatLoops::ne);
  static final FW WHERE = FloatTiers.fW(FloatLoops::where, () -> FloatArithmetic.hasBools() ? FloatArithmetic::where : FloatLoops::where);

  static final FloatLines SUM_LINES = FloatTiers.floatLines(4 * LANES, FloatFold::sums, () -> LineFolds::sums);
  static final FloatLines MAX_LINES = FloatTiers.floatLines(1, FloatFold::maxima, () -> LineFolds::maxima);
  static final FloatLines MIN_LINES = FloatTiers.floatLines(1, FloatFold::minima, () -> LineFolds::minima);
  static final FloatLine MAX_LINE = FloatTiers.floatLine(Few::max, () -> LineFolds::max);
  static final FloatLine MIN_LINE = FloatTiers.floatLine(Few::min, () -> LineFolds::min);
  static final FloatRows SUM_ROWS = FloatTiers.floatRows(FloatFold::sumRows, () -> Folds::sumRows);
  static final FloatRows MAX_ROWS = FloatTiers.floatRows(FloatFold::maxRows, () -> Folds::maxRows);
  static final FloatRows MIN_ROWS = FloatTiers.floatRows(FloatFold::minRows, () -> Folds::minRows);

  private FloatOps() {}

  private static int lanes() {
    return Folds.floatLanes();
  }
}
