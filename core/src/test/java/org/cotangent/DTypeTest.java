package org.cotangent;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The conversions of float16 and bfloat16: every number of theirs, and float32 numbers at and beside every tie. */
class DTypeTest {
  private static int bits(DType t, float v) {
    return t.narrow(v) & 0xffff;
  }

  @Test
  void everyHalfIsWhatItsBitsSay() {
    for (int b = 0; b < 1 << 16; b++) {
      same(DType.FLOAT16.widen((short) b), value(b, 10, 15));
      same(DType.BFLOAT16.widen((short) b), value(b, 7, 127));
    }
  }

  /** sign 1, exponent of the given bias, {@code m} bits of mantissa: the definition of IEEE 754, section 3.4. */
  private static double value(int b, int m, int bias) {
    double sign = b >= 1 << 15 ? -1 : 1;
    int exponent = (b & 0x7fff) >> m;
    double mantissa = (b & (1 << m) - 1) / (double) (1 << m);
    if (exponent == (1 << 15 - m) - 1) {
      return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return sign * (exponent == 0 ? mantissa * Math.pow(2, 1 - bias) : (1 + mantissa) * Math.pow(2, exponent - bias));
  }

  private static void same(double got, double want) {
    assertThat(Double.compare(got, want)).as("%s, expected %s", got, want).isZero();
  }

  @Test
  void everyHalfComesBack() {
    for (DType t : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
      for (int b = 0; b < 1 << 16; b++) {
        float v = t.widen((short) b);
        if (v == v) {
          assertThat(bits(t, v)).isEqualTo(b);
        } else {
          assertThat(t.widen(t.narrow(v))).isNaN();
        }
      }
    }
  }

  @Test
  void everyTieGoesToEvenAndItsNeighboursToTheNearest() {
    for (DType t : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
      for (int b = 0; b < 1 << 15; b++) {
        double low = t.widen((short) b);
        double high = t.widen((short) (b + 1));
        if (!(low < Double.POSITIVE_INFINITY)) {
          break;
        }
        double step = high - low < Double.POSITIVE_INFINITY ? high - low : low - t.widen((short) (b - 1));
        float tie = (float) (low + step / 2);
        assertThat(bits(t, tie)).as("%s of %s", t, tie).isEqualTo(b + (b & 1));
        assertThat(bits(t, Math.nextDown(tie))).isEqualTo(b);
        assertThat(bits(t, Math.nextUp(tie))).isEqualTo(b + 1);
        assertThat(bits(t, -tie)).isEqualTo(0x8000 | b + (b & 1));
        assertThat(bits(t, Math.nextUp(-tie))).isEqualTo(0x8000 | b);
        assertThat(bits(t, Math.nextDown(-tie))).isEqualTo(0x8000 | b + 1);
      }
    }
  }

  @Test
  void overflowBeginsHalfAStepBeyondTheLargest() {
    assertThat(DType.FLOAT16.widen(DType.FLOAT16.narrow(65519.996f))).isEqualTo(65504);
    assertThat(DType.FLOAT16.widen(DType.FLOAT16.narrow(65520))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(DType.BFLOAT16.widen(DType.BFLOAT16.narrow(Float.MAX_VALUE))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(DType.BFLOAT16.widen(DType.BFLOAT16.narrow(0x1.fep127f))).isEqualTo(0x1.fep127f);
    assertThat(DType.FLOAT16.round(0x1p-25)).isZero();
    assertThat(DType.FLOAT16.round(0x1.000002p-25)).isEqualTo(0x1p-24);
  }

  @Test
  void anyFloatGoesToItsNearest() {
    var random = new Random(7);
    for (int i = 0; i < 300_000; i++) {
      float v = Float.intBitsToFloat(random.nextInt());
      assertThat(DType.FLOAT16.narrow(v)).isEqualTo(Float.floatToFloat16(v));
      float y = DType.BFLOAT16.widen(DType.BFLOAT16.narrow(v));
      if (v != v) {
        assertThat(y).isNaN();
      } else if (Float.isFinite(y)) {
        var error = new BigDecimal(y).subtract(new BigDecimal(v)).abs();
        float other = Float.intBitsToFloat(Float.floatToRawIntBits(y) + (Math.abs(y) < Math.abs(v) ? 0x10000 : -0x10000));
        boolean nearest = y == v || !Float.isFinite(other) || error.compareTo(new BigDecimal(other).subtract(new BigDecimal(v)).abs()) <= 0;
        assertThat(nearest).as("%s to %s, not %s", v, y, other).isTrue();
      }
    }
  }

  @Test
  void nanWithoutUpperBitsStaysNan() {
    for (int b : new int[] {0x7f800001, 0xff800001, 0x7fffffff, 0x7f80ffff}) {
      float nan = Float.intBitsToFloat(b);
      assertThat(DType.BFLOAT16.widen(DType.BFLOAT16.narrow(nan))).isNaN();
      assertThat(DType.FLOAT16.widen(DType.FLOAT16.narrow(nan))).isNaN();
    }
  }

  @Test
  void epsilonIsTheStepAboveOne() {
    for (DType t : new DType[] {DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64}) {
      assertThat(t.round(1 + t.epsilon())).isEqualTo(1 + t.epsilon());
      assertThat(t.round(1 + 0.499 * t.epsilon())).isEqualTo(1);
    }
  }
}
