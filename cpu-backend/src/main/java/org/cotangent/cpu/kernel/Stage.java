package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.kernel.Loops.B1;
import org.cotangent.cpu.kernel.Loops.B2;
import org.cotangent.cpu.kernel.Loops.D1;
import org.cotangent.cpu.kernel.Loops.D2;
import org.cotangent.cpu.kernel.Loops.DB;
import org.cotangent.cpu.kernel.Loops.DC;
import org.cotangent.cpu.kernel.Loops.F1;
import org.cotangent.cpu.kernel.Loops.F2;
import org.cotangent.cpu.kernel.Loops.FB;
import org.cotangent.cpu.kernel.Loops.FC;
import org.cotangent.cpu.kernel.Loops.L1;
import org.cotangent.cpu.kernel.Loops.L2;
import org.cotangent.cpu.kernel.Loops.LB;
import org.cotangent.spi.Reduction;

/** One step of a program, bound to the steps it reads (a, b, c) and the step it is (z). */
@FunctionalInterface
interface Stage {
  /** Computes the step's first {@code n} elements of the block. */
  void run(Frame s, int n);

  static Stage f1(F1 op, int a, int z) {
    return (s, n) -> op.run(s.f[a], s.at[a], s.f[z], s.at[z], n);
  }

  static Stage f2(F2 op, int a, int b, int z) {
    return (s, n) -> op.run(s.f[a], s.at[a], s.f[b], s.at[b], s.f[z], s.at[z], n);
  }

  static Stage fc(FC op, int a, float c, int z) {
    return (s, n) -> op.run(s.f[a], s.at[a], c, s.f[z], s.at[z], n);
  }

  static Stage fb(FB op, int a, int b, int z) {
    return (s, n) -> op.run(s.f[a], s.at[a], s.f[b], s.at[b], s.b[z], s.at[z], n);
  }

  static Stage d1(D1 op, int a, int z) {
    return (s, n) -> op.run(s.d[a], s.at[a], s.d[z], s.at[z], n);
  }

  static Stage d2(D2 op, int a, int b, int z) {
    return (s, n) -> op.run(s.d[a], s.at[a], s.d[b], s.at[b], s.d[z], s.at[z], n);
  }

  static Stage dc(DC op, int a, double c, int z) {
    return (s, n) -> op.run(s.d[a], s.at[a], c, s.d[z], s.at[z], n);
  }

  static Stage db(DB op, int a, int b, int z) {
    return (s, n) -> op.run(s.d[a], s.at[a], s.d[b], s.at[b], s.b[z], s.at[z], n);
  }

  static Stage b1(B1 op, int a, int z) {
    return (s, n) -> op.run(s.b[a], s.at[a], s.b[z], s.at[z], n);
  }

  static Stage b2(B2 op, int a, int b, int z) {
    return (s, n) -> op.run(s.b[a], s.at[a], s.b[b], s.at[b], s.b[z], s.at[z], n);
  }

  static Stage lb(LB op, int a, int b, int z) {
    return (s, n) -> op.run(s.l[a], s.at[a], s.l[b], s.at[b], s.b[z], s.at[z], n);
  }

  /** The fold of each row of a: one number a row if {@code once}, else for every element of the row. */
  static Stage fold(Block kind, Reduction r, int a, int z, boolean once) {
    return (s, n) -> {
      Fold f = s.fold(kind, r);
      Object x = kind == Block.F ? s.f[a] : s.d[a];
      Object y = kind == Block.F ? s.f[z] : s.d[z];
      if (once) {
        f.lines(x, s.at[a], s.row, y, s.at[z], n / s.row);
        return;
      }
      for (int i = 0; i < n; i += s.row) {
        f.line(x, s.at[a] + i, s.row, y, s.at[z] + i, s.row);
      }
    };
  }

  /** A function of a and, for each row, a number of c. */
  static Stage fr(FC op, int a, int c, int z) {
    return (s, n) -> {
      for (int i = 0; i < n; i += s.row) {
        op.run(s.f[a], s.at[a] + i, s.f[c][s.at[c] + i / s.row], s.f[z], s.at[z] + i, s.row);
      }
    };
  }

  /** A function of a and, for each row, a number of c. */
  static Stage dr(DC op, int a, int c, int z) {
    return (s, n) -> {
      for (int i = 0; i < n; i += s.row) {
        op.run(s.d[a], s.at[a] + i, s.d[c][s.at[c] + i / s.row], s.d[z], s.at[z] + i, s.row);
      }
    };
  }

  /** A stage whose operand x, one number a row, is spread over the rows for it; the operands of a stage have slots of their own. */
  static Stage spreading(Stage full, int x, int slot) {
    return (s, n) -> {
      float[] numbers = s.f[x];
      int at = s.at[x];
      s.f[x] = s.spread(slot, numbers, at, n);
      s.at[x] = 0;
      full.run(s, n);
      s.f[x] = numbers;
      s.at[x] = at;
    };
  }

  /** An integer function whose results are wrapped to the width of {@code type}. */
  static Stage l1(DType type, L1 op, int a, int z) {
    if (type == DType.INT64) {
      return (s, n) -> op.run(s.l[a], s.at[a], s.l[z], s.at[z], n);
    }
    return (s, n) -> {
      op.run(s.l[a], s.at[a], s.l[z], s.at[z], n);
      LongLoops.wrap(type, s.l[z], s.at[z], n);
    };
  }

  /** An integer function whose results are wrapped to the width of {@code type}. */
  static Stage l2(DType type, L2 op, int a, int b, int z) {
    if (type == DType.INT64) {
      return (s, n) -> op.run(s.l[a], s.at[a], s.l[b], s.at[b], s.l[z], s.at[z], n);
    }
    return (s, n) -> {
      op.run(s.l[a], s.at[a], s.l[b], s.at[b], s.l[z], s.at[z], n);
      LongLoops.wrap(type, s.l[z], s.at[z], n);
    };
  }

  /** The choice between b and c by the bools of a. */
  static Stage where(Block kind, int a, int b, int c, int z) {
    return switch (kind) {
      case F -> (s, n) -> FloatOps.WHERE.run(s.b[a], s.at[a], s.f[b], s.at[b], s.f[c], s.at[c], s.f[z], s.at[z], n);
      case D -> (s, n) -> DoubleOps.WHERE.run(s.b[a], s.at[a], s.d[b], s.at[b], s.d[c], s.at[c], s.d[z], s.at[z], n);
      case L -> (s, n) -> LongLoops.where(s.b[a], s.at[a], s.l[b], s.at[b], s.l[c], s.at[c], s.l[z], s.at[z], n);
      case B -> (s, n) -> BoolLoops.where(s.b[a], s.at[a], s.b[b], s.at[b], s.b[c], s.at[c], s.b[z], s.at[z], n);
    };
  }

  /** The conversion of a to a type. */
  static Stage cast(DType from, DType to, int a, int z) {
    return switch (Block.of(from)) {
      case F -> switch (Block.of(to)) {
        case F -> f1(to.half() ? Halves.rounding(to) : Stage::same, a, z);
        case D -> (s, n) -> Casts.toDouble(s.f[a], s.at[a], s.d[z], s.at[z], n);
        case L -> wrapped(to, z, (s, n) -> Casts.toLong(s.f[a], s.at[a], s.l[z], s.at[z], n));
        case B -> (s, n) -> Casts.toBool(s.f[a], s.at[a], s.b[z], s.at[z], n);
      };
      case D -> switch (Block.of(to)) {
        case F -> (s, n) -> Casts.toFloat(s.d[a], s.at[a], s.f[z], s.at[z], n);
        case D -> d1(Stage::same, a, z);
        case L -> wrapped(to, z, (s, n) -> Casts.toLong(s.d[a], s.at[a], s.l[z], s.at[z], n));
        case B -> (s, n) -> Casts.toBool(s.d[a], s.at[a], s.b[z], s.at[z], n);
      };
      case L -> switch (Block.of(to)) {
        case F -> (s, n) -> Casts.toFloat(s.l[a], s.at[a], s.f[z], s.at[z], n);
        case D -> (s, n) -> Casts.toDouble(s.l[a], s.at[a], s.d[z], s.at[z], n);
        case L -> l1(to, LongLoops::same, a, z);
        case B -> (s, n) -> Casts.toBool(s.l[a], s.at[a], s.b[z], s.at[z], n);
      };
      case B -> switch (Block.of(to)) {
        case F -> (s, n) -> Casts.toFloat(s.b[a], s.at[a], s.f[z], s.at[z], n);
        case D -> (s, n) -> Casts.toDouble(s.b[a], s.at[a], s.d[z], s.at[z], n);
        case L -> (s, n) -> Casts.toLong(s.b[a], s.at[a], s.l[z], s.at[z], n);
        case B -> b1(BoolLoops::same, a, z);
      };
    };
  }

  private static Stage wrapped(DType to, int z, Stage cast) {
    if (to == DType.INT64) {
      return cast;
    }
    return (s, n) -> {
      cast.run(s, n);
      LongLoops.wrap(to, s.l[z], s.at[z], n);
    };
  }

  private static void same(float[] x, int xo, float[] z, int zo, int n) {
    System.arraycopy(x, xo, z, zo, n);
  }

  private static void same(double[] x, int xo, double[] z, int zo, int n) {
    System.arraycopy(x, xo, z, zo, n);
  }
}
