package org.cotangent.examples.conformance;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/**
 * The tensor that a record holds.
 *
 * @param values the elements in row-major order
 * @param exact the same for integers and bool; empty for floating types
 * @param strides in storage of its own, in elements; empty where the elements lie in row-major order
 */
record Data(DType dtype, Shape shape, double[] values, long[] exact, boolean requiresGrad, int[] strides) {
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
    return new Data(t, Shape.of(Json.ints(o.get("shape"))), v, e, Boolean.TRUE.equals(o.get("requires_grad")), Json.ints(o.get("strides")));
  }

  /** The type of this name. */
  static DType dtype(String name) {
    try {
      return DType.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UnsupportedException("dtype " + name);
    }
  }

  /** As a tensor that does not require grad: a view with these strides, or a copy where steps of several axes mix. */
  Tensor tensor(Device device) {
    int[] s = shape.dims();
    Tensor t = (dtype.floating() ? Tensor.of(values, s) : Tensor.of(exact, s)).to(dtype).to(device);
    for (int axis = 0; axis < strides.length; axis++) {
      t = strides[axis] == 0 ? t.narrow(axis, 0, Math.min(1, s[axis])) : t;
    }
    return strides.length == 0 ? t : spaced(t).expand(s);
  }

  /** t as a view of padded storage: axes by falling strides, each with room behind it up to the next larger stride. */
  private Tensor spaced(Tensor t) {
    int n = strides.length;
    int[] order = sorted(n, i -> t.size(i) > 1 ? -strides[i] : -Integer.MAX_VALUE);
    int[] rooms = new int[2 * n + 2];
    int above = 0;
    for (int k = 0; k <= n && t.size() > 0; k++) {
      int own = k == n ? 1 : strides[order[k]];
      int length = k == n ? 1 : t.size(order[k]);
      if (length > 1 && above > 0 && (above % own != 0 || above / own < length)) {
        return t;
      }
      boolean steps = k == n || length > 1;
      rooms[2 * (n - k) + 1] = steps && above > 0 ? above / own - length : 0;
      above = steps ? own : above;
    }
    Tensor x = t.permute(order).unsqueeze(n).constantPad(dtype.floating() ? Double.NaN : 1, rooms);
    for (int k = 0; k < n; k++) {
      x = x.narrow(k, 0, t.size(order[k]));
    }
    return x.select(n, 0).permute(sorted(n, i -> order[i]));
  }

  private static int[] sorted(int n, IntUnaryOperator key) {
    return IntStream.range(0, n).boxed().sorted(Comparator.comparingInt(key::applyAsInt)).mapToInt(i -> i).toArray();
  }

  /** The numbers of {@code t}. */
  static Data of(Tensor t) {
    Tensor x = t.detach();
    boolean real = t.dtype().floating();
    return new Data(t.dtype(), t.shape(), x.toDoubleArray(), real ? new long[0] : x.toLongArray(), t.requiresGrad(), new int[0]);
  }
}
