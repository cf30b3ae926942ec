package org.cotangent.cuda.kernel;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.cuda.driver.CudaDevice;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.testkit.Seeds;

/** Random operands, each on the CPU and on the CUDA device, in every kind of layout. */
final class Twins {
  static final DType[] TYPES = DType.values();

  final RandomGenerator random;
  final Backend cpu = Backends.of(Device.CPU);
  final CudaDevice device;
  /** The usual limits; few blocks, so that kernels go round; and kernels made for their very layouts at any size. */
  final Launcher[] launchers;

  private Twins(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    device = CudaDevice.of(0);
    launchers = new Launcher[] {Launcher.of(device), new Launcher(device, 3, 1 << 14), new Launcher(device, 1 << 20, 0), new Launcher(device, 2, 0)};
  }

  /** With a seed that is printed; {@code -Dcotangent.seed} repeats a run. */
  static Twins seeded(String test) {
    return new Twins(Seeds.of(test));
  }

  /** An operand on the CPU, and one with the same storage on the device. */
  record Twin(Operand cpu, Operand gpu) {
    DType type() {
      return cpu.dtype();
    }

    int[] dims() {
      return cpu.layout().dims();
    }

    @Override
    public String toString() {
      return type() + " " + cpu.layout();
    }
  }

  static Operand[] cpu(Twin... t) {
    return Arrays.stream(t).map(Twin::cpu).toArray(Operand[]::new);
  }

  static Operand[] gpu(Twin... t) {
    return Arrays.stream(t).map(Twin::gpu).toArray(Operand[]::new);
  }

  Launcher launcher() {
    return launchers[below(launchers.length)];
  }

  int below(int n) {
    return random.nextInt(n);
  }

  boolean chance(double p) {
    return random.nextDouble() < p;
  }

  DType someType(boolean halves) {
    DType t = TYPES[below(TYPES.length)];
    return t.half() && !halves ? DType.FLOAT32 : t;
  }

  /** Dims of rank 0 to {@code rank} of up to some thousand elements; now and then with a long axis or an empty one. */
  int[] dims(int rank, boolean empty) {
    int[] d = IntStream.range(0, below(rank + 1)).map(i -> 1 + below(5)).toArray();
    if (d.length > 0 && chance(0.5)) {
      d[below(d.length)] = 1 + below(d.length <= 2 ? 700 : 40);
    }
    while (Layout.dense(d).size() > 3000) {
      d[below(d.length)] = 1;
    }
    if (empty && d.length > 0 && chance(0.07)) {
      d[below(d.length)] = 0;
    }
    return d;
  }

  int[] someDims(int rank) {
    int[] d = dims(rank, true);
    return d.length == 0 ? new int[] {4} : d;
  }

  /** A layout of these dims: dense or permuted, with gaps, backwards and, where asked for, repeated. */
  Layout layout(int[] dims, boolean repeats) {
    if (chance(0.3)) {
      return Layout.dense(dims);
    }
    int[] order = IntStream.range(0, dims.length).toArray();
    for (int i = dims.length - 1; i > 0 && chance(0.7); i--) {
      int j = below(i + 1);
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
    int[] strides = new int[dims.length];
    int n = 1;
    int offset = below(5);
    for (int i = dims.length - 1; i >= 0; i--) {
      int a = order[i];
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

  private static int extent(Layout l) {
    return 1 + l.offset() + IntStream.range(0, l.rank()).map(i -> Math.max(0, (l.dims()[i] - 1) * l.strides()[i])).sum();
  }

  /** Random values in a random layout; about one in twenty of the floating ones is special. */
  Twin input(DType type, int[] dims) {
    return filled(type, layout(dims, true));
  }

  /** An output, dense or not, whose buffer holds other numbers before and must keep them in its gaps. */
  Twin output(DType type, int[] dims) {
    return filled(type, chance(0.6) ? Layout.dense(dims) : layout(dims, false));
  }

  Twin filled(DType type, Layout l) {
    Object a = array(type, extent(l));
    for (int i = 0; i < extent(l); i++) {
      put(a, i, type, type.floating() ? floating() : type == DType.INT64 && chance(0.5) ? random.nextLong() : below(600) - 300);
    }
    return of(type, a, l);
  }

  /** Numbers from low to high, without special ones. */
  Twin between(DType type, Layout l, double low, double high) {
    Object a = array(type, extent(l));
    for (int i = 0; i < extent(l); i++) {
      put(a, i, type, type.floating() ? low + (high - low) * random.nextDouble() : (long) low + below((int) (high - low)));
    }
    return of(type, a, l);
  }

  Twin zeros(DType type, int... dims) {
    return of(type, array(type, (int) Layout.dense(dims).size()), Layout.dense(dims));
  }

  Twin of(DType type, Object array, Layout l) {
    return new Twin(new Operand(cpu.upload(type, array, false), l), new Operand(device.upload(type, array), l));
  }

  private double floating() {
    double[] special = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30, -1e-30, 0.5, -1.5, 300.7};
    return chance(0.05) ? special[below(special.length)] : random.nextGaussian() * 2;
  }

  static Object array(DType t, int n) {
    return switch (t) {
      case BOOL, UINT8, INT8 -> new byte[n];
      case INT16, FLOAT16, BFLOAT16 -> new short[n];
      case INT32 -> new int[n];
      case INT64 -> new long[n];
      case FLOAT32 -> new float[n];
      case FLOAT64 -> new double[n];
    };
  }

  static void put(Object a, int i, DType t, double v) {
    switch (a) {
      case float[] x -> x[i] = (float) v;
      case double[] x -> x[i] = v;
      case short[] x when t.half() -> x[i] = t.narrow((float) v);
      case short[] x -> x[i] = (short) v;
      case byte[] x -> x[i] = (byte) t.wrap((long) v);
      case int[] x -> x[i] = (int) v;
      case long[] x -> x[i] = (long) v;
      default -> throw new AssertionError(a);
    }
  }

  /** All of the storage, gaps too. */
  private static Object storage(Backend b, Operand o) {
    int n = (int) o.buffer().size();
    Object a = array(o.dtype(), n);
    b.download(o.with(Layout.dense(n)), a);
    return a;
  }

  private static double real(Object a, int i, DType t) {
    return a instanceof short[] x ? t.widen(x[i]) : Array.getDouble(a, i);
  }

  /**
   * Fails unless both storages are equal, floating numbers to {@code tolerance}, relatively, or {@code tiny}, absolutely; NaN is equal to NaN
   * and, where the tolerance is 0, 0 differs from -0 as bits do.
   */
  void near(Twin t, double tolerance, double tiny, Object... what) {
    Object want = storage(cpu, t.cpu());
    int n = Array.getLength(want);
    Object got = array(t.type(), n);
    HostMatrices.download(launchers[0], t.gpu().with(Layout.dense(n)), got);
    for (int i = 0; i < n; i++) {
      if (t.type().floating()) {
        double w = real(want, i, t.type());
        double g = real(got, i, t.type());
        boolean close = tolerance == 0 ? Double.compare(g, w) == 0 : g == w || Double.isNaN(g) && Double.isNaN(w)
            || Double.isFinite(w) && Math.abs(g - w) <= Math.max(tiny, tolerance * Math.abs(w));
        if (!close) {
          fail(i, g, w, t, what);
        }
      } else if (Array.getLong(got, i) != Array.getLong(want, i)) {
        fail(i, Array.getLong(got, i), Array.getLong(want, i), t, what);
      }
    }
  }

  private static void fail(int i, Object got, Object want, Twin t, Object... what) {
    throw new AssertionError("storage element " + i + " is " + got + ", want " + want + ": " + t + "; "
        + Arrays.stream(what).map(String::valueOf).collect(Collectors.joining("; ")));
  }

  /** Fails unless both storages hold the same bits. */
  void same(Twin t, Object... what) {
    near(t, 0, 0, what);
  }
}
