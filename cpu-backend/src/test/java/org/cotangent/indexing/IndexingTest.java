package org.cotangent.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.Index;
import org.cotangent.Tensor;
import org.cotangent.creation.Written;
import org.cotangent.errors.CotangentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class IndexingTest {
  private static Index part(String s) {
    if (s.equals("None")) {
      return Index.newAxis();
    }
    if (s.equals("...")) {
      return Index.ellipsis();
    }
    if (s.equals(":")) {
      return Index.all();
    }
    if (s.contains("[")) {
      return Index.of(Written.tensor(s));
    }
    if (s.contains(":")) {
      String[] p = s.split(":");
      return Index.range(Integer.parseInt(p[0]), Integer.parseInt(p[1]), Integer.parseInt(p[2]));
    }
    return Index.at(Integer.parseInt(s));
  }

  private static Index[] parts(String s) {
    return Stream.of(s.split(" ")).map(IndexingTest::part).toArray(Index[]::new);
  }

  @Test
  void everyFormOfGetGivesWhatPyTorchGives() {
    var wrong = new ArrayList<String>();
    for (String[] row : Written.table(IndexingTest.class, "indexing.txt")) {
      try {
        Written.matches(Written.tensor(row[1]).get(parts(row[0])), row[2], 0);
      } catch (CotangentException | AssertionError e) {
        wrong.add(String.join(" | ", row) + "\n   " + e);
      }
    }
    assertThat(wrong.stream().limit(5)).as("%d are wrong", wrong.size()).isEmpty();
  }

  @Test
  void everyFormOfSetWritesWhatPyTorchWrites() {
    var wrong = new ArrayList<String>();
    for (String[] row : Written.table(IndexingTest.class, "indexing.txt")) {
      if (row[3].equals("-")) {
        continue;
      }
      Tensor x = Written.tensor(row[1]).copy();
      Tensor shape = Written.tensor(row[2]);
      try {
        Tensor v = Tensor.arange(0.0, shape.size(), 1.0).rsub(-1).reshape(shape.shape().dims());
        x.set(parts(row[0]), v);
        Written.matches(x, row[3], 0);
      } catch (CotangentException | AssertionError e) {
        wrong.add(String.join(" | ", row) + "\n   " + e);
      }
    }
    assertThat(wrong.stream().limit(5)).as("%d are wrong", wrong.size()).isEmpty();
  }

  @Test
  void theGradientOfGetPutsBackWhatWasTakenAndAddsWhatWasTakenTwice() {
    var wrong = new ArrayList<String>();
    for (String[] row : Written.table(IndexingTest.class, "indexing.txt")) {
      Tensor x = Written.tensor(row[1]).requiresGrad_();
      Tensor taken = Written.tensor(row[2]);
      x.get(parts(row[0])).backward(taken.add(1));
      float[] want = new float[(int) x.size()];
      for (float p : taken.toFloatArray()) {
        want[(int) p] += p + 1;
      }
      float[] got = x.hasGrad() ? x.grad().toFloatArray() : new float[want.length];
      if (!java.util.Arrays.equals(got, want)) {
        wrong.add(String.join(" | ", row) + "\n   " + x.grad());
      }
    }
    assertThat(wrong.stream().limit(5)).as("%d are wrong", wrong.size()).isEmpty();
  }

  @Test
  void positionsOutsideAreRefused() {
    Tensor x = Tensor.ones(2, 3);
    assertThatThrownBy(() -> x.get(2)).isInstanceOf(IndexException.class).hasMessageContaining("index 2").hasMessageContaining("[2, 3]");
    assertThatThrownBy(() -> x.get(0, -4)).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> x.get(1, 1, 1)).isInstanceOf(ShapeException.class).hasMessageContaining("3 indices");
    assertThatThrownBy(() -> x.get(Tensor.of(0, 2)).toArray()).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> x.get(Tensor.of(-3)).toArray()).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> x.indexSelect(1, Tensor.of(3)).toArray()).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> x.gather(0, Tensor.of(new long[][] {{2, 0, 0}})).toArray()).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> x.get(Tensor.of(0.5f))).isInstanceOf(DTypeException.class).hasMessageContaining("float32");
    assertThatThrownBy(() -> x.get(Tensor.of(true, false, true))).isInstanceOf(ShapeException.class).hasMessageContaining("mask");
    assertThatThrownBy(() -> Tensor.scalar(1f).get(0)).isInstanceOf(ShapeException.class);
  }

  @Test
  void masksOfTheWholeTensorTakeItsElementsInOrder() {
    Tensor x = Tensor.of(new float[][] {{1, -2, 3}, {-4, 5, -6}});
    assertThat(x.get(x.gt(0)).toFloatArray()).containsExactly(1, 3, 5);
    assertThat(x.maskedSelect(x.lt(0)).toFloatArray()).containsExactly(-2, -4, -6);
    assertThat(x.maskedSelect(Tensor.of(true, false, true)).toFloatArray()).containsExactly(1, 3, -4, -6);
    assertThat(x.maskedFill(x.lt(0), 0).toFloatArray()).containsExactly(1, 0, 3, 0, 5, 0);
    assertThat(x.nonzero().shape().dims()).containsExactly(6, 2);
    assertThat(x.gt(0).nonzero().toLongArray()).containsExactly(0, 0, 0, 2, 1, 1);
    assertThat(x.get(x.gt(100)).shape().dims()).containsExactly(0);
  }

  @Test
  void gatherAndScatterAddAreTransposes() {
    Tensor x = Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}).requiresGrad_();
    Tensor at = Tensor.of(new long[][] {{0, 2}, {0, 1}});
    assertThat(x.gather(0, at).toFloatArray()).containsExactly(1, 6, 1, 4);
    assertThat(x.gather(1, Tensor.of(new long[][] {{1}, {0}, {1}})).toFloatArray()).containsExactly(2, 3, 6);
    x.gather(0, at).backward(Tensor.of(new float[][] {{10, 20}, {30, 40}}));
    assertThat(x.grad().toFloatArray()).containsExactly(40, 0, 0, 40, 0, 20);
    Tensor y = Tensor.zeros(3, 2).scatterAdd(0, at, Tensor.of(new float[][] {{10, 20}, {30, 40}}));
    assertThat(y.toFloatArray()).containsExactly(40, 0, 0, 40, 0, 20);
  }

  @Test
  void indexSelectTakesSlicesInAnyOrder() {
    Tensor x = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}).requiresGrad_();
    Tensor y = x.indexSelect(1, Tensor.of(2, 0, 2));
    assertThat(y.toFloatArray()).containsExactly(3, 1, 3, 6, 4, 6);
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 0, 2, 1, 0, 2);
  }

  @Test
  void oneHotCountsClasses() {
    Tensor h = Tensor.of(2, 0).oneHot(3);
    assertThat(h.dtype()).isEqualTo(DType.INT64);
    assertThat(h.toLongArray()).containsExactly(0, 0, 1, 1, 0, 0);
  }
}
