package org.cotangent.inplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.Index;
import org.cotangent.Tensor;
import org.cotangent.errors.InPlaceException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Views and their bases see each other's writes, and gradients flow through such writes. */
@ExtendWith(LeakCheck.class)
class ViewsTest {
  /** Views of a [4, 6] tensor. */
  static Stream<Arguments> views() {
    return Stream.of(
        view("reshape", x -> x.reshape(3, 8)),
        view("view", x -> x.view(2, -1)),
        view("flatten", Tensor::flatten),
        view("permute", x -> x.permute(1, 0)),
        view("transpose", x -> x.transpose(0, 1)),
        view("t", Tensor::t),
        view("movedim", x -> x.movedim(0, 1)),
        view("slice", x -> x.slice(1, 1, 6, 2)),
        view("slice of rows with a step", x -> x.slice(0, 0, 4, 3)),
        view("narrow", x -> x.narrow(1, 2, 3)),
        view("select", x -> x.select(1, -2)),
        view("get", x -> x.get(2)),
        view("get of an element", x -> x.get(2, 3)),
        view("get with parts", x -> x.get(Index.range(1, 4), Index.newAxis(), Index.range(0, 6, 3))),
        view("get of all", x -> x.get(Index.ellipsis())),
        view("squeeze", x -> x.reshape(1, 24).squeeze()),
        view("squeeze of nothing", x -> x.squeeze()),
        view("unsqueeze", x -> x.unsqueeze(1)),
        view("diagonal", Tensor::diagonal),
        view("diagonal above", x -> x.diagonal(2, 0, 1)),
        view("diagonal below", x -> x.diagonal(-1, 0, 1)),
        view("chunk", x -> x.chunk(2, 1)[1]),
        view("split", x -> x.split(4, 1)[1]),
        view("transposed, then reshaped", x -> x.t().reshape(8, 3)),
        view("view of view of view", x -> x.slice(1, 0, 6, 2).t().select(0, 1)),
        view("sliced, transposed, flattened", x -> x.narrow(0, 1, 2).transpose(0, 1).flatten()),
        view("no elements", x -> x.narrow(0, 1, 0)));
  }

  private static Arguments view(String name, UnaryOperator<Tensor> f) {
    return Arguments.of(name, f);
  }

  private static Tensor base() {
    return Tensor.arange(0.0, 24.0, 1.0).reshape(4, 6).copy();
  }

  /** Positions in the base of the elements of a view, from a base that holds its own positions. */
  private static int[] positions(UnaryOperator<Tensor> f) {
    float[] p = f.apply(base()).toFloatArray();
    int[] r = new int[p.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = (int) p[i];
    }
    return r;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("views")
  void aWriteThroughAViewReachesItsBase(String name, UnaryOperator<Tensor> f) {
    Tensor x = base();
    Tensor v = f.apply(x);
    float[] want = x.toFloatArray();
    for (int p : positions(f)) {
      want[p] = 2 * want[p] + 100;
    }
    assertThat(v.mul_(2).add_(100)).isSameAs(v);
    assertThat(x.toFloatArray()).containsExactly(want);
    assertThat(v.toFloatArray()).containsExactly(f.apply(x).toFloatArray());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("views")
  void aWriteToTheBaseIsSeenByAView(String name, UnaryOperator<Tensor> f) {
    Tensor x = base();
    Tensor v = f.apply(x);
    int[] at = positions(f);
    x.mul_(3);
    float[] want = new float[at.length];
    for (int i = 0; i < want.length; i++) {
      want[i] = 3 * at[i];
    }
    assertThat(v.toFloatArray()).containsExactly(want);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("views")
  void aSiblingViewSeesTheWrite(String name, UnaryOperator<Tensor> f) {
    Tensor x = base();
    Tensor rows = x.t();
    Tensor same = f.apply(x);
    f.apply(x).fill_(-7);
    float[] want = base().toFloatArray();
    for (int p : positions(f)) {
      want[p] = -7;
    }
    assertThat(same.toFloatArray()).doesNotContain(-1).hasSize(positions(f).length);
    assertThat(rows.t().toFloatArray()).containsExactly(want);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("views")
  void gradientsThroughAWriteEqualThoseOfAMaskedFormula(String name, UnaryOperator<Tensor> f) {
    Random r = new Random(7);
    Tensor weights = random(r, 24).reshape(4, 6);
    Tensor x = random(r, 24).reshape(4, 6).copy().requiresGrad_();
    int[] at = positions(f);
    Tensor u = random(r, at.length).reshape(f.apply(base()).shape().dims()).copy().requiresGrad_();

    Tensor y = x.exp();
    Tensor v = f.apply(y);
    v.mul_(u);
    y.square().mul(weights).sum().add(v.sin().sum()).backward();

    Tensor x2 = x.detach().copy().requiresGrad_();
    Tensor u2 = u.detach().copy().requiresGrad_();
    Tensor scale = Tensor.ones(24).to(DType.FLOAT64);
    Tensor hit = Tensor.zeros(24).to(DType.FLOAT64);
    Tensor factors = scale;
    if (at.length > 0) {
      Tensor index = Tensor.of(at).to(DType.INT64);
      Tensor rest = u2.reshape(-1).sub(1);
      factors = scale.scatterAdd(0, index, rest);
      hit = hit.scatterAdd(0, index, Tensor.ones(at.length).to(DType.FLOAT64));
    }
    Tensor y2 = x2.exp().mul(factors.reshape(4, 6));
    y2.square().mul(weights).sum().add(y2.sin().mul(hit.reshape(4, 6)).sum()).backward();

    assertThat(y.allClose(y2, 1e-12, 1e-12)).isTrue();
    assertThat(x.grad().allClose(x2.grad(), 1e-11, 1e-12)).isTrue();
    if (at.length > 0) {
      assertThat(u.grad().allClose(u2.grad(), 1e-11, 1e-12)).isTrue();
    }
  }

  private static Tensor random(Random r, int n) {
    return Tensor.of(r.doubles(n, 0.2, 1.5).toArray());
  }

  /** Random views of views of one base, written to in turn; a plain array with positions is the oracle. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void randomWritesThroughRandomViewsMatchAnArray(long seed) {
    Random r = new Random(seed);
    Tensor x = base();
    float[] want = x.toFloatArray();
    Tensor[] views = new Tensor[6];
    int[][] at = new int[views.length][];
    for (int i = 0; i < views.length; i++) {
      Tensor v = x;
      Tensor p = base();
      for (int k = r.nextInt(4); k >= 0; k--) {
        UnaryOperator<Tensor> f = step(r, v);
        v = f.apply(v);
        p = f.apply(p);
      }
      views[i] = v;
      float[] q = p.toFloatArray();
      at[i] = new int[q.length];
      for (int j = 0; j < q.length; j++) {
        at[i][j] = (int) q[j];
      }
    }
    for (int round = 0; round < 30; round++) {
      int i = r.nextInt(views.length);
      float c = r.nextInt(5);
      if (r.nextBoolean()) {
        views[i].add_(c);
        for (int p : at[i]) {
          want[p] += c;
        }
      } else {
        int j = r.nextInt(views.length);
        float s = 0;
        for (int p : at[j]) {
          s += want[p] % 3;
        }
        views[i].copy_(views[j].fmod(Tensor.scalar(3f)).sum());
        for (int p : at[i]) {
          want[p] = s;
        }
      }
      int k = r.nextInt(views.length);
      float[] got = views[k].toFloatArray();
      for (int n = 0; n < got.length; n++) {
        assertThat(got[n]).as("round %d, view %d, element %d", round, k, n).isEqualTo(want[at[k][n]]);
      }
    }
    assertThat(x.toFloatArray()).containsExactly(want);
  }

  private static UnaryOperator<Tensor> step(Random r, Tensor v) {
    int rank = v.rank();
    if (rank == 0) {
      return x -> x.unsqueeze(0);
    }
    int axis = r.nextInt(rank);
    int n = v.size(axis);
    int i = n == 0 ? 0 : r.nextInt(n);
    return switch (r.nextInt(n == 0 ? 2 : 5)) {
      case 0 -> x -> x.transpose(0, axis);
      case 1 -> x -> x.unsqueeze(axis);
      case 2 -> x -> x.slice(axis, i, n, 2);
      case 3 -> x -> x.select(axis, i);
      default -> x -> x.reshape(-1);
    };
  }

  @Test
  void expandedAndWindowedViewsRefuseWritesAndNothingChanges() {
    Tensor x = Tensor.of(1f, 2f, 3f);
    for (Tensor v : List.of(x.expand(2, 3), x.unfold(0, 2, 1), x.expand(2, 3).select(0, 1),
        x.unfold(0, 2, 1).t(), x.expandAs(Tensor.ones(4, 3)))) {
      assertThatThrownBy(() -> v.add_(1))
          .isInstanceOf(InPlaceException.class)
          .hasMessageContaining("share one place")
          .hasMessageContaining("copy()");
    }
    assertThat(x.toFloatArray()).containsExactly(1, 2, 3);
    Tensor own = x.expand(2, 3).copy();
    own.add_(1);
    assertThat(own.toFloatArray()).containsExactly(2, 3, 4, 2, 3, 4);
  }

  @Test
  void expandedViewsSeeWritesToTheirBase() {
    Tensor x = Tensor.of(1f, 2f);
    Tensor wide = x.expand(3, 2);
    Tensor windows = x.unfold(0, 1, 1);
    x.mul_(10);
    assertThat(wide.toFloatArray()).containsExactly(10, 20, 10, 20, 10, 20);
    assertThat(windows.toFloatArray()).containsExactly(10, 20);
  }

  @Test
  void copiesAreNotAliases() {
    Tensor x = base();
    for (Tensor c : List.of(x.copy(), x.flip(0), x.repeat(1, 1), x.get(Tensor.of(0, 1, 2, 3)), x.add(0))) {
      c.fill_(-1);
    }
    assertThat(x.toFloatArray()).containsExactly(base().toFloatArray());
  }

  @Test
  void detachSharesNothingLater() {
    Tensor x = Tensor.of(1f, 2f);
    Tensor d = x.detach();
    x.add_(1);
    assertThat(d.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void aViewOfALeafWrittenInsideNoGradChangesTheLeafAndKeepsItsGradient() {
    Tensor w = Tensor.ones(2, 2).requiresGrad_();
    w.sum().backward();
    org.cotangent.Autograd.noGrad(() -> w.get(0).fill_(5));
    assertThat(w.isLeaf()).isTrue();
    assertThat(w.requiresGrad()).isTrue();
    assertThat(w.toFloatArray()).containsExactly(5, 5, 1, 1);
    w.square().sum().backward();
    assertThat(w.grad().toFloatArray()).containsExactly(11, 11, 3, 3);
  }

  @Test
  void writingATensorThatRequiresGradMakesThePlainBaseRequireGrad() {
    Tensor x = Tensor.zeros(2, 2);
    Tensor v = x.get(1);
    Tensor w = Tensor.of(3f, 4f).requiresGrad_();
    v.copy_(w.square());
    assertThat(x.requiresGrad()).isTrue();
    assertThat(v.requiresGrad()).isTrue();
    x.mul(2).sum().backward();
    assertThat(w.grad().toFloatArray()).containsExactly(12, 16);
  }

  @Test
  void anOverwrittenPartHasNoGradient() {
    Tensor w = Tensor.of(1f, 2f, 3f).requiresGrad_();
    Tensor y = w.mul(2);
    y.get(Index.range(0, 2)).zero_();
    y.sum().backward();
    assertThat(w.grad().toFloatArray()).containsExactly(0, 0, 2);
  }
}
