package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Windows of signal processing of n elements, float32. A periodic window is one of n + 1 elements without the last, as spectra need it;
 * else it is symmetric (Harris 1978).
 */
public final class Windows {
  private Windows() {}

  /** (1 - cos t) / 2, t from 0 to 2π. */
  public static Tensor hannWindow(int n, boolean periodic) {
    return cosines("hannWindow", n, periodic, 0.5, -0.5, 0);
  }

  /** 0.54 - 0.46 cos t, t from 0 to 2π. */
  public static Tensor hammingWindow(int n, boolean periodic) {
    return cosines("hammingWindow", n, periodic, 0.54, -0.46, 0);
  }

  /** 0.42 - 0.5 cos t + 0.08 cos 2t, t from 0 to 2π. */
  public static Tensor blackmanWindow(int n, boolean periodic) {
    return cosines("blackmanWindow", n, periodic, 0.42, -0.5, 0.08);
  }

  /** From 0 to 1 and back along lines. */
  public static Tensor bartlettWindow(int n, boolean periodic) {
    Tensor x = places("bartlettWindow", n, periodic);
    return x.sub(0.5).abs().mul(-2.0).add(1.0).to(DType.FLOAT32);
  }

  /** I₀(β √(1 - u²)) / I₀(β), u from -1 to 1. */
  public static Tensor kaiserWindow(int n, boolean periodic, double beta) {
    Tensor u = places("kaiserWindow", n, periodic).mul(2.0).sub(1.0);
    Tensor top = u.square().neg().add(1.0).clampMin(0).sqrt().mul(beta).i0();
    return top.div(Tensor.scalar(beta).i0().item()).to(DType.FLOAT32);
  }

  private static Tensor cosines(String op, int n, boolean periodic, double a, double b, double c) {
    Tensor t = places(op, n, periodic).mul(2 * Math.PI);
    return t.cos().mul(b).add(t.mul(2.0).cos().mul(c)).add(a).to(DType.FLOAT32);
  }

  /** From 0 to 1, float64; 1/2 if there is one. */
  private static Tensor places(String op, int n, boolean periodic) {
    if (n < 0) {
      throw new ArgumentException(op + ": the length is negative: " + n);
    }
    int last = periodic ? n : n - 1;
    return n == 1 ? Tensor.of(0.5) : Tensor.arange(n).to(DType.FLOAT64).div((double) last);
  }
}
