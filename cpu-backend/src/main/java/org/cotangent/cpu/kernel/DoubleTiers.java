package org.cotangent.cpu.kernel;

import java.util.function.Supplier;
import org.cotangent.cpu.kernel.Loops.D1;
import org.cotangent.cpu.kernel.Loops.D2;
import org.cotangent.cpu.kernel.Loops.DB;
import org.cotangent.cpu.kernel.Loops.DC;
import org.cotangent.cpu.kernel.Loops.DW;
import org.cotangent.cpu.kernel.Loops.DoubleLanes;
import org.cotangent.cpu.kernel.Loops.DoubleLine;
import org.cotangent.cpu.kernel.Loops.DoubleRows;
import org.cotangent.cpu.math.MathProvider;
import org.cotangent.cpu.math.ScalarElementwise;
import org.cotangent.cpu.vector.Rehearsed;

/** Loops of doubles with a plain and a vector form, one class for each shape of loop: see {@link Rehearsed}. Where there are no vectors, plain. */
final class DoubleTiers {
  /** Whether the Vector API is there and asked for. */
  static final boolean VECTORS = MathProvider.instance().getClass() != ScalarElementwise.class;

  private DoubleTiers() {}

  static D1 d1(D1 plain, Supplier<D1> vector) {
    return VECTORS ? new TierD1(plain, vector.get()) : plain;
  }

  private static final class TierD1 extends Rehearsed implements D1 {
    private final D1 plain;
    private final D1 vector;

    TierD1(D1 plain, D1 vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(double[] x, int xo, double[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, z, zo, n);
      } else {
        plain.run(x, xo, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      double[] x = new double[n];
      double[] z = new double[n];
      vector.run(x, 0, z, 0, n);
    }
  }

  static D2 d2(D2 plain, Supplier<D2> vector) {
    return VECTORS ? new TierD2(plain, vector.get()) : plain;
  }

  private static final class TierD2 extends Rehearsed implements D2 {
    private final D2 plain;
    private final D2 vector;

    TierD2(D2 plain, D2 vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, y, yo, z, zo, n);
      } else {
        plain.run(x, xo, y, yo, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      double[] x = new double[n];
      double[] y = new double[n];
      double[] z = new double[n];
      vector.run(x, 0, y, 0, z, 0, n);
    }
  }

  static DC dC(DC plain, Supplier<DC> vector) {
    return VECTORS ? new TierDC(plain, vector.get()) : plain;
  }

  private static final class TierDC extends Rehearsed implements DC {
    private final DC plain;
    private final DC vector;

    TierDC(DC plain, DC vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(double[] x, int xo, double c, double[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, c, z, zo, n);
      } else {
        plain.run(x, xo, c, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      double[] x = new double[n];
      double[] z = new double[n];
      vector.run(x, 0, 2, z, 0, n);
    }
  }

  static DB dB(DB plain, Supplier<DB> vector) {
    return VECTORS ? new TierDB(plain, vector.get()) : plain;
  }

  private static final class TierDB extends Rehearsed implements DB {
    private final DB plain;
    private final DB vector;

    TierDB(DB plain, DB vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, y, yo, z, zo, n);
      } else {
        plain.run(x, xo, y, yo, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      double[] x = new double[n];
      double[] y = new double[n];
      byte[] z = new byte[n];
      vector.run(x, 0, y, 0, z, 0, n);
    }
  }

  static DW dW(DW plain, Supplier<DW> vector) {
    return VECTORS ? new TierDW(plain, vector.get()) : plain;
  }

  private static final class TierDW extends Rehearsed implements DW {
    private final DW plain;
    private final DW vector;

    TierDW(DW plain, DW vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(byte[] c, int co, double[] x, int xo, double[] y, int yo, double[] z, int zo, int n) {
      if (vectors()) {
        vector.run(c, co, x, xo, y, yo, z, zo, n);
      } else {
        plain.run(c, co, x, xo, y, yo, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      byte[] c = new byte[n];
      double[] x = new double[n];
      double[] y = new double[n];
      double[] z = new double[n];
      vector.run(c, 0, x, 0, y, 0, z, 0, n);
    }
  }

  static DoubleLine doubleLine(DoubleLine plain, Supplier<DoubleLine> vector) {
    return VECTORS ? new TierDoubleLine(plain, vector.get()) : plain;
  }

  private static final class TierDoubleLine extends Rehearsed implements DoubleLine {
    private final DoubleLine plain;
    private final DoubleLine vector;

    TierDoubleLine(DoubleLine plain, DoubleLine vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public double run(double[] x, int xo, int n) {
      if (vectors()) {
        return vector.run(x, xo, n);
      }
      counted(n);
      return plain.run(x, xo, n);
    }

    @Override
    protected void once(int n) {
      double[] x = new double[n];
      vector.run(x, 0, n);
    }
  }

  static DoubleLanes doubleLanes(DoubleLanes plain, Supplier<DoubleLanes> vector) {
    return VECTORS ? new TierDoubleLanes(plain, vector.get()) : plain;
  }

  private static final class TierDoubleLanes extends Rehearsed implements DoubleLanes {
    private final DoubleLanes plain;
    private final DoubleLanes vector;

    TierDoubleLanes(DoubleLanes plain, DoubleLanes vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(double[] x, int xo, int n, double[] totals) {
      if (vectors()) {
        vector.run(x, xo, n, totals);
      } else {
        plain.run(x, xo, n, totals);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      double[] x = new double[n];
      double[] totals = new double[64];
      vector.run(x, 0, n / 64 * 64, totals);
    }
  }

  static DoubleRows doubleRows(DoubleRows plain, Supplier<DoubleRows> vector) {
    return VECTORS ? new TierDoubleRows(plain, vector.get()) : plain;
  }

  private static final class TierDoubleRows extends Rehearsed implements DoubleRows {
    private final DoubleRows plain;
    private final DoubleRows vector;

    TierDoubleRows(DoubleRows plain, DoubleRows vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(double[] x, int xo, int stride, double[] t, int w) {
      if (vectors()) {
        vector.run(x, xo, stride, t, w);
      } else {
        plain.run(x, xo, stride, t, w);
        counted(8 * w);
      }
    }

    @Override
    protected void once(int n) {
      int w = Math.ceilDiv(n, 8);
      vector.run(new double[8 * w], 0, w, new double[w], w);
    }
  }
}
