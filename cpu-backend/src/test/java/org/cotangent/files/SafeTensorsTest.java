package org.cotangent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.FreedException;
import org.cotangent.errors.TransformException;
import org.cotangent.io.SafeTensors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakCheck.class)
class SafeTensorsTest {
  /** What the reference implementation writes for {@link #golden}, by its description. */
  private static final byte[] GOLDEN =
      Handmade.bytes(
          """
          {"__metadata__":{"format":"pt"},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},\
          "w":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},"m":{"dtype":"BOOL","shape":[3],"data_offsets":[24,27]}}   \s""",
          Handmade.hex("0700000000000000 0000803f 00000040 00004040 000080c0 01 00 01"));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("model.safetensors");
  }

  private static Map<String, Tensor> golden() {
    Map<String, Tensor> m = new LinkedHashMap<>();
    m.put("m", Tensor.of(true, false, true));
    m.put("w", Tensor.of(new float[][] {{1, 2}, {3, -4}}));
    m.put("n", Tensor.scalar(7L));
    return m;
  }

  @Test
  void writesTheBytesOfTheReferenceImplementation() throws IOException {
    SafeTensors.save(file, golden(), Map.of("format", "pt"));
    assertThat(file).hasBinaryContent(GOLDEN);
  }

  @Test
  void readsTheBytesOfTheReferenceImplementation() throws IOException {
    Files.write(file, GOLDEN);
    Map<String, Tensor> m = SafeTensors.load(file);
    assertThat(m.keySet()).containsExactly("n", "w", "m");
    assertThat(m.get("n").itemLong()).isEqualTo(7);
    assertThat(m.get("w").shape()).isEqualTo(Shape.of(2, 2));
    assertThat((float[]) m.get("w").toArray()).containsExactly(1, 2, 3, -4);
    assertThat(m.get("m").dtype()).isEqualTo(DType.BOOL);
    assertThat((byte[]) m.get("m").toArray()).containsExactly(1, 0, 1);
    assertThat(SafeTensors.metadata(file)).containsExactly(Map.entry("format", "pt"));
  }

  @Test
  void readsTensorsInTheOrderOfTheHeader() throws IOException {
    String header =
        """
        {"late":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"none":{"data_offsets":[1,1],"shape":[0,5],"dtype":"F64"},\
        "early":{"shape":[],"more":{"a":[1]},"dtype":"U8","data_offsets":[0,1]}}""";
    Files.write(file, Handmade.bytes(header, (byte) 5, (byte) 6, (byte) -1));
    Map<String, Tensor> m = SafeTensors.load(file);
    assertThat(m.keySet()).containsExactly("late", "none", "early");
    assertThat(m.get("late").toLongArray()).containsExactly(6, 255);
    assertThat(m.get("early").itemLong()).isEqualTo(5);
    assertThat(m.get("none").shape()).isEqualTo(Shape.of(0, 5));
  }

  @Test
  void keepsHalfPrecision() throws IOException {
    String header =
        """
        {"h":{"dtype":"F16","shape":[5],"data_offsets":[0,10]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[10,16]}}""";
    Files.write(file, Handmade.bytes(header, Handmade.hex("003e ff7b 0100 007c 0080  803f 00c0 c07f")));
    Map<String, Tensor> m = SafeTensors.load(file);
    assertThat(m.get("h").toFloatArray()).containsExactly(1.5f, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, -0f);
    assertThat(m.get("b").toFloatArray()).containsExactly(1, -2, Float.NaN);
    assertThat(SafeTensors.inspect(file))
        .containsExactly(
            Map.entry("h", new Spec(Shape.of(5), DType.FLOAT16)), Map.entry("b", new Spec(Shape.of(3), DType.BFLOAT16)));
    SafeTensors.save(file, m);
    SafeTensors.load(file).forEach((name, t) -> same(t, m.get(name)));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void bringsBackEveryType(DType t) {
    Map<String, Tensor> m = new TreeMap<>();
    for (int[] dims : new int[][] {{}, {1}, {0}, {2, 0, 3}, {7}, {3, 5}, {2, 3, 4, 5}}) {
      m.put("t" + dims.length + "_" + m.size(), sample(t, Shape.of(dims)));
    }
    SafeTensors.save(file, m);
    Map<String, Tensor> back = SafeTensors.load(file);
    assertThat(back.keySet()).containsExactlyElementsOf(m.keySet());
    m.forEach((name, x) -> same(back.get(name), x));
    assertThat(SafeTensors.metadata(file)).isEmpty();
  }

  /** Values over the whole range of the type. */
  private static Tensor sample(DType t, Shape shape) {
    Tensor bits = Tensor.randint(Long.MIN_VALUE, Long.MAX_VALUE, shape, Device.CPU, new Generator(shape.hashCode()));
    return t.floating() ? Tensor.randn(shape, t, Device.CPU, new Generator(3)) : t == DType.BOOL ? bits.gt(0) : bits.to(t);
  }

  private static void same(Tensor actual, Tensor expected) {
    assertThat(actual.dtype()).isEqualTo(expected.dtype());
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.toArray()).isEqualTo(expected.toArray());
  }

  @Test
  void keepsTheBitsOfSpecialNumbers() {
    float[] odd = {Float.NaN, Float.intBitsToFloat(0x7f800001), Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE};
    SafeTensors.save(file, Map.of("x", Tensor.of(odd)));
    float[] back = (float[]) SafeTensors.load(file).get("x").toArray();
    for (int i = 0; i < odd.length; i++) {
      assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(odd[i]));
    }
  }

  @Test
  void writesViewsInRowMajorOrder() {
    Tensor x = Tensor.randn(6, 4, 5);
    Map<String, Tensor> views =
        Map.of(
            "permuted", x.permute(2, 0, 1), "sliced", x.slice(1, 1, 4, 2), "flipped", x.flip(0), "inner", x.get(3).narrow(0, 1, 2),
            "broadcast", Tensor.of(1f, 2f).reshape(2, 1).expand(2, 3), "constant", Tensor.ones(4, 2), "pending", x.mul(2).sin(),
            "leaf", Tensor.of(1f, 2f).requiresGrad_(), "computed", Tensor.of(1f, 2f).requiresGrad_().mul(3),
            "shared", Tensor.wrap(new float[] {5, 6}, 2));
    SafeTensors.save(file, views);
    Map<String, Tensor> back = SafeTensors.load(file);
    views.forEach((name, v) -> same(back.get(name), v));
    assertThat(back.get("leaf").requiresGrad()).isFalse();
  }

  @Test
  void movesLargeTensorsInParts() {
    Tensor x = Tensor.randn(1100, 2000);
    Map<String, Tensor> m = Map.of("x", x, "turned", x.t(), "part", x.flatten().narrow(0, 1, 2_100_001), "bytes", x.gt(0));
    SafeTensors.save(file, m);
    Map<String, Tensor> back = SafeTensors.load(file);
    m.forEach((name, t) -> same(back.get(name), t));
  }

  @Test
  void savesInsideAScope() {
    Tensor x = Tensor.randn(2000, 1000);
    Tensor kept;
    try (var scope = MemoryScope.open()) {
      kept = scope.keep(x.mul(2));
      SafeTensors.save(file, Map.of("x", x, "pending", x.add(1), "kept", kept, "constant", Tensor.zeros(2000, 1000)));
    }
    Map<String, Tensor> back = SafeTensors.load(file);
    same(back.get("x"), x);
    same(back.get("pending"), x.add(1));
    same(back.get("kept"), kept);
    assertThat(back.get("constant").toFloatArray()).containsOnly(0);
  }

  @Test
  void givesLoadedTensorsToTheOpenScope() {
    SafeTensors.save(file, golden());
    Tensor kept;
    Tensor freed;
    try (var scope = MemoryScope.open()) {
      Map<String, Tensor> m = SafeTensors.load(file);
      kept = scope.keep(m.get("w"));
      freed = m.get("n");
    }
    assertThat(kept.toFloatArray()).containsExactly(1, 2, 3, -4);
    assertThatThrownBy(freed::item).isInstanceOf(FreedException.class);
  }

  @Test
  void inspectsWithoutReadingData() {
    SafeTensors.save(file, golden());
    assertThat(SafeTensors.inspect(file))
        .containsExactly(
            Map.entry("n", new Spec(Shape.SCALAR, DType.INT64)),
            Map.entry("w", new Spec(Shape.of(2, 2), DType.FLOAT32)),
            Map.entry("m", new Spec(Shape.of(3), DType.BOOL)));
  }

  @Test
  void savesNothing() {
    SafeTensors.save(file, Map.of());
    assertThat(file).hasBinaryContent(Handmade.bytes("{}      "));
    assertThat(SafeTensors.load(file)).isEmpty();
    assertThat(SafeTensors.inspect(file)).isEmpty();
  }

  @Test
  void readsAnEmptyHeaderWithoutPadding() throws IOException {
    Files.write(file, Handmade.bytes("{}"));
    assertThat(SafeTensors.load(file)).isEmpty();
  }

  @Test
  void takesAnyNameAndText() {
    Map<String, Tensor> m = new LinkedHashMap<>();
    List<String> names = List.of("", "layers.0.weight", "é\"\\\n\u0001", "\ud83d\ude00", "\uffee", "a/b", "dtype");
    names.forEach(n -> m.put(n, Tensor.scalar(n.length())));
    Map<String, String> notes = Map.of("note", "zwei\tZeilen\n\u0000", "", "\ud83d\ude00");
    SafeTensors.save(file, m, notes);
    assertThat(SafeTensors.load(file).keySet())
        .containsExactly("", "a/b", "dtype", "layers.0.weight", "é\"\\\n\u0001", "\uffee", "\ud83d\ude00");
    assertThat(SafeTensors.metadata(file)).isEqualTo(notes);
  }

  @Test
  void refusesNamesThatTheFormatCannotHold() {
    assertThatThrownBy(() -> SafeTensors.save(file, Map.of("__metadata__", Tensor.scalar(1f))))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("save: model.safetensors: tensor \"__metadata__\": the format reserves this name; rename the tensor");
    assertThatThrownBy(() -> SafeTensors.save(file, Map.of("a\ud800", Tensor.scalar(1f))))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("holds half a surrogate pair");
    assertThat(file).doesNotExist();
  }

  @Test
  void replacesAFileWholeOrNotAtAll() throws IOException {
    SafeTensors.save(file, golden());
    byte[] before = Files.readAllBytes(file);
    Tensor x = Tensor.of(1f, 2f);
    assertThatThrownBy(() -> Autograd.vmap(v -> save(Map.of("a", x, "b", v))).apply(x))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("vmap");
    assertThat(file).hasBinaryContent(before);
    SafeTensors.save(file, Map.of("x", x));
    assertThat(SafeTensors.load(file).keySet()).containsExactly("x");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).containsExactly(file);
    }
  }

  private Tensor save(Map<String, Tensor> m) {
    SafeTensors.save(file, m);
    return m.get("b");
  }

  @Test
  void saysWhereNoFileIs() {
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("load: model.safetensors: no such file: " + file);
    assertThatThrownBy(() -> SafeTensors.save(folder.resolve("none").resolve("m.safetensors"), golden()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("save: m.safetensors: no such directory: " + folder.resolve("none"));
    assertThatThrownBy(() -> SafeTensors.load(folder)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void refusesAnAbsentDevice() {
    SafeTensors.save(file, golden());
    assertThatThrownBy(() -> SafeTensors.load(file, new Device("abacus", 0)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("abacus");
  }

  @Test
  void givesAMapThatCannotBeChanged() {
    SafeTensors.save(file, golden());
    assertThatThrownBy(() -> SafeTensors.load(file).clear()).isInstanceOf(UnsupportedOperationException.class);
  }
}
