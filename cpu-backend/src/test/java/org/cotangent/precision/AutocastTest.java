package org.cotangent.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.cotangent.Autocast;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.nn.Linear;
import org.cotangent.nn.ReLU;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Convolution;
import org.cotangent.ops.Distances;
import org.cotangent.ops.Functional;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.Losses;
import org.cotangent.ops.Norms;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class AutocastTest {
  private static final DType BF = DType.BFLOAT16;
  private static final DType F = DType.FLOAT32;

  private static Tensor random(int seed, int... shape) {
    return Tensor.randn(Shape.of(shape), F, Device.CPU, new Generator(seed));
  }

  private static DType in(DType scope, UnaryOperator<Tensor> f, Tensor x) {
    return Autocast.run(scope, () -> f.apply(x)).dtype();
  }

  @Test
  void productsTakeTheScopesType() {
    Tensor x = random(1, 2, 3);
    Tensor w = random(2, 4, 3);
    Tensor b = random(3, 4);
    for (DType t : List.of(BF, DType.FLOAT16)) {
      assertThat(in(t, v -> v.matmul(w.t()), x)).isEqualTo(t);
      assertThat(in(t, v -> Functional.linear(v, w, b), x)).isEqualTo(t);
      assertThat(in(t, v -> v.to(BF).matmul(w.t()), x)).as("mixed operands").isEqualTo(t);
      assertThat(in(t, v -> b.addmm(v, w.t(), 1, 1), x)).isEqualTo(t);
      assertThat(in(t, v -> Convolution.conv1d(v.unsqueeze(0), random(4, 5, 2, 2), random(5, 5), ConvOptions.DEFAULT), x)).isEqualTo(t);
    }
    Tensor low = Autocast.run(BF, () -> x.matmul(w.t()));
    assertThat(low.toArray()).isEqualTo(x.to(BF).matmul(w.t().to(BF)).toArray());
    assertThat(in(BF, v -> v.matmul(w.t().to(DType.FLOAT64)), x.to(DType.FLOAT64))).as("float64 stays").isEqualTo(DType.FLOAT64);
  }

  @Test
  void whatLosesTooMuchComputesInFloat32() {
    Tensor x = random(1, 3, 4).to(BF);
    Tensor classes = Tensor.of(0L, 1L, 2L);
    assertThat(in(BF, v -> v.softmax(1), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.logSoftmax(1), x)).isEqualTo(F);
    assertThat(in(BF, Tensor::exp, x)).isEqualTo(F);
    assertThat(in(BF, v -> v.pow(2.5), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.rdiv(2.5), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.rpow(2.5), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.sum(0), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.norm(2), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.norm(0), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.cumsum(0), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.renorm(2, 0, 0.5), x)).isEqualTo(F);
    assertThat(in(BF, v -> Distances.cdist(v, v, 2), x)).isEqualTo(F);
    assertThat(in(BF, v -> Distances.pdist(v, 2), x)).isEqualTo(F);
    assertThat(in(BF, v -> Norms.layerNorm(v, Shape.of(4), 1e-5), x)).isEqualTo(F);
    assertThat(in(BF, v -> Losses.crossEntropy(v, classes), x)).isEqualTo(F);
    assertThat(in(BF, v -> Losses.mseLoss(v, v.mul(2)), x)).isEqualTo(F);
    assertThat(in(BF, v -> Linalg.inv(v.narrow(1, 0, 3)), x)).isEqualTo(F);
    Tensor sum = Autocast.run(BF, () -> x.exp().sum());
    assertThat(sum.item()).isEqualTo(x.to(F).exp().sum().item());
  }

  @Test
  void othersKeepTheTypeTheyAreGiven() {
    Tensor x = random(1, 3, 4).to(BF);
    for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(
        Tensor::relu, Tensor::tanh, v -> v.add(1), v -> v.mean(), v -> v.reshape(-1), v -> v.max(0).values(), v -> v.mul(v))) {
      assertThat(in(BF, f, x)).isEqualTo(BF);
      assertThat(in(BF, f, x.to(F))).isEqualTo(F);
    }
    Tensor y = random(2, 3, 4);
    assertThat(in(BF, v -> Tensor.cat(0, v, y), x)).isEqualTo(F);
    assertThat(in(BF, v -> Tensor.stack(v, y), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.reshape(-1).dot(y.reshape(-1)), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.tensordot(y, new int[] {1}, new int[] {1}), x)).isEqualTo(F);
    assertThat(in(BF, v -> Functional.bilinear(v, y, Tensor.ones(2, 4, 4).to(BF)), x)).isEqualTo(F);
    assertThat(in(BF, v -> v.scatterAdd(0, Tensor.zerosLike(y).to(DType.INT64), y), x)).isEqualTo(F);
  }

  @Test
  void scopesNestAndBelongToTheirThread() throws Exception {
    Tensor x = random(1, 3, 3);
    Autocast.run(BF, () -> {
      assertThat(Autocast.dtype()).contains(BF);
      assertThat(Autocast.off(() -> x.matmul(x)).dtype()).isEqualTo(F);
      assertThat(Autocast.run(DType.FLOAT16, () -> x.matmul(x)).dtype()).isEqualTo(DType.FLOAT16);
      assertThat(x.matmul(x).dtype()).isEqualTo(BF);
      assertThat(CompletableFuture.supplyAsync(Autocast::dtype).join()).isEmpty();
    });
    assertThat(Autocast.dtype()).isEmpty();
    assertThat(x.matmul(x).dtype()).isEqualTo(F);
    assertThatThrownBy(() -> Autocast.run(F, () -> x)).isInstanceOf(DTypeException.class)
        .hasMessage("autocast: computes in float16 or bfloat16, not float32; leave the scope out for float32");
  }

  @Test
  void gradientsArriveInTheTypeOfTheParameter() {
    Tensor x = random(1, 5, 3);
    Tensor w = random(2, 3, 4).requiresGrad_();
    Tensor loss = Autocast.run(BF, () -> x.matmul(w).relu().sum());
    assertThat(loss.dtype()).isEqualTo(F);
    loss.backward();
    assertThat(w.grad().dtype()).isEqualTo(F);
    Tensor v = w.detach().to(BF).requiresGrad_();
    x.to(BF).matmul(v).relu().to(F).sum().backward();
    assertThat(w.grad().toFloatArray()).containsExactly(v.grad().toFloatArray());
    Tensor inside = Autocast.run(BF, () -> {
      Tensor u = w.detach().requiresGrad_();
      x.matmul(u).relu().sum().backward();
      return u.grad();
    });
    assertThat(inside.toFloatArray()).as("backward inside the scope").containsExactly(w.grad().toFloatArray());
  }

  @Test
  void transformsMayStandInsideOrOutside() {
    Tensor x = random(1, 4, 3);
    Tensor w = random(2, 3, 2);
    UnaryOperator<Tensor> f = v -> v.matmul(w).tanh().sum();
    Tensor outside = Autograd.grad((Tensor v) -> Autocast.run(BF, () -> f.apply(v))).apply(x);
    Tensor inside = Autocast.run(BF, () -> Autograd.grad((Tensor v) -> f.apply(v)).apply(x));
    assertThat(outside.dtype()).isEqualTo(F);
    assertThat(inside.toFloatArray()).containsExactly(outside.toFloatArray());
    UnaryOperator<Tensor> row = v -> Autocast.run(BF, () -> v.matmul(w).tanh());
    Tensor mapped = Autograd.vmap(row).apply(x);
    assertThat(mapped.dtype()).isEqualTo(BF);
    assertThat(mapped.toArray()).isEqualTo(row.apply(x).toArray());
    Tensor j = Autograd.jacrev(row).apply(x.get(0));
    Tensor k = Autograd.jacfwd(row).apply(x.get(0));
    assertThat(j.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(j.toFloatArray()).usingComparatorWithPrecision(0.05f).containsExactly(k.to(F).toFloatArray());
    Tensor t = Autograd.jvp(row, x, Tensor.onesLike(x)).tangent();
    assertThat(t.dtype()).isEqualTo(BF);
  }

  @Test
  void aCheckpointIsRepeatedInTheTypesOfItsFirstRun() {
    Tensor x = random(1, 4, 3).requiresGrad_();
    Tensor w = random(2, 3, 2).requiresGrad_();
    UnaryOperator<Tensor> f = v -> v.matmul(w).tanh();
    Tensor y = Autocast.run(BF, () -> Autograd.checkpoint(f, x));
    assertThat(y.dtype()).isEqualTo(BF);
    y.sum().backward();
    Tensor u = x.detach().requiresGrad_();
    Autocast.run(BF, () -> f.apply(u)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(u.grad().toFloatArray());
  }

  @Test
  void aModelTrainsWithFloat32Parameters() {
    var model = Sequential.of(new Linear(3, 8), new ReLU(), new Linear(8, 2));
    Tensor loss = Autocast.run(BF, () -> Losses.crossEntropy(model.apply(random(1, 6, 3)), Tensor.of(0L, 1L, 0L, 1L, 0L, 1L)));
    loss.backward();
    model.parameters().forEach(p -> assertThat(p.grad().dtype()).isEqualTo(F));
  }
}
