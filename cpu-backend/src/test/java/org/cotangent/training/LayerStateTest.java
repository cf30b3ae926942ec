package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.cotangent.DType;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Layer;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Losses;
import org.cotangent.optim.SGD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class LayerStateTest {
  private static Layer model() {
    return Sequential.of(new Linear(3, 4), new GELU(), new Linear(4, 2));
  }

  private static boolean same(Layer a, Layer b) {
    return a.namedParameters().entrySet().stream().allMatch(e -> e.getValue().eq(b.parameter(e.getKey())).all().item() == 1);
  }

  @Test
  void goesThroughAMap() {
    Layer a = model();
    Layer b = model();
    Tensor leaf = b.parameter("0.weight");
    assertThat(same(a, b)).isFalse();
    b.loadState(a.stateDict());
    assertThat(same(a, b)).isTrue();
    assertThat(b.parameter("0.weight")).isSameAs(leaf);
    assertThat(leaf.requiresGrad() && leaf.isLeaf()).isTrue();
  }

  @Test
  void goesThroughAFile(@TempDir Path dir) {
    Layer a = model();
    Layer b = model();
    a.save(dir.resolve("m.safetensors"));
    b.load(dir.resolve("m.safetensors"));
    assertThat(same(a, b)).isTrue();
  }

  @Test
  void theMapIsASnapshot() {
    Layer a = model();
    var before = a.stateDict();
    double[] numbers = before.get("0.weight").toDoubleArray();
    assertThat(before.values()).noneMatch(Tensor::requiresGrad);
    new SGD(a.parameters()).learningRate(1).step(a.apply(Tensor.ones(2, 3)).sum());
    assertThat(before.get("0.weight").toDoubleArray()).isEqualTo(numbers);
    assertThat(a.parameter("0.weight").toDoubleArray()).isNotEqualTo(numbers);
    a.loadState(before);
    assertThat(a.parameter("0.weight").toDoubleArray()).isEqualTo(numbers);
  }

  @Test
  void loadedValuesAreCopiesAndOutliveScopes() {
    Layer a = model();
    float[] shared = new float[12];
    try (var _ = MemoryScope.open()) {
      var state = new LinkedHashMap<>(model().stateDict());
      state.put("0.weight", Tensor.wrap(shared, 4, 3));
      a.loadState(state);
    }
    shared[0] = 9;
    assertThat(a.parameter("0.weight").eq(0).all().item()).isEqualTo(1);
    assertThat(a.apply(Tensor.ones(1, 3)).isFinite().all().item()).isEqualTo(1);
  }

  @Test
  void floatingTypesConvert() {
    Layer a = model();
    Layer b = model().to(DType.FLOAT64);
    b.loadState(a.stateDict());
    assertThat(b.parameter("0.weight").dtype()).isEqualTo(DType.FLOAT64);
    assertThat(b.parameter("0.weight").toFloatArray()).isEqualTo(a.parameter("0.weight").toFloatArray());
  }

  @Test
  void nothingChangesWhenSomethingIsWrong() {
    Layer a = model();
    double[] before = a.parameter("0.weight").toDoubleArray();
    var state = new LinkedHashMap<>(model().stateDict());
    Tensor bias = state.remove("2.bias");
    state.put("2.offset", bias);
    assertThatThrownBy(() -> a.loadState(state))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("loadState: names differ from the model's: missing [2.bias], unexpected [2.offset]");
    state.remove("2.offset");
    assertThatThrownBy(() -> a.loadState(state)).hasMessage("loadState: names differ from the model's: missing [2.bias]");
    state.put("2.bias", Tensor.zeros(3));
    assertThatThrownBy(() -> a.loadState(state))
        .isInstanceOf(ShapeException.class)
        .hasMessage("loadState: shapes of 2.bias differ: [2] in the model, [3] in the state");
    state.put("2.bias", Tensor.of(1L, 2L));
    assertThatThrownBy(() -> a.loadState(state))
        .isInstanceOf(DTypeException.class)
        .hasMessage("loadState: types of 2.bias differ: float32 in the model, int64 in the state");
    assertThat(a.parameter("0.weight").toDoubleArray()).isEqualTo(before);
  }

  @Test
  void aSavedModelGivesTheSameLosses(@TempDir Path dir) {
    Layer a = model();
    Tensor x = Tensor.randn(8, 3);
    Tensor t = Tensor.randint(0, 2, 8);
    double loss = Losses.crossEntropy(a.apply(x), t).item();
    a.save(dir.resolve("m"));
    Layer b = model();
    b.load(dir.resolve("m"));
    assertThat(Losses.crossEntropy(b.apply(x), t).item()).isEqualTo(loss);
  }
}
