package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.spi.Operand;

/** Sets every element of a layout to one number. */
final class Fill {
  private Fill() {}

  /** Sets all elements; integers take the number truncated. */
  static void run(Operand out, double value) {
    if (Geometry.empty(out.layout())) {
      return;
    }
    Kind kind = Kind.of(out.dtype());
    Object one = one(out.dtype(), value);
    Object y = HeapBuffer.data(out);
    Geometry g = Geometry.of(out);
    Cursor c = g.cursor(0);
    for (long r = 0; r < g.rows(); r++) {
      Rows.copy(kind, one, 0, 0, y, c.at[0], g.step(0), g.inner());
      c.next();
    }
  }

  private static Object one(DType type, double value) {
    if (type == DType.FLOAT32) {
      return new float[] {(float) value};
    }
    if (type == DType.FLOAT64) {
      return new double[] {value};
    }
    Object one = Kind.of(type).array(1);
    Rows.store(type, new long[] {(long) value}, 0, one, 0, 1, 1);
    return one;
  }
}
