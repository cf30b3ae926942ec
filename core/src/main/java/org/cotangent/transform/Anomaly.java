package org.cotangent.transform;

import java.util.function.Supplier;
import org.cotangent.DType;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Axes;
import org.cotangent.primitive.Reduce;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Reduction;

/** Anomaly mode: nodes remember where they were made, and backward stops at the first NaN. */
public final class Anomaly {
  private Anomaly() {}

  static boolean on() {
    return Bound.now().anomaly();
  }

  /** Runs {@code body} in anomaly mode. */
  public static <R> R detect(Supplier<R> body) {
    return Bound.now().anomaly(true).run(body);
  }

  static void check(Node n, int i, Value g) {
    Values.stored(g, s -> {
      if (hasNan(s)) {
        throw Backward.nan(n, i);
      }
    });
  }

  private static boolean hasNan(Stored s) {
    if (!s.dtype().floating() || s.spec().size() == 0) {
      return false;
    }
    Expr x = Expr.arg(0);
    Value nan = Gate.OPS.pointwise(Expr.cast(DType.INT64, Expr.call(Fn.NE, x, x)), s);
    Stored count = (Stored) Gate.OPS.one(new Reduce(Reduction.SUM, Axes.range(s.rank())), nan);
    long[] r = new long[1];
    Backends.of(s.device()).download(count.operand(), r);
    return r[0] > 0;
  }

  /** The user's line in a stack trace: the first frame outside the engine. */
  static String line(Throwable born) {
    for (StackTraceElement e : born.getStackTrace()) {
      String c = e.getClassName();
      if (!engine(c)) {
        return e.toString();
      }
    }
    return "an unknown line";
  }

  private static boolean engine(String c) {
    if (c.startsWith("java.") || c.startsWith("jdk.")) {
      return true;
    }
    for (String p : new String[] {"transform", "primitive", "lower", "ops", "nn", "optim"}) {
      if (c.startsWith("org.cotangent." + p + ".")) {
        return !c.endsWith("Test");
      }
    }
    return c.startsWith("org.cotangent.Tensor") && !c.endsWith("Test") || c.startsWith("org.cotangent.Autograd") && !c.endsWith("Test")
        || c.equals("org.cotangent.Eager") || c.equals("org.cotangent.Factory");
  }
}
