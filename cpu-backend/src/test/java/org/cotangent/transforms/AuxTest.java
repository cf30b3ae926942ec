package org.cotangent.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.vmap;
import static org.cotangent.transforms.Check.random;
import static org.cotangent.transforms.Check.same;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cotangent.Autograd;
import org.cotangent.Aux;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a function gives beside its result comes out of the transform as plain tensors. */
@ExtendWith(LeakCheck.class)
class AuxTest {
  private final Tensor x = random(1, 3);
  private final Tensor u = random(2, 3);

  private static Aux<Tensor, Map<String, Tensor>> f(Tensor v) {
    Tensor y = v.exp();
    return new Aux<>(y.sum(), Map.of("y", y, "twice", y.mul(2)));
  }

  @Test
  void gradientsComeWithWhatElseWasComputed() {
    var g = Autograd.gradAux(AuxTest::f).apply(x);
    same(g.value(), x.exp());
    same(g.aux().get("y"), x.exp());
    assertThat(g.aux().get("twice").toDoubleArray()).isEqualTo(x.exp().mul(2).toDoubleArray());
    var both = Autograd.valueAndGradAux(AuxTest::f).apply(x);
    same(both.value().value(), x.exp().sum());
    same(both.value().grad(), x.exp());
    same(both.aux().get("y"), x.exp());
  }

  @Test
  void productsAndJacobiansDifferentiateTheResultAlone() {
    Function<Tensor, Aux<Tensor, List<Tensor>>> g = v -> new Aux<>(v.square(), List.of(v.sum(), v.argmax(0)));
    var pull = Autograd.vjpAux(g, x);
    same(pull.value().value(), x.square());
    same(pull.value().apply(u), x.mul(u).mul(2));
    same(pull.aux().get(0), x.sum());
    var push = Autograd.jvpAux(g, x, u);
    same(push.value().tangent(), x.mul(u).mul(2));
    same(push.aux().get(0), x.sum());
    assertThat(push.aux().get(1).itemLong()).isEqualTo(x.argmax(0).itemLong());
    var j = Autograd.jacrevAux(g, 2).apply(x);
    same(j.value().get(0, 0).diagonal(), x.mul(2));
    same(j.aux().get(0), x.sum());
  }

  @Test
  void itNestsAndStaysDifferentiableAround() {
    Tensor rows = random(3, 4, 3);
    same(vmap(v -> Autograd.gradAux(AuxTest::f).apply(v).aux().get("y")).apply(rows), rows.exp());
    same(Autograd.grad(v -> Autograd.gradAux(AuxTest::f).apply(v).aux().get("twice").sum()).apply(x), x.exp().mul(2));
  }

  @Test
  void noResultIsRefused() {
    assertThatThrownBy(() -> Autograd.gradAux((Tensor v) -> (Aux<Tensor, Tensor>) null).apply(x)).isInstanceOf(ArgumentException.class)
        .hasMessageStartingWith("gradAux: the function gave null");
  }
}
