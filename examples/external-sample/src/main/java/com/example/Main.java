package com.example;

import java.util.Arrays;
import org.cotangent.Tensor;

/** Solves a small linear system by gradient descent. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Tensor a = Tensor.of(new float[][] {{2, 1}, {1, 3}});
    Tensor b = Tensor.of(3f, 5f);
    Tensor x = Tensor.zeros(2).requiresGrad_();
    for (int step = 0; step < 200; step++) {
      Tensor error = a.matmul(x).sub(b);
      error.mul(error).sum().backward();
      x = x.detach().sub(x.grad().mul(0.05)).requiresGrad_();
    }
    float[] found = x.detach().toFloatArray();
    System.out.println("x = " + Arrays.toString(found));
    if (Math.abs(found[0] - 0.8f) > 1e-3f || Math.abs(found[1] - 1.4f) > 1e-3f) {
      throw new AssertionError("expected [0.8, 1.4]");
    }
  }
}
