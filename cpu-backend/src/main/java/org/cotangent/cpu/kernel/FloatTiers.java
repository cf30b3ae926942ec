package org.cotangent.cpu.kernel;

import java.util.function.Supplier;
import org.cotangent.cpu.kernel.Loops.F1;
import org.cotangent.cpu.kernel.Loops.F2;
import org.cotangent.cpu.kernel.Loops.FB;
import org.cotangent.cpu.kernel.Loops.FC;
import org.cotangent.cpu.kernel.Loops.FW;
import org.cotangent.cpu.kernel.Loops.FloatLine;
import org.cotangent.cpu.kernel.Loops.FloatLines;
import org.cotangent.cpu.kernel.Loops.FloatRows;
import org.cotangent.cpu.math.MathProvider;
import org.cotangent.cpu.math.ScalarElementwise;
import org.cotangent.cpu.vector.Rehearsed;

/** Loops of floats with a plain and a vector form, one class for each shape of loop: see {@link Rehearsed}. Where there are no vectors, plain. */
final class FloatTiers {
  /** Whether the Vector API is there and asked for. */
  static final boolean VECTORS = MathProvider.instance().getClass() != ScalarElementwise.class;

  private FloatTiers() {}

  static F1 f1(F1 plain, Supplier<F1> vector) {
    return VECTORS ? new TierF1(plain, vector.get()) : plain;
  }

  private static final class TierF1 extends Rehearsed implements F1 {
    private final F1 plain;
    private final F1 vector;

    TierF1(F1 plain, F1 vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(float[] x, int xo, float[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, z, zo, n);
      } else {
        plain.run(x, xo, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      float[] x = new float[n];
      float[] z = new float[n];
      vector.run(x, 0, z, 0, n);
    }
  }

  static F2 f2(F2 plain, Supplier<F2> vector) {
    return VECTORS ? new TierF2(plain, vector.get()) : plain;
  }

  private static final class TierF2 extends Rehearsed implements F2 {
    private final F2 plain;
    private final F2 vector;

    TierF2(F2 plain, F2 vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, y, yo, z, zo, n);
      } else {
        plain.run(x, xo, y, yo, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      float[] x = new float[n];
      float[] y = new float[n];
      float[] z = new float[n];
      vector.run(x, 0, y, 0, z, 0, n);
    }
  }

  static FC fC(FC plain, Supplier<FC> vector) {
    return VECTORS ? new TierFC(plain, vector.get()) : plain;
  }

  private static final class TierFC extends Rehearsed implements FC {
    private final FC plain;
    private final FC vector;

    TierFC(FC plain, FC vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(float[] x, int xo, float c, float[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, c, z, zo, n);
      } else {
        plain.run(x, xo, c, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      float[] x = new float[n];
      float[] z = new float[n];
      vector.run(x, 0, 2, z, 0, n);
    }
  }

  static FB fB(FB plain, Supplier<FB> vector) {
    return VECTORS ? new TierFB(plain, vector.get()) : plain;
  }

  private static final class TierFB extends Rehearsed implements FB {
    private final FB plain;
    private final FB vector;

    TierFB(FB plain, FB vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n) {
      if (vectors()) {
        vector.run(x, xo, y, yo, z, zo, n);
      } else {
        plain.run(x, xo, y, yo, z, zo, n);
        counted(n);
      }
    }

    @Override
    protected void once(int n) {
      float[] x = new float[n];
      float[] y = new float[n];
      byte[] z = new byte[n];
      vector.run(x, 0, y, 0, z, 0, n);
    }
  }

  static FW fW(FW plain, Supplier<FW> vector) {
    return VECTORS ? new TierFW(plain, vector.get()) : plain;
  }

  private static final class TierFW extends Rehearsed implements FW {
    private final FW plain;
    private final FW vector;

    TierFW(FW plain, FW vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(byte[] c, int co, float[] x, int xo, float[] y, int yo, float[] z, int zo, int n) {
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
      float[] x = new float[n];
      float[] y = new float[n];
      float[] z = new float[n];
      vector.run(c, 0, x, 0, y, 0, z, 0, n);
    }
  }

  static FloatLine floatLine(FloatLine plain, Supplier<FloatLine> vector) {
    return VECTORS ? new TierFloatLine(plain, vector.get()) : plain;
  }

  private static final class TierFloatLine extends Rehearsed implements FloatLine {
    private final FloatLine plain;
    private final FloatLine vector;

    TierFloatLine(FloatLine plain, FloatLine vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public float run(float[] x, int xo, int n) {
      if (vectors()) {
        return vector.run(x, xo, n);
      }
      counted(n);
      return plain.run(x, xo, n);
    }

    @Override
    protected void once(int n) {
      float[] x = new float[n];
      vector.run(x, 0, n);
    }
  }

  /** A line has a multiple of {@code unit} elements. */
  static FloatLines floatLines(int unit, FloatLines plain, Supplier<FloatLines> vector) {
    return VECTORS ? new TierFloatLines(unit, plain, vector.get()) : plain;
  }

  private static final class TierFloatLines extends Rehearsed implements FloatLines {
    private final int unit;
    private final FloatLines plain;
    private final FloatLines vector;

    TierFloatLines(int unit, FloatLines plain, FloatLines vector) {
      this.unit = unit;
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(float[] x, int xo, int between, int n, float[] z, int zo, int lines) {
      if (vectors()) {
        vector.run(x, xo, between, n, z, zo, lines);
      } else {
        plain.run(x, xo, between, n, z, zo, lines);
        counted(n * lines);
      }
    }

    @Override
    protected void once(int n) {
      float[] x = new float[n];
      int lines = n < 256 ? 1 : n / 256;
      int line = n / lines / unit * unit;
      vector.run(x, 0, line, line, new float[lines], 0, lines);
    }
  }

  static FloatRows floatRows(FloatRows plain, Supplier<FloatRows> vector) {
    return VECTORS ? new TierFloatRows(plain, vector.get()) : plain;
  }

  private static final class TierFloatRows extends Rehearsed implements FloatRows {
    private final FloatRows plain;
    private final FloatRows vector;

    TierFloatRows(FloatRows plain, FloatRows vector) {
      this.plain = plain;
      this.vector = vector;
    }

    @Override
    public void run(float[] x, int xo, int stride, double[] t, int w) {
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
      vector.run(new float[8 * w], 0, w, new double[w], w);
    }
  }
}
