package org.cotangent.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Einsum;
import org.cotangent.testkit.LeakCheck;
import org.cotangent.testkit.RecordingBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The multiplications of an einsum are the fewest that pairs of tensors need. */
@Isolated
@ExtendWith(LeakCheck.class)
class EinsumOrderTest {
  private static Tensor numbers(long seed, int... shape) {
    return Tensor.of(DType.FLOAT64, Shape.of(shape), new Random(seed).doubles(Shape.of(shape).size(), -1, 1).toArray());
  }

  /** Each letter stands for the size that follows its place in {@code sizes}, from a on. */
  @ParameterizedTest
  @CsvSource({"'ab,bc,c->a', '5 6 7', 72", "'a,ab,bc->c', '5 6 7', 72", "'ab,cd,bc->ad', '2 9 3 8', 102", "'ab,bc,cd,d->a', '4 5 6 7', 92"})
  void multiplications(String equation, String sizes, long fewest) {
    int[] size = Arrays.stream(sizes.split(" ")).mapToInt(Integer::parseInt).toArray();
    Tensor[] xs = Arrays.stream(equation.split("->")[0].split(","))
        .map(l -> numbers(l.hashCode(), l.chars().map(c -> size[c - 'a']).toArray())).toArray(Tensor[]::new);
    try (var recorded = RecordingBackend.of(Device.CPU)) {
      Einsum.einsum(equation, xs).toDoubleArray();
      assertThat(recorded.gemms().stream().mapToLong(g -> (long) g.m() * g.n() * g.k() * g.batch()).sum()).isEqualTo(fewest);
    }
  }

  /** Beyond the number whose best order is searched for, the cheapest pair comes first. */
  @Test
  void manyTensors() {
    Tensor[] m = new Tensor[11];
    StringBuilder equation = new StringBuilder();
    Tensor product = Tensor.eye(2).to(DType.FLOAT64);
    for (int i = 0; i < m.length; i++) {
      m[i] = numbers(i, 2, 2);
      product = product.matmul(m[i]);
      equation.append(i == 0 ? "" : ",").append((char) ('a' + i)).append((char) ('b' + i));
    }
    Tensor y = Einsum.einsum(equation + "->al", m);
    assertThat(y.toDoubleArray()).containsExactly(product.toDoubleArray(), Offset.offset(1e-12));
  }
}
