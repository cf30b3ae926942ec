package org.cotangent.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;

/**
 * Examples that lie along axis 0 of tensors: example i is row i of every field.
 *
 * <p>Rows of tensors on the CPU are copied on the host, without a copy of the whole; rows of other tensors are copied by their device,
 * and the batch is there too. The dataset holds the numbers as they are when it is made: in-place operations on the tensors later are
 * not seen, though changes to an array under {@link Tensor#wrap(float[], int...)} are. Batches carry no gradients.
 */
public final class TensorDataset implements Dataset {
  private final int size;
  private final List<Rows> fields;

  private TensorDataset(int size, List<Rows> fields) {
    this.size = size;
    this.fields = fields;
  }

  /**
   * A dataset of these fields, [n, ...] each: inputs, targets, and more if need be.
   *
   * @throws ArgumentException if there are none
   * @throws ShapeException if one is a scalar, or n differs: "dataset: field 0 has 5 examples, field 1 has 4"
   */
  public static TensorDataset of(Tensor... fields) {
    if (fields.length == 0) {
      throw new ArgumentException("dataset: no fields; give at least one tensor");
    }
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].rank() == 0) {
        throw new ShapeException("dataset: field " + i + " is a scalar, which has no axis of examples");
      }
      if (fields[i].size(0) != fields[0].size(0)) {
        throw new ShapeException(
            "dataset: field 0 has " + fields[0].size(0) + " examples, field " + i + " has " + fields[i].size(0));
      }
    }
    return new TensorDataset(fields[0].size(0), Arrays.stream(fields).map(Rows::of).toList());
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Batch get(int... indices) {
    return prepare(indices).get();
  }

  /** Copies rows of tensors on the CPU; what is returned makes tensors of them, and copies rows on other devices. */
  @Override
  public Supplier<Batch> prepare(int... indices) {
    Order.check("get", size, indices);
    List<Supplier<Tensor>> taken = fields.stream().map(f -> f.take(indices)).toList();
    return () -> new Batch(taken.stream().map(Supplier::get).toList());
  }
}
