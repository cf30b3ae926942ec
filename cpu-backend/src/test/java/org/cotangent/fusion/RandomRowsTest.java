package org.cotangent.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random programs of rows, numbers of rows, and sums down columns give the same, with their gradients, as when each operation is computed at once. */
class RandomRowsTest {
  private static final int PROGRAMS = 12;

  /** One program: the choices come from a seed, so that it can be run twice. */
  private static final class Program {
    private final Random random;
    private final UnaryOperator<Tensor> each;
    private final List<Tensor> full = new ArrayList<>();
    private final List<Tensor> numbers = new ArrayList<>();
    private final List<Tensor> columns = new ArrayList<>();

    Program(long seed, UnaryOperator<Tensor> each, Tensor x, Tensor y) {
      random = new Random(seed);
      this.each = each;
      full.addAll(List.of(x, y));
      numbers.add(each.apply(x.amax(new int[] {1}, true)));
      columns.add(each.apply(y.sum(0)));
    }

    private Tensor any(List<Tensor> of) {
      return of.get(random.nextInt(of.size()));
    }

    private Tensor each(Tensor t) {
      return each.apply(t);
    }

    void step() {
      Tensor a = any(full);
      Tensor b = any(full);
      Tensor m = any(numbers);
      Tensor q = any(numbers);
      switch (random.nextInt(18)) {
        case 0 -> full.add(each(a.add(b)));
        case 1 -> full.add(each(a.sub(m)));
        case 2 -> full.add(each(a.tanh().mul(q)));
        case 3 -> full.add(each(a.sub(m).clampMax(0).exp()));
        case 4 -> full.add(each(Tensor.where(each(a.gt(b)), m, q)));
        case 5 -> full.add(each(Tensor.where(each(a.gt(m)), a, q)));
        case 6 -> full.add(each(Tensor.where(each(m.ge(q)), a, b)));
        case 7 -> full.add(each(a.add(m.expand(a.shape().dims()).mul(0.5))));
        case 8 -> full.add(each(a.add(any(columns).mul(0.01))));
        case 9 -> full.add(each(a.neg().relu()));
        case 10 -> numbers.add(each(a.mean(1).unsqueeze(1)));
        case 11 -> numbers.add(each(a.amax(new int[] {1}, true)));
        case 12 -> numbers.add(each(m.add(q)));
        case 13 -> numbers.add(each(Tensor.where(each(m.gt(q)), m, q)));
        case 14 -> numbers.add(each(m.square().add(1).sqrt()));
        case 15 -> numbers.add(each(m.square().add(1).log()));
        case 16 -> columns.add(each(a.sum(0)));
        default -> columns.add(each(a.mul(b).sum(0)));
      }
    }

    Tensor result() {
      Tensor out = any(full).sum();
      for (Tensor t : numbers) {
        out = out.add(each(t.reshape(-1)).sum());
      }
      for (Tensor t : columns) {
        out = out.add(t.mul(0.01).sum());
      }
      return Tensor.cat(0, full.getLast().reshape(-1), numbers.getLast().reshape(-1), out.reshape(1));
    }
  }

  private static Tensor run(long seed, UnaryOperator<Tensor> each, Tensor x, Tensor y) {
    var p = new Program(seed, each, x, y);
    for (int i = 0; i < 12; i++) {
      p.step();
    }
    return p.result();
  }

  /** Up to some roundings of a few hundred numbers, relative to the largest. */
  private static void same(long seed, Tensor a, Tensor b) {
    double scale = 1 + b.abs().max().item();
    assertThat(a.sub(b).abs().max().item()).as("program %d", seed).isLessThanOrEqualTo(1000 * a.dtype().epsilon() * scale);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, 8", "FLOAT32, 300", "FLOAT64, 17"})
  void fusedIsAsOneByOne(DType type, int length) {
    for (long seed = 0; seed < PROGRAMS; seed++) {
      Tensor x = Tensor.of(normal(seed, 6 * length), 6, length).to(type).requiresGrad_();
      Tensor y = Tensor.of(normal(seed + 1000, 6 * length), 6, length).to(type);
      Tensor a = run(seed, t -> t, x, y);
      Tensor b = run(seed, Tensor::synchronize, x, y);
      if (seed % 2 == 0) {
        same(seed, a.detach(), b.detach());
      }
      same(seed, Autograd.grad(a.sum(), x), Autograd.grad(b.sum(), x));
      same(seed, a.detach(), b.detach());
    }
  }

  private static double[] normal(long seed, int n) {
    var random = new Random(seed);
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextGaussian();
    }
    return x;
  }
}
