package org.cotangent.determinism;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.Tensor;
import org.cotangent.nn.GELU;
import org.cotangent.nn.LayerNorm;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;

/** A program that prints numbers of random programs, of a training step or of a Jacobian: a line "name: number ..." each. */
final class Numbers {
  private static final int PROGRAMS = 60;

  private static final List<UnaryOperator<Tensor>> POINTWISE = List.of(
      Tensor::sin, Tensor::tanh, Tensor::sigmoid, Tensor::exp, Tensor::square, v -> v.abs().add(1).log(), v -> v.mul(0.3).sub(0.1),
      v -> v.div(v.square().add(1)), v -> v.clamp(-1, 1).mul(v), v -> v.maximum(v.neg().mul(0.5)));

  private Numbers() {}

  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "pointwise" -> programs();
      case "training" -> training();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Values and gradients of functions chained by seeds: each joined to an earlier value or not. */
  private static void programs() {
    for (int seed = 0; seed < PROGRAMS; seed++) {
      var r = new Random(seed);
      int[] shape = {1 + r.nextInt(4), 2 + r.nextInt(40)};
      Tensor x = normal(r, shape);
      Tensor ct = normal(r, shape);
      long steps = r.nextLong();
      var v = Autograd.vjp(t -> chain(new Random(steps), t), x);
      print("value " + seed, v.value());
      print("gradient " + seed, v.apply(ct));
    }
  }

  private static Tensor chain(Random r, Tensor x) {
    var made = new ArrayList<>(List.of(x));
    int n = 2 + r.nextInt(5);
    for (int i = 0; i < n; i++) {
      Tensor y = POINTWISE.get(r.nextInt(POINTWISE.size())).apply(made.getLast());
      made.add(r.nextBoolean() ? y : y.mul(made.get(r.nextInt(made.size())).tanh()));
    }
    return made.getLast();
  }

  private static Tensor normal(Random r, int... shape) {
    float[] v = new float[Arrays.stream(shape).reduce(1, (p, q) -> p * q)];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) r.nextGaussian();
    }
    return Tensor.of(v, shape);
  }

  /** Weights after three steps on 512 samples, and the Jacobian of the network. */
  private static void training() {
    Tensor.manualSeed(5);
    var net = Sequential.of(new Linear(64, 256), new LayerNorm(256), new GELU(), new Linear(256, 10));
    var optimiser = new AdamW(net.parameters()).learningRate(1e-2);
    Tensor x = Tensor.randn(512, 64);
    Tensor y = x.narrow(1, 0, 10).argmax(1);
    for (int step = 0; step < 3; step++) {
      optimiser.step(Losses.crossEntropy(net.apply(x), y));
    }
    for (Tensor p : net.parameters()) {
      print("weight " + p.shape(), p.detach());
    }
    Tensor few = x.narrow(0, 0, 40).detach();
    print("jacobian", Autograd.noGrad(() -> Autograd.jacrev(v -> net.apply(v).sum(1)).apply(few)));
  }

  private static void print(String name, Tensor t) {
    var line = new StringBuilder(name).append(':');
    for (float v : t.reshape(-1).toFloatArray()) {
      line.append(' ').append(v);
    }
    System.out.println(line);
  }
}
