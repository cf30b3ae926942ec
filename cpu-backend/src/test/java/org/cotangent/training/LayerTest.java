package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.List;
import java.util.Map;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;
import org.cotangent.nn.Dropout;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Layer;
import org.cotangent.nn.LayerNorm;
import org.cotangent.nn.Linear;
import org.cotangent.nn.ReLU;
import org.cotangent.nn.Sequential;
import org.cotangent.optim.SGD;
import org.junit.jupiter.api.Test;

/** Trees of layers: names, modes, conversions. */
@ExtendWith(LeakCheck.class)
class LayerTest {
  /** One layer twice, a parameter and a buffer of its own. */
  private static final class Shared extends Layer {
    private final Linear twice = child("first", new Linear(2, 2));

    Shared() {
      child("second", twice);
      parameter("scale", Tensor.ones(2));
      buffer("count", Tensor.scalar(0L));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return twice.apply(twice.apply(x)).mul(parameter("scale"));
    }
  }

  /** Registers what the test gives it. */
  private static final class Open extends Layer {
    Tensor add(String name, Tensor t) {
      return parameter(name, t);
    }

    Layer add(String name, Layer l) {
      return child(name, l);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return x;
    }
  }

  private static Sequential model() {
    return Sequential.of(new Linear(3, 4), new GELU(), Sequential.of(new LayerNorm(4), new Dropout(0.5)), new Linear(4, 2, false));
  }

  @Test
  void namesAreDottedAndInOrder() {
    Layer m = model();
    assertThat(m.namedParameters().keySet()).containsExactly("0.weight", "0.bias", "2.0.weight", "2.0.bias", "3.weight");
    assertThat(m.parameters()).hasSize(5).allMatch(Tensor::requiresGrad).allMatch(Tensor::isLeaf);
    assertThat(m.parameterCount()).isEqualTo(12 + 4 + 4 + 4 + 8);
    assertThat(m.children().keySet()).containsExactly("0", "1", "2", "3");
    assertThat(m.tree()).hasSize(7).startsWith(m);
    assertThat(m.parameter("2.0.weight")).isSameAs(m.parameters().get(2));
  }

  @Test
  void whatIsSharedIsListedOnce() {
    Layer m = new Shared();
    assertThat(m.namedParameters().keySet()).containsExactly("scale", "first.weight", "first.bias");
    assertThat(m.namedBuffers().keySet()).containsExactly("count");
    assertThat(m.stateDict().keySet())
        .containsExactly("scale", "count", "first.weight", "first.bias", "second.weight", "second.bias");
    m.to(DType.FLOAT64);
    assertThat(m.namedParameters().keySet()).containsExactly("scale", "first.weight", "first.bias");
    assertThat(m.buffer("count").dtype()).isEqualTo(DType.INT64);
    m.loadState(m.stateDict());
  }

  @Test
  void printsLikePyTorch() {
    assertThat(model())
        .hasToString(
            """
            Sequential(
              (0): Linear(in_features=3, out_features=4, bias=True)
              (1): GELU(approximate='none')
              (2): Sequential(
                (0): LayerNorm((4,), eps=1e-05, elementwise_affine=True)
                (1): Dropout(p=0.5, inplace=False)
              )
              (3): Linear(in_features=4, out_features=2, bias=False)
            )""");
    assertThat(Sequential.of()).hasToString("Sequential()");
    assertThat(new Shared().toString()).startsWith("Shared(\n  (first): Linear(").endsWith("bias=True)\n)");
    Layer anonymous = new Layer() {
      @Override
      protected Tensor forward(Tensor x) {
        return x;
      }

      @Override
      protected String settings() {
        return "n=1";
      }
    };
    assertThat(anonymous).hasToString("Layer(n=1)");
  }

  @Test
  void modesReachTheWholeTree() {
    Layer m = model();
    Tensor x = Tensor.ones(64, 3);
    assertThat(m.training()).isTrue();
    assertThat(m.apply(x).eq(m.apply(x)).all().item()).isZero();
    assertThat(m.eval()).isSameAs(m);
    assertThat(m.tree()).noneMatch(Layer::training);
    assertThat(m.apply(x).eq(m.apply(x)).all().item()).isEqualTo(1);
    assertThat(m.train().tree()).allMatch(Layer::training);
  }

  @Test
  void gradientsAreRemovedAndTurnedOff() {
    Layer m = model();
    m.apply(Tensor.ones(2, 3)).sum().backward();
    assertThat(m.parameters()).allMatch(Tensor::hasGrad);
    m.zeroGrad();
    assertThat(m.parameters()).noneMatch(Tensor::hasGrad);
    m.requiresGrad_(false);
    assertThat(m.apply(Tensor.ones(2, 3)).requiresGrad()).isFalse();
    assertThat(m.parameterCount()).isZero();
    m.requiresGrad_(true);
    assertThat(m.apply(Tensor.ones(2, 3)).requiresGrad()).isTrue();
  }

  @Test
  void movingKeepsTheLeaves() {
    Layer m = model();
    List<Tensor> before = m.parameters();
    assertThat(m.to(Device.CPU)).isSameAs(m);
    assertThat(m.parameters()).isEqualTo(before);
    assertThatThrownBy(() -> m.to(Device.cuda(7))).isInstanceOf(org.cotangent.errors.DeviceException.class);
    assertThat(m.parameters()).isEqualTo(before).allMatch(p -> p.device().equals(Device.CPU));
  }

  @Test
  void convertingMakesNewLeaves() {
    Layer m = model();
    Tensor old = m.parameter("0.weight");
    m.parameter("0.bias").requiresGrad_(false);
    m.to(DType.FLOAT64);
    Tensor now = m.parameter("0.weight");
    assertThat(now.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(now.requiresGrad() && now.isLeaf()).isTrue();
    assertThat(m.parameter("0.bias").requiresGrad()).isFalse();
    assertThat(now.to(DType.FLOAT32).eq(old).all().item()).isEqualTo(1);
    m.eval().apply(Tensor.ones(2, 3).to(DType.FLOAT64)).sum().backward();
    assertThat(now.hasGrad()).isTrue();
    assertThatThrownBy(() -> m.to(DType.INT64))
        .isInstanceOf(DTypeException.class)
        .hasMessage("to: layers compute in floating types, not int64; use FLOAT32 or FLOAT64");
  }

  @Test
  void aModelIsAFunctionOfItsParameters() {
    var m = new Linear(2, 1, true, new Generator(3));
    Tensor x = Tensor.of(new float[][] {{1, 2}, {3, 4}});
    Tensor w = Tensor.of(new float[][] {{10, 20}}).requiresGrad_();
    Tensor y = m.functionalCall(Map.of("weight", w), x);
    assertThat(y.sub(m.bias()).allClose(Tensor.of(new float[][] {{50}, {110}}))).isTrue();
    y.sum().backward();
    assertThat(w.grad().toFloatArray()).containsExactly(4, 6);
    assertThat(m.weight().hasGrad()).isFalse();
    assertThat(m.bias().grad().toFloatArray()).containsExactly(2);
    Tensor each = Autograd.vmap(v -> m.functionalCall(Map.of("weight", v), x).squeeze()).apply(Tensor.ones(5, 1, 2));
    assertThat(each.shape()).isEqualTo(Shape.of(5, 2));
    Tensor g = Autograd.grad(v -> m.functionalCall(Map.of("weight", v), x).sum()).apply(w.detach());
    assertThat(g.toFloatArray()).containsExactly(4, 6);
    assertThatThrownBy(() -> m.functionalCall(Map.of("w", w), x))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("functionalCall: no parameter or buffer has the name \"w\"; there are [weight, bias]");
    assertThatThrownBy(() -> m.functionalCall(Map.of("bias", w), x))
        .isInstanceOf(ShapeException.class)
        .hasMessage("functionalCall: bias is [1], not [1, 2]");
  }

  @Test
  void transformsApplyToLayers() {
    Layer m = Sequential.of(new Linear(3, 4), new ReLU(), new Linear(4, 2));
    Tensor x = Tensor.of(0.1f, -0.2f, 0.3f);
    assertThat(Autograd.jacrev(m).apply(x).allClose(Autograd.jacfwd(m).apply(x))).isTrue();
    assertThat(Autograd.vmap(m).apply(Tensor.ones(5, 3)).shape()).isEqualTo(Shape.of(5, 2));
  }

  @Test
  void aParameterMadeFromAViewIsATensorOfItsOwn() {
    var m = new Open();
    Tensor values = Tensor.arange(0.0, 6, 1);
    Tensor p = m.add("w", values.reshape(2, 3));
    new SGD(m.parameters()).learningRate(1).step(p.sum());
    assertThat(p.toFloatArray()).containsExactly(-1, 0, 1, 2, 3, 4);
    assertThat(values.toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
    Tensor leaf = Tensor.ones(2).requiresGrad_();
    assertThat(m.add("v", leaf)).isSameAs(leaf);
  }

  @Test
  void misuseIsNamed() {
    var m = new Open();
    m.add("w", Tensor.zeros(2));
    assertThatThrownBy(() -> m.add("w", Tensor.zeros(2)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("parameter: \"w\" is taken in Open; names of parameters, buffers and children differ");
    assertThatThrownBy(() -> m.add("a.b", new ReLU()))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("child: \"a.b\" is no name; names are not empty and have no dots");
    assertThatThrownBy(() -> m.add("self", m))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("child: self contains the layer it would become a part of");
    assertThatThrownBy(() -> m.add("v", Tensor.zeros(2).requiresGrad_().mul(2)))
        .isInstanceOf(GradientException.class)
        .hasMessage("parameter: v was computed from tensors that require grad; detach() it first");
    assertThatThrownBy(() -> m.add("i", Tensor.of(1L)))
        .isInstanceOf(GradientException.class)
        .hasMessageStartingWith("requiresGrad_: only floating tensors have gradients");
    assertThatThrownBy(() -> m.parameter("x"))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("parameter: Open has no \"x\"; it has [w]");
    assertThat(m.namedParameters().keySet()).containsExactly("w");
    assertThatThrownBy(() -> m.namedParameters().clear()).isInstanceOf(UnsupportedOperationException.class);
  }
}
