package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.math.ScalarElementwise;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.expr.Program.Step;

/** A program evaluated for one element, step by step: floating values in double rounded to the step's type, the others as longs. */
final class Naive {
  private static final ScalarElementwise MATH = new ScalarElementwise();

  final double[] real;
  final long[] whole;
  private final Program program;

  Naive(Program program) {
    this.program = program;
    real = new double[program.steps().size()];
    whole = new long[real.length];
  }

  /** Evaluates for these inputs, of which those of floating type are in {@code r} and the others in {@code w}. */
  void evaluate(double[] r, long[] w) {
    for (int i = 0; i < real.length; i++) {
      Step s = program.steps().get(i);
      switch (s.fn()) {
        case ARG -> {
          real[i] = r[s.index()];
          whole[i] = w[s.index()];
        }
        case CONST -> {
          real[i] = s.value();
          whole[i] = (long) s.value();
        }
        case CAST -> cast(s, i);
        case WHERE -> {
          real[i] = real[whole[s.a()] != 0 ? s.b() : s.c()];
          whole[i] = whole[whole[s.a()] != 0 ? s.b() : s.c()];
        }
        default -> compute(s, i);
      }
    }
  }

  private void cast(Step s, int i) {
    if (s.type().floating()) {
      real[i] = s.from().floating() ? s.type().round(real[s.a()]) : s.type() == DType.FLOAT64 ? (double) whole[s.a()] : (float) whole[s.a()];
    } else if (s.type() == DType.BOOL) {
      whole[i] = (s.from().floating() ? real[s.a()] != 0 : whole[s.a()] != 0) ? 1 : 0;
    } else {
      whole[i] = s.type().wrap(s.from().floating() ? (long) real[s.a()] : whole[s.a()]);
    }
  }

  private void compute(Step s, int i) {
    int b = s.b() < 0 ? s.a() : s.b();
    if (s.fn().comparison()) {
      whole[i] = (s.from().floating() ? compare(s.fn(), real[s.a()], real[b]) : compare(s.fn(), whole[s.a()], whole[b])) ? 1 : 0;
    } else if (s.type().floating()) {
      real[i] = s.type().round(real(s.fn(), s.type(), real[s.a()], real[b]));
    } else {
      whole[i] = s.type().wrap(s.type() == DType.BOOL && s.fn() == Fn.NOT ? 1 - whole[s.a()] : whole(s.fn(), whole[s.a()], whole[b]));
    }
  }

  private static boolean compare(Fn fn, double x, double y) {
    return switch (fn) {
      case GT -> x > y;
      case GE -> x >= y;
      case EQ -> x == y;
      default -> x != y;
    };
  }

  private static boolean compare(Fn fn, long x, long y) {
    return switch (fn) {
      case GT -> x > y;
      case GE -> x >= y;
      case EQ -> x == y;
      default -> x != y;
    };
  }

  static long whole(Fn fn, long x, long y) {
    return switch (fn) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case FMOD -> x % y;
      case REMAINDER -> Math.floorMod(x, y);
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
      case POW -> power(x, y);
      case AND -> x & y;
      case OR -> x | y;
      case XOR -> x ^ y;
      case NOT -> ~x;
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case RELU -> x < 0 ? 0 : x;
      case SIGN -> Long.signum(x);
      case FLOOR, CEIL, ROUND, TRUNC -> x;
      case GCD -> java.math.BigInteger.valueOf(x).gcd(java.math.BigInteger.valueOf(y)).longValue();
      default -> throw new AssertionError(fn);
    };
  }

  private static long power(long x, long y) {
    if (y < 0) {
      return Math.abs(x) == 1 ? power(x, -y % 2) : 0;
    }
    return java.math.BigInteger.valueOf(x).modPow(java.math.BigInteger.valueOf(y), java.math.BigInteger.ONE.shiftLeft(64)).longValue();
  }

  static double real(Fn fn, DType type, double x, double y) {
    return switch (fn) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case FMOD -> x % y;
      case REMAINDER -> {
        double r = x % y;
        yield r != 0 && r < 0 != y < 0 ? type.round(r + y) : r;
      }
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
      case COPYSIGN -> Math.copySign(x, y);
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case RELU -> Math.max(x, 0);
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : 0;
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case TRUNC -> x < 0 ? Math.ceil(x) : Math.floor(x);
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / type.round(Math.sqrt(x));
      case NEXTAFTER -> type == DType.FLOAT64 ? Math.nextAfter(x, y) : Math.nextAfter((float) x, y);
      default -> expensive(fn, x, y);
    };
  }

  private static double expensive(Fn fn, double x, double y) {
    double[] a = {x};
    double[] b = {y};
    switch (fn) {
      case POW -> MATH.pow(a, 0, b, 0, a, 0, 1);
      case ATAN2 -> MATH.atan2(a, 0, b, 0, a, 0, 1);
      case POLYGAMMA, ZETA, XLOGY, XLOG1PY -> Functions.double2(fn).run(a, 0, b, 0, a, 0, 1);
      default -> Functions.double1(fn).run(a, 0, a, 0, 1);
    }
    return a[0];
  }
}
