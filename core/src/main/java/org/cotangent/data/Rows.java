package org.cotangent.data;

import java.util.Arrays;
import java.util.function.Supplier;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.spi.Layout;
import org.cotangent.transform.HostArray;

/** Parts of a tensor along its axis 0, [n, ...], taken by number. */
sealed interface Rows {
  /** Copies rows, which are there, to one tensor [k, ...]; what is returned makes the tensor. */
  Supplier<Tensor> take(int... indices);

  /** The rows of a tensor with at least one axis, as its elements are now. */
  static Rows of(Tensor t) {
    return t.device().equals(Device.CPU) ? Host.of(t) : new OnDevice(t.detach());
  }

  /** Row i is the {@code length} elements at {@code offset + i * step} of a Java array. */
  record Host(DType dtype, Shape row, Object array, int offset, int step, int length) implements Rows {
    /** Reads the tensor's own array where its rows lie there without gaps, else a copy. */
    static Host of(Tensor t) {
      Shape row = t.shape().range(1, t.rank());
      int length = t.size() == 0 ? 0 : (int) row.size();
      Layout l = t.layout();
      if (new Layout(row.dims(), Arrays.copyOfRange(l.strides(), 1, t.rank()), 0).contiguous()) {
        return new Host(t.dtype(), row, t.array(), l.offset(), l.strides()[0], length);
      }
      return new Host(t.dtype(), row, t.toArray(), 0, length, length);
    }

    @Override
    public Supplier<Tensor> take(int... indices) {
      Object taken = HostArray.of(dtype, (long) indices.length * length);
      if (length > 0) {
        for (int k = 0; k < indices.length; k++) {
          System.arraycopy(array, offset + indices[k] * step, taken, k * length, length);
        }
      }
      return () -> Tensor.of(dtype, row.prepend(indices.length), taken);
    }
  }

  /** Rows that the device copies, all of it when the tensor is made. */
  record OnDevice(Tensor from) implements Rows {
    @Override
    public Supplier<Tensor> take(int... indices) {
      long[] at = new long[indices.length];
      for (int k = 0; k < at.length; k++) {
        at[k] = indices[k];
      }
      return () -> from.indexSelect(0, Tensor.of(at).to(from.device()));
    }
  }
}
