package org.cotangent.cpu.kernel;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.cotangent.DType;
import org.cotangent.cpu.CpuBackend;
import org.cotangent.cpu.Pool;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.testkit.Seeds;

/** Random operands in every kind of layout, and element access by coordinates for reference implementations. */
final class Samples {
  static final DType[] TYPES = DType.values();
  /** Without float16 and bfloat16, which only pointwise kernels, copies, gathers and products meet. */
  static final DType[] COMPUTED = Arrays.stream(TYPES).filter(t -> t.computed() == t).toArray(DType[]::new);

  final RandomGenerator random;
  final CpuBackend backend;

  Samples(long seed, Pool pool) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    backend = new CpuBackend(pool);
  }

  /** Samples on the shared pool whose seed is printed; {@code -Dcotangent.seed} repeats a run. */
  static Samples seeded(String test) {
    return new Samples(Seeds.of(test), Pool.shared());
  }

  int below(int n) {
    return random.nextInt(n);
  }

  boolean chance(double p) {
    return random.nextDouble() < p;
  }

  /** Dims of rank 0 to {@code rank}; now and then with a long axis or an empty one. */
  int[] dims(int rank, boolean empty) {
    int[] d = new int[below(rank + 1)];
    for (int i = 0; i < d.length; i++) {
      d[i] = 1 + below(5);
    }
    if (d.length > 0 && chance(0.5)) {
      d[below(d.length)] = 1 + below(d.length <= 3 ? 300 : 20);
    }
    if (d.length > 0 && d.length <= 2 && chance(0.2)) {
      d[below(d.length)] = 600 + below(3000);
    }
    while (Layout.dense(d).size() > 8000) {
      d[below(d.length)] = 1;
    }
    if (empty && d.length > 0 && chance(0.1)) {
      d[below(d.length)] = 0;
    }
    return d;
  }

  /** A layout of these dims: dense or permuted, with gaps, backwards and, where asked for, repeated. Its extent is {@code needs(layout)}. */
  Layout layout(int[] dims, boolean repeats) {
    if (chance(0.25)) {
      return Layout.dense(dims);
    }
    int[] perm = permutation(dims.length);
    int[] strides = new int[dims.length];
    int n = 1;
    int offset = below(5);
    for (int i = dims.length - 1; i >= 0; i--) {
      int a = perm[i];
      if (repeats && chance(0.2)) {
        continue;
      }
      strides[a] = n * (chance(0.2) ? 1 + below(3) : 1);
      n = Math.max(n, Math.abs(strides[a]) * dims[a] + (chance(0.2) ? below(4) : 0));
      if (chance(0.15) && dims[a] > 0) {
        offset += (dims[a] - 1) * strides[a];
        strides[a] = -strides[a];
      }
    }
    return new Layout(dims, strides, offset);
  }

  private int[] permutation(int n) {
    int[] p = new int[n];
    for (int i = 0; i < n; i++) {
      p[i] = i;
    }
    for (int i = n - 1; i > 0 && chance(0.7); i--) {
      int j = below(i + 1);
      int t = p[i];
      p[i] = p[j];
      p[j] = t;
    }
    return p;
  }

  static int needs(Layout l) {
    int most = l.offset();
    for (int i = 0; i < l.rank(); i++) {
      most += l.dims()[i] > 0 ? Math.max(0, (l.dims()[i] - 1) * l.strides()[i]) : 0;
    }
    return most + 1;
  }

  /** An input of random values in a random layout. */
  Operand input(DType type, int[] dims) {
    return filled(type, layout(dims, true));
  }

  /** An operand of random values; about one in twenty of the floating ones is special. */
  Operand filled(DType type, Layout l) {
    Operand o = new Operand(backend.allocate(type, needs(l)), l);
    for (int i = 0; i < needs(l); i++) {
      put(o, i, type.floating() ? floating() : type == DType.INT64 && chance(0.5) ? random.nextLong() : below(600) - 300L);
    }
    return o;
  }

  private double floating() {
    if (!chance(0.05)) {
      return random.nextGaussian() * 2;
    }
    double[] special = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30, -1e-30, 0.5, -1.5, 300.7};
    return special[below(special.length)];
  }

  /** An output, dense or not, whose buffer holds other numbers before and must keep them in its gaps. */
  Operand output(DType type, int[] dims) {
    Layout l = chance(0.6) ? Layout.dense(dims) : layout(dims, false);
    return filled(type, l);
  }

  /** Indices of a dense layout in {@code [0, size)}. */
  Operand indices(int[] dims, int size) {
    Operand o = input(DType.INT64, dims);
    long[] x = (long[]) HeapBuffer.data(o);
    for (int i = 0; i < needs(o.layout()); i++) {
      x[i] = below(size);
    }
    return o;
  }

  static int position(Operand o, int[] index) {
    int at = o.layout().offset();
    for (int i = 0; i < index.length; i++) {
      at += index[i] * o.layout().strides()[i];
    }
    return at;
  }

  /** Calls {@code body} with every coordinate, in row-major order; the array is reused. */
  static void each(int[] dims, Consumer<int[]> body) {
    for (int d : dims) {
      if (d == 0) {
        return;
      }
    }
    int[] index = new int[dims.length];
    while (true) {
      body.accept(index);
      int i = dims.length - 1;
      while (i >= 0 && ++index[i] == dims[i]) {
        index[i--] = 0;
      }
      if (i < 0) {
        return;
      }
    }
  }

  /** The floating value at a coordinate. */
  static double real(Operand o, int[] index) {
    Object a = HeapBuffer.data(o);
    int p = position(o, index);
    return switch (a) {
      case float[] f -> f[p];
      case double[] d -> d[p];
      case short[] h when o.dtype().half() -> o.dtype().widen(h[p]);
      default -> whole(o, index);
    };
  }

  /** The integer at a coordinate; bools are 0 and 1. */
  static long whole(Operand o, int[] index) {
    int p = position(o, index);
    return switch (o.dtype()) {
      case BOOL, INT8 -> ((byte[]) HeapBuffer.data(o))[p];
      case UINT8 -> ((byte[]) HeapBuffer.data(o))[p] & 0xff;
      case INT16 -> ((short[]) HeapBuffer.data(o))[p];
      case INT32 -> ((int[]) HeapBuffer.data(o))[p];
      case INT64 -> ((long[]) HeapBuffer.data(o))[p];
      default -> throw new AssertionError(o.dtype());
    };
  }

  /** Writes one storage element. */
  static void put(Operand o, int p, double v) {
    switch (HeapBuffer.data(o)) {
      case float[] a -> a[p] = (float) v;
      case double[] a -> a[p] = v;
      case long[] a -> a[p] = (long) v;
      case int[] a -> a[p] = (int) v;
      case short[] a when o.dtype().half() -> a[p] = o.dtype().narrow((float) v);
      case short[] a -> a[p] = (short) v;
      case byte[] a -> a[p] = (byte) o.dtype().wrap((long) v);
      default -> throw new AssertionError();
    }
  }

  /** A copy of the storage, to compare gaps and runs by. */
  static Object storage(Operand o) {
    return switch (HeapBuffer.data(o)) {
      case float[] a -> Arrays.copyOf(a, (int) o.buffer().size());
      case double[] a -> Arrays.copyOf(a, (int) o.buffer().size());
      case long[] a -> Arrays.copyOf(a, (int) o.buffer().size());
      case int[] a -> Arrays.copyOf(a, (int) o.buffer().size());
      case short[] a -> Arrays.copyOf(a, (int) o.buffer().size());
      case byte[] a -> Arrays.copyOf(a, (int) o.buffer().size());
      default -> throw new AssertionError();
    };
  }

  /** The same operand with its own storage on another backend. */
  Operand copyTo(Samples other, Operand o) {
    return new Operand(other.backend.upload(o.dtype(), storage(o), false), o.layout());
  }

  /** Fails unless the values are equal, NaN equal to NaN and 0 to -0. */
  static void same(double got, double want, Operand... operands) {
    if (got != want && !(got != got && want != want)) {
      throw new AssertionError("got " + got + ", want " + want + ": " + text(operands));
    }
  }

  /** Fails unless the values are equal. */
  static void same(long got, long want, Operand... operands) {
    if (got != want) {
      throw new AssertionError("got " + got + ", want " + want + ": " + text(operands));
    }
  }

  /** Fails unless the operands, of equal dims and type, hold the same values. */
  static void same(Operand got, Operand want, Operand... operands) {
    each(got.layout().dims(), i -> {
      if (got.dtype().floating()) {
        same(real(got, i), real(want, i), operands);
      } else {
        same(whole(got, i), whole(want, i), operands);
      }
    });
  }

  /** What a failure message says of operands. */
  static String text(Operand... operands) {
    return Arrays.stream(operands).map(Samples::text).collect(java.util.stream.Collectors.joining("; "));
  }

  /** What a failure message says of an operand. */
  static String text(Operand o) {
    return o.dtype() + " " + o.layout();
  }
}
