package org.cotangent.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.junit.jupiter.api.Test;

class DataTest {
  private static Tensor of(String type, List<Long> shape, List<Long> strides) {
    List<Object> numbers = List.of(0L, 1L, 2L, 3L, 4L, 5L);
    return Data.of(Map.of("dtype", type, "shape", shape, "data", numbers, "strides", strides)).tensor(Device.CPU);
  }

  @Test
  void stridesChangeThePlaceOfElementsAlone() {
    List<List<Long>> layouts = List.of(List.of(3L, 1L), List.of(6L, 2L), List.of(1L, 2L), List.of(2L, 7L), List.of(5L, 15L), List.of(1L, 1L),
        List.of(7L, 2L), List.of(4L, 9L));
    for (String type : List.of("float64", "bfloat16", "int8", "int64")) {
      for (List<Long> strides : layouts) {
        assertThat(of(type, List.of(2L, 3L), strides).toDoubleArray()).as("%s, strides %s", type, strides).containsExactly(0, 1, 2, 3, 4, 5);
      }
      assertThat(of(type, List.of(3L, 1L, 2L), List.of(2L, 50L, 6L)).toDoubleArray()).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void aStrideOfZeroRepeats() {
    Tensor x = Data.of(Map.of("dtype", "float64", "shape", List.of(2L, 2L), "data", List.of(1L, 2L, 1L, 2L), "strides", List.of(0L, 3L)))
        .tensor(Device.CPU);
    assertThat(x.toDoubleArray()).containsExactly(1, 2, 1, 2);
  }
}
