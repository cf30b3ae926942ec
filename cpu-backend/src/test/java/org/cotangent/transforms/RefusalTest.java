package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.in;
import static org.cotangent.Autograd.vmap;
import static org.cotangent.transforms.Check.random;
import static org.cotangent.transforms.Check.same;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.Generator;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Randomness;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.TransformException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be right inside a transform is refused, and what randomness means there. */
class RefusalTest {
  private static final Tensor X = random(1, 3);

  /** Runs a body inside each transform. */
  static Stream<Arguments> transforms() {
    return Stream.of(
        inside("grad", body -> Autograd.grad(v -> run(body, v).sum()).apply(X)),
        inside("jvp", body -> Autograd.jvp(v -> run(body, v), X, X)),
        inside("vmap", body -> vmap(v -> run(body, v)).apply(X.unsqueeze(0))),
        inside("jacrev", body -> Autograd.jacrev(v -> run(body, v)).apply(X)),
        inside("vmap", body -> vmap(Autograd.grad(v -> run(body, v).sum())).apply(X.unsqueeze(0)), "grad"));
  }

  private static Arguments inside(String title, Consumer<Consumer<Tensor>> run) {
    return inside(title, run, title);
  }

  private static Arguments inside(String name, Consumer<Consumer<Tensor>> run, String title) {
    return Arguments.of(name, run, title);
  }

  private static Tensor run(Consumer<Tensor> body, Tensor v) {
    body.accept(v);
    return v.square();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transforms")
  void numbersCannotBeRead(String name, Consumer<Consumer<Tensor>> run, String title) {
    List<Consumer<Tensor>> reads = List.of(
        v -> v.sum().item(), v -> v.gt(0).to(DType.FLOAT64).mul(v).sum().itemLong(), Tensor::toArray, Tensor::toDoubleArray,
            Tensor::toFloatArray,
        v -> v.mul(2).array(), v -> v.to(DType.FLOAT32).toArray());
    for (Consumer<Tensor> read : reads) {
      assertThatThrownBy(() -> run.accept(read)).isInstanceOf(TransformException.class).hasMessageContaining("inside " + title)
          .hasMessageContaining("cannot be read");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transforms")
  void whatEscapesCannotBeUsed(String name, Consumer<Consumer<Tensor>> run, String title) {
    var out = new ArrayList<Tensor>();
    run.accept(v -> out.add(v.mul(2)));
    assertThatThrownBy(() -> out.get(0).add(1)).isInstanceOf(TransformException.class).hasMessageContaining("escaped the");
    assertThatThrownBy(() -> out.get(0).toDoubleArray()).isInstanceOf(TransformException.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transforms")
  void aTensorFromOutsideCannotBeWritten(String name, Consumer<Consumer<Tensor>> run, String title) {
    Tensor outside = X.copy();
    assertThatThrownBy(() -> run.accept(v -> outside.add_(v))).isInstanceOf(InPlaceException.class).hasMessageContaining("made outside");
    same(outside, X);
  }

  @Test
  void anEscapedValueIsRefusedInAnotherTransformToo() {
    var out = new ArrayList<Tensor>();
    Autograd.grad(v -> {
      out.add(v.mul(2));
      return v.sum();
    }).apply(X);
    assertThatThrownBy(() -> Autograd.grad(v -> v.mul(out.get(0)).sum()).apply(X))
        .isInstanceOf(TransformException.class).hasMessageContaining("escaped the grad");
  }

  @Test
  void anotherThreadCannotUseAValueOfATransform() throws InterruptedException {
    var failed = new ArrayList<Exception>();
    Autograd.grad(v -> {
      Thread t = Thread.ofVirtual().start(() -> {
        try {
          v.mul(2);
        } catch (TransformException e) {
          failed.add(e);
        }
      });
      try {
        t.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return v.sum();
    }).apply(X);
    assertThat(failed).hasSize(1);
    assertThat(failed.get(0)).hasMessageContaining("another thread");
  }

  @Test
  void aFailureInsideLeavesTheThreadAsItWas() {
    assertThatThrownBy(() -> vmap(Autograd.grad(v -> {
      throw new IllegalStateException("mine");
    })).apply(X.unsqueeze(0))).hasMessage("mine");
    same(Autograd.grad(v -> v.square().sum()).apply(X), X.mul(2));
  }

  // ---- random numbers

  private static Tensor draw(Generator g) {
    return Tensor.rand(Shape.of(4), DType.FLOAT64, Device.CPU, g);
  }

  @Test
  void aDrawInsideVmapNeedsAMeaning() {
    Tensor rows = random(2, 5, 4);
    UnaryOperator<Tensor> f = v -> v.mul(0).add(draw(new Generator(1)));
    assertThatThrownBy(() -> vmap(f).apply(rows)).isInstanceOf(TransformException.class).hasMessageContaining("randomness(SAME)");
    Tensor same = vmap(f, in(0).randomness(Randomness.SAME)).apply(rows);
    same(same, draw(new Generator(1)).expand(5, 4));
    double[] other = vmap(f, in(0).randomness(Randomness.DIFFERENT)).apply(rows).toDoubleArray();
    assertThat(other).doesNotHaveDuplicates();
  }

  @Test
  void nestedMapsDrawForEachLevelThatAsks() {
    Tensor rows = random(3, 2, 3, 4);
    var generator = new Generator(7);
    Tensor y = vmap(
        vmap(v -> v.mul(0).add(draw(generator)), in(0).randomness(Randomness.SAME)),
        in(0).randomness(Randomness.DIFFERENT)).apply(rows);
    assertThat(y.get(0, 0).eq(y.get(0, 2)).all().item()).isEqualTo(1);
    assertThat(y.get(0, 0).eq(y.get(1, 0)).any().item()).isEqualTo(0);
  }

  @Test
  void everyRowOfAJacobianSeesTheSameNumbers() {
    Tensor w = random(4, 4, 4);
    UnaryOperator<Tensor> f = v -> v.matmul(w).mul(draw(new Generator(3)).gt(0.5).to(DType.FLOAT64));
    same(Autograd.jacrev(f).apply(random(5, 4)), Autograd.jacfwd(f).apply(random(5, 4)));
    same(Autograd.jacfwd(f, 1).apply(random(5, 4)), Autograd.jacfwd(f).apply(random(5, 4)));
  }
}
