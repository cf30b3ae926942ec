package org.cotangent.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.List;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.data.Batch;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.junit.jupiter.api.Test;

@ExtendWith(LeakCheck.class)
class BatchTest {
  @Test
  void namesItsFields() {
    Batch b = new Batch(Tensor.zeros(3, 2), Tensor.ones(3));
    assertThat(b.size()).isEqualTo(3);
    assertThat(b.fields()).containsExactly(b.x(), b.y());
    assertThat(b.field(1)).isSameAs(b.y());
    assertThat(b.map(t -> t.add(1)).y().toFloatArray()).containsOnly(2);
    assertThat(b.to(Device.CPU).x()).isSameAs(b.x());
  }

  @Test
  void refusesFieldsThatAreNotThere() {
    Batch b = Batch.of(Tensor.zeros(3));
    assertThatThrownBy(b::y).isInstanceOf(ArgumentException.class).hasMessage("batch: no field 1; there are 1");
    assertThatThrownBy(() -> b.field(-1)).isInstanceOf(ArgumentException.class).hasMessage("batch: no field -1; there are 1");
    assertThatThrownBy(() -> new Batch(List.of()))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("batch: no fields; give at least one tensor");
    assertThatThrownBy(() -> Batch.of(Tensor.scalar(1)).size())
        .isInstanceOf(ShapeException.class)
        .hasMessage("batch: field 0 is a scalar, which has no axis of examples");
  }
}
