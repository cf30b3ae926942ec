package org.cotangent.examples.conformance;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/**
 * The tensor that a record holds.
 *
 * @param values the elements in row-major order
 * @param exact the same for integers and bool; empty for floating types
 * @param repeated axes along which one element stands for all
 */
record Data(DType dtype, Shape shape, double[] values, long[] exact, boolean requiresGrad, int[] repeated) {
  /** From its JSON object. */
  static Data of(Map<String, Object> o) {
    DType t = dtype(o.get("dtype").toString());
    List<Object> data = Json.list(o.get("data"));
    double[] v = new double[data.size()];
    long[] e = new long[t.floating() ? 0 : v.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = Json.number(data.get(i));
      if (e.length > 0) {
        e[i] = data.get(i) instanceof Long l ? l : (long) v[i];
      }
    }
    int[] stride = Json.ints(o.get("strides"));
    int[] repeated = java.util.stream.IntStream.range(0, stride.length).filter(i -> stride[i] == 0).toArray();
    return new Data(t, Shape.of(Json.ints(o.get("shape"))), v, e, Boolean.TRUE.equals(o.get("requires_grad")), repeated);
  }

  /** The type of this name. */
  static DType dtype(String name) {
    try {
      return DType.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UnsupportedException("dtype " + name);
    }
  }

  /** As a tensor that does not require grad. */
  Tensor tensor(Device device) {
    int[] s = shape.dims();
    Tensor t = dtype.floating() ? Tensor.of(values, s) : Tensor.of(exact, s);
    t = t.to(dtype).to(device);
    for (int axis : repeated) {
      t = t.narrow(axis, 0, Math.min(1, s[axis]));
    }
    return repeated.length == 0 ? t : t.expand(s);
  }

  /** The numbers of {@code t}. */
  static Data of(Tensor t) {
    Tensor x = t.detach();
    boolean real = t.dtype().floating();
    return new Data(t.dtype(), t.shape(), x.toDoubleArray(), real ? new long[0] : x.toLongArray(), t.requiresGrad(), new int[0]);
  }
}
