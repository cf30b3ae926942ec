package org.cotangent.special;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.junit.jupiter.api.Test;

/** The next number of float16 and bfloat16 from every number there is. */
class NextAfterTest {
  private static float number(DType t, int bits) {
    return t == DType.BFLOAT16 ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat((short) bits);
  }

  private static float next(DType t, int bits, float to) {
    float x = number(t, bits);
    if (Float.isNaN(x) || Float.isNaN(to)) {
      return Float.NaN;
    }
    if (x == to || x == 0) {
      return x == to ? to : Math.copySign(number(t, 1), to);
    }
    return number(t, (to > x) == (x > 0) ? bits + 1 : bits - 1);
  }

  @Test
  void everyHalf() {
    for (DType t : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      float[] all = new float[1 << 16];
      for (int i = 0; i < all.length; i++) {
        all[i] = number(t, i);
      }
      Tensor x = Tensor.of(all).to(t);
      for (float to : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -1, Float.NaN}) {
        float[] y = x.nextafter(Tensor.of(to).to(t)).to(DType.FLOAT32).toFloatArray();
        for (int i = 0; i < all.length; i++) {
          if (Float.compare(y[i], next(t, i, to)) != 0) {
            assertThat(y[i]).as("%s: from %s to %s", t, all[i], to).isEqualTo(next(t, i, to));
          }
        }
      }
    }
  }
}
