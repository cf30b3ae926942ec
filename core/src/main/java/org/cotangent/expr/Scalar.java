package org.cotangent.expr;

import java.util.OptionalDouble;
import org.cotangent.DType;

/** The value of a program without inputs, so that constants stay constants; in double precision, rounded to each step's type. */
public final class Scalar {
  private Scalar() {}

  /** Output {@code j} of a program whose steps are all arithmetic on constants; empty if some step is not. */
  public static OptionalDouble evaluate(Program p, int j) {
    double[] r = new double[p.steps().size()];
    for (int i = 0; i <= p.outputs()[j]; i++) {
      Program.Step s = p.steps().get(i);
      if (s.type() == DType.INT64 || s.from() == DType.INT64) {
        return OptionalDouble.empty(); // a double cannot hold every int64
      }
      double x = s.a() < 0 ? 0 : r[s.a()];
      double y = s.b() < 0 ? 0 : r[s.b()];
      double v;
      switch (s.fn()) {
        case CONST -> v = s.value();
        case CAST -> v = s.type().category() == 0 ? (x != 0 ? 1 : 0) : x;
        case ADD -> v = x + y;
        case SUB -> v = x - y;
        case MUL -> v = s.type().floating() ? x * y : s.type().wrap((long) x * (long) y);
        case NEG -> v = -x;
        case DIV -> {
          if (!s.type().floating()) {
            return OptionalDouble.empty();
          }
          v = x / y;
        }
        case SQRT -> v = Math.sqrt(x);
        default -> {
          return OptionalDouble.empty();
        }
      }
      r[i] = s.type().round(v);
    }
    return OptionalDouble.of(r[p.outputs()[j]]);
  }
}
