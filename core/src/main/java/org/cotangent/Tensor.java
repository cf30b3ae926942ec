package org.cotangent;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.ShapeException;
import org.cotangent.errors.TransformException;
import org.cotangent.lower.Scope;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Linear;
import org.cotangent.primitive.Reshape;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.transform.Batch;
import org.cotangent.transform.Gate;
import org.cotangent.transform.HostArray;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Reverse;
import org.cotangent.transform.Traced;
import org.cotangent.transform.Transforms;
import org.cotangent.transform.Values;
import org.cotangent.transform.Wrapped;

/**
 * An n-dimensional array of numbers on a device, with reverse-mode gradients.
 *
 * <p>Operations return new tensors and are recorded while an operand requires grad; {@link #backward} then computes gradients.
 * Results may be computed later than the call, never with another outcome; shapes, types and devices are checked in the call.
 *
 * <p>A tensor may be read by several threads; in-place operations need the caller's own order.
 */
public final class Tensor extends Handle
    implements TensorMath, TensorArithmetic, TensorSpecial, TensorReduce, TensorStatistics, TensorShape, TensorRearrange, TensorProducts,
        TensorAlgebra, TensorIndex, TensorSelect, TensorScatter, TensorParts, TensorElements, TensorRunning, TensorQuantiles, TensorCounting,
        TensorInPlace {

  Tensor(Value value) {
    super(value);
  }

  Tensor(Value value, Optional<Scope> home) {
    super(value, home);
  }

  private Tensor(Tensor base, Linear view, OpName name) {
    super(base, view, name);
  }

  /** The view of this that {@code p} makes; keeps aliasing. */
  Tensor viewOf(OpName name, Linear p) {
    return new Tensor(this, p, name);
  }

  /** Another handle for the same elements. */
  Tensor alias() {
    return viewOf(Names.RESHAPE, new Reshape(shape()));
  }

  // ---- what it is

  /** The shape. */
  public Shape shape() {
    return peek().shape();
  }

  /** Number of axes. */
  public int rank() {
    return value().rank();
  }

  /** Number of elements. */
  public long size() {
    return peek().spec().size();
  }

  /** Size of an axis; negative counts from the end. */
  public int size(int axis) {
    return shape().dim(axis);
  }

  /** The element type. */
  public DType dtype() {
    return peek().dtype();
  }

  /** Where it lives. */
  public Device device() {
    return peek().device();
  }

  // ---- making one

  /** A 0-dim float32 tensor. */
  public static Tensor scalar(float v) {
    return Eager.constant(Shape.SCALAR, DType.FLOAT32, Device.CPU, v);
  }

  /** A 0-dim float64 tensor. */
  public static Tensor scalar(double v) {
    return Eager.constant(Shape.SCALAR, DType.FLOAT64, Device.CPU, v);
  }

  /** A 0-dim int32 tensor. */
  public static Tensor scalar(int v) {
    return Eager.constant(Shape.SCALAR, DType.INT32, Device.CPU, v);
  }

  /** A 0-dim int64 tensor. */
  public static Tensor scalar(long v) {
    return Factory.upload(DType.INT64, Shape.SCALAR, new long[] {v}, false);
  }

  /** A 0-dim bool tensor. */
  public static Tensor scalar(boolean v) {
    return Eager.constant(Shape.SCALAR, DType.BOOL, Device.CPU, v ? 1 : 0);
  }

  /** float32 [n]. */
  public static Tensor of(float... v) {
    return of(v, v.length);
  }

  /** float64 [n]. */
  public static Tensor of(double... v) {
    return of(v, v.length);
  }

  /** int32 [n]. */
  public static Tensor of(int... v) {
    return of(v, v.length);
  }

  /** int64 [n]. */
  public static Tensor of(long... v) {
    return of(v, v.length);
  }

  /** bool [n]. */
  public static Tensor of(boolean... v) {
    return Factory.upload(DType.BOOL, Shape.of(v.length), Factory.bytes(v), false);
  }

  /** float32 [n, m]; rows of equal length. */
  public static Tensor of(float[][] v) {
    return Factory.nested(v);
  }

  /** float64 [n, m]; rows of equal length. */
  public static Tensor of(double[][] v) {
    return Factory.nested(v);
  }

  /** int32 [n, m]; rows of equal length. */
  public static Tensor of(int[][] v) {
    return Factory.nested(v);
  }

  /** int64 [n, m]; rows of equal length. */
  public static Tensor of(long[][] v) {
    return Factory.nested(v);
  }

  /**
   * A tensor from a Java array nested to any depth, of float, double, int, long, short, byte or boolean; the Java type decides the
   * dtype.
   *
   * @throws ShapeException if the parts differ in length
   * @throws DTypeException for other types
   */
  public static Tensor ofNested(Object array) {
    return Factory.nested(array);
  }

  /** float32 of {@code shape} from its elements in row-major order, copied. */
  public static Tensor of(float[] v, int... shape) {
    return Factory.upload(DType.FLOAT32, Shape.of(shape), v, false);
  }

  /** float64 of {@code shape} from its elements in row-major order, copied. */
  public static Tensor of(double[] v, int... shape) {
    return Factory.upload(DType.FLOAT64, Shape.of(shape), v, false);
  }

  /** int32 of {@code shape} from its elements in row-major order, copied. */
  public static Tensor of(int[] v, int... shape) {
    return Factory.upload(DType.INT32, Shape.of(shape), v, false);
  }

  /** int64 of {@code shape} from its elements in row-major order, copied. */
  public static Tensor of(long[] v, int... shape) {
    return Factory.upload(DType.INT64, Shape.of(shape), v, false);
  }

  /**
   * Elements in row-major order from an array of the type's kind (byte, short, int, long, float, double; short for the bits of float16
   * and bfloat16), copied.
   *
   * @throws ShapeException if the array's length does not fit
   * @throws DTypeException if the array is of another kind
   */
  public static Tensor of(DType dtype, Shape shape, Object array) {
    return Factory.upload(dtype, shape, array, false);
  }

  /**
   * A tensor over a Java array, which is not copied. Who writes to the array must call {@link #written} after; saved values of a
   * graph are then refused rather than wrong.
   */
  public static Tensor wrap(float[] v, int... shape) {
    return Factory.upload(DType.FLOAT32, Shape.of(shape), v, true);
  }

  /** A tensor over a Java array, which is not copied; see {@link #wrap(float[], int...)}. */
  public static Tensor wrap(double[] v, int... shape) {
    return Factory.upload(DType.FLOAT64, Shape.of(shape), v, true);
  }

  /** float32 zeros. */
  public static Tensor zeros(int... shape) {
    return full(Shape.of(shape), 0, DType.FLOAT32, Device.CPU);
  }

  /** float32 ones. */
  public static Tensor ones(int... shape) {
    return full(Shape.of(shape), 1, DType.FLOAT32, Device.CPU);
  }

  /** Every element {@code v}; takes no storage until written or read by a kernel that needs it. */
  public static Tensor full(Shape shape, double v, DType dtype, Device device) {
    Backends.of(device);
    return Eager.constant(shape, dtype, device, v);
  }

  /** Zeros of the shape, type and device of {@code t}. */
  public static Tensor zerosLike(Tensor t) {
    return fullLike(t, 0);
  }

  /** Ones of the shape, type and device of {@code t}. */
  public static Tensor onesLike(Tensor t) {
    return fullLike(t, 1);
  }

  /** Every element {@code v}, with the shape, type and device of {@code t}. */
  public static Tensor fullLike(Tensor t, double v) {
    return full(t.shape(), v, t.dtype(), t.device());
  }

  /** float32 identity matrix [n, n]. */
  public static Tensor eye(int n) {
    return eye(n, n);
  }

  /** float32 [n, m] with ones on the main diagonal. */
  public static Tensor eye(int n, int m) {
    return Factory.eye(n, m);
  }

  /** 0, 1, ..., n - 1 as int64. */
  public static Tensor arange(long n) {
    return arange(0, n, 1);
  }

  /**
   * start, start + step, ... before stop, as int64.
   *
   * @throws ArgumentException if the step is 0 or leads away from stop
   */
  public static Tensor arange(long start, long stop, long step) {
    return Factory.arange(start, stop, step);
  }

  /**
   * start, start + step, ... before stop, as float32.
   *
   * @throws ArgumentException if the step is 0 or leads away from stop
   */
  public static Tensor arange(double start, double stop, double step) {
    return Ranges.arange(start, stop, step, DType.FLOAT32);
  }

  /** n float32 numbers from start to stop, both included, evenly spaced. */
  public static Tensor linspace(double start, double stop, int n) {
    return Ranges.linspace(start, stop, n, DType.FLOAT32);
  }

  /**
   * start, start + step, ... before stop. Of integers start and step are taken without their fractions.
   *
   * @throws ArgumentException if the step is 0 or leads away from stop
   */
  public static Tensor arange(double start, double stop, double step, DType dtype) {
    return Ranges.arange(start, stop, step, dtype);
  }

  /** n numbers from start to stop, both included, evenly spaced. */
  public static Tensor linspace(double start, double stop, int n, DType dtype) {
    return Ranges.linspace(start, stop, n, dtype);
  }

  /** Powers of a base, whose n exponents are evenly spaced from start to stop, both included. */
  public static Tensor logspace(double start, double stop, int n, double base, DType dtype) {
    return Ranges.logspace(start, stop, n, base, dtype);
  }

  /** [n, m] with ones on the main diagonal. */
  public static Tensor eye(int n, int m, DType dtype) {
    return Ranges.eye(n, m, dtype);
  }

  /** Rows and columns of the elements of a matrix [n, m] on and below a diagonal, int64 [2, k], in row-major order. */
  public static Tensor trilIndices(int n, int m, int offset) {
    return Ranges.triangle(n, m, offset, true);
  }

  /** Rows and columns of the elements of a matrix [n, m] on and above a diagonal, int64 [2, k], in row-major order. */
  public static Tensor triuIndices(int n, int m, int offset) {
    return Ranges.triangle(n, m, offset, false);
  }

  /** Starts the standard generator anew: the same seed gives the same numbers on every device. Returns it. */
  public static Generator manualSeed(long seed) {
    return Generator.standard().manualSeed(seed);
  }

  /** float32 uniform in [0, 1), from the standard generator. */
  public static Tensor rand(int... shape) {
    return Factory.rand(Shape.of(shape), DType.FLOAT32, Device.CPU, Generator.standard());
  }

  /** Uniform in [0, 1). */
  public static Tensor rand(Shape shape, DType dtype, Device device, Generator g) {
    return Factory.rand(shape, dtype, device, g);
  }

  /** float32 standard normal, from the standard generator. */
  public static Tensor randn(int... shape) {
    return Factory.randn(Shape.of(shape), DType.FLOAT32, Device.CPU, Generator.standard());
  }

  /** Standard normal. */
  public static Tensor randn(Shape shape, DType dtype, Device device, Generator g) {
    return Factory.randn(shape, dtype, device, g);
  }

  /** int64 from {@code low} (inclusive) to {@code high} (exclusive), from the standard generator. */
  public static Tensor randint(long low, long high, int... shape) {
    return Factory.randint(low, high, Shape.of(shape), Device.CPU, Generator.standard());
  }

  /** int64 from {@code low} (inclusive) to {@code high} (exclusive). */
  public static Tensor randint(long low, long high, Shape shape, Device device, Generator g) {
    return Factory.randint(low, high, shape, device, g);
  }

  /** 0, ..., n - 1 in random order, int64, from the standard generator. */
  public static Tensor randperm(int n) {
    return Factory.randperm(n, Generator.standard());
  }

  /** 0, ..., n - 1 in random order, int64. */
  public static Tensor randperm(int n, Generator g) {
    return Factory.randperm(n, g);
  }

  /** float32 or the type of {@code t}, uniform in [0, 1), with its shape and device. */
  public static Tensor randLike(Tensor t) {
    return Factory.rand(t.shape(), t.dtype(), t.device(), Generator.standard());
  }

  /** Standard normal with the shape, type and device of {@code t}. */
  public static Tensor randnLike(Tensor t) {
    return Factory.randn(t.shape(), t.dtype(), t.device(), Generator.standard());
  }

  /** The tensors one after the other along an axis; other axes are equal. */
  public static Tensor cat(int axis, Tensor... xs) {
    return TensorShape.cat(axis, xs);
  }

  /** Tensors of one shape along a new axis 0. */
  public static Tensor stack(Tensor... xs) {
    return TensorShape.stack(0, xs);
  }

  /** Tensors of one shape along a new axis. */
  public static Tensor stack(int axis, Tensor... xs) {
    return TensorShape.stack(axis, xs);
  }

  /** x where {@code condition} is true, else y; all three broadcast. */
  public static Tensor where(Tensor condition, Tensor x, Tensor y) {
    return Factory.where(condition, x, y);
  }

  // ---- reading

  /**
   * The only element.
   *
   * @throws ShapeException if there are more or none
   * @throws TransformException inside a transform that the value belongs to
   */
  public double item() {
    Operand o = single("item");
    Object a = HostArray.of(dtype(), 1);
    Backends.of(device()).download(o, a);
    return dtype().floating() ? Factory.real(a, 0, dtype()) : Factory.integer(a, 0, dtype());
  }

  /** The only element of an integer or bool tensor; see {@link #item}. */
  public long itemLong() {
    Operand o = single("itemLong");
    Object a = HostArray.of(dtype(), 1);
    Backends.of(device()).download(o, a);
    return dtype().floating() ? (long) Factory.real(a, 0, dtype()) : Factory.integer(a, 0, dtype());
  }

  private Operand single(String op) {
    if (size() != 1) {
      throw new ShapeException(op + ": needs exactly one element: " + shape() + " has " + size());
    }
    return stored(op).operand();
  }

  /**
   * The elements in row-major order, a copy: float[] for float32, double[], long[], int[], short[] (also for the bits of float16 and
   * bfloat16, which {@link DType#widen} reads and {@link #toFloatArray} converts), byte[] (also for bool).
   */
  public Object toArray() {
    Object a = HostArray.of(dtype(), size());
    Backends.of(device()).download(stored("toArray").operand(), a);
    return a;
  }

  /** The elements in row-major order as float, a copy. */
  public float[] toFloatArray() {
    return (float[]) readable("toFloatArray").to(DType.FLOAT32).toArray();
  }

  /** The elements in row-major order as double, a copy. */
  public double[] toDoubleArray() {
    return (double[]) readable("toDoubleArray").to(DType.FLOAT64).toArray();
  }

  /** The elements in row-major order as long, a copy. */
  public long[] toLongArray() {
    return (long[]) readable("toLongArray").to(DType.INT64).toArray();
  }

  /**
   * The Java array that holds this tensor's elements, which is not copied; see {@link #layout} for their places. It may be longer than
   * the tensor. Only on the CPU.
   * Who writes to it must call {@link #written} after.
   */
  public Object array() {
    Stored s = stored("array");
    return s.operand().buffer().array().orElseThrow(() -> new DeviceException("array: " + device() + " storage is no Java array; use toArray()"));
  }

  /** The elements' memory, which is not copied and ends with the last element of the storage; see {@link #array}. */
  public MemorySegment segment() {
    MemorySegment all = switch (array()) {
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case byte[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalStateException("array of unknown kind");
    };
    return all.asSlice(0, stored("segment").operand().buffer().size() * dtype().bytes());
  }

  /** Where the elements lie in {@link #array}. */
  public Layout layout() {
    return stored("layout").operand().layout();
  }

  /** Tells the engine that the shared array was written to by somebody else. */
  public void written() {
    stored("written").operand().buffer().written();
  }

  /** Computes this tensor now if it is pending. */
  public Tensor synchronize() {
    Values.force(value());
    Backends.of(device()).synchronize();
    return this;
  }

  /** Computes these tensors if they are pending, those over the same elements in one kernel, and waits for their devices. */
  public static void synchronize(List<Tensor> xs) {
    Values.force(xs.stream().map(Tensor::value).toList());
    xs.stream().map(Tensor::device).distinct().forEach(d -> Backends.of(d).synchronize());
  }

  /** This without its graph; refused like {@link #stored}. */
  private Tensor readable(String op) {
    stored(op);
    return detach();
  }

  /**
   * The storage that holds the elements, with their layout in it; computed first if pending. For backends and for what records their
   * work: writing there changes every tensor that shares it.
   *
   * @throws org.cotangent.errors.TransformException inside a transform, where there is no single value
   */
  public Operand storage() {
    return stored("storage").operand();
  }

  /** The numbers underneath; refused for a value that belongs to a running transform. */
  private Stored stored(String op) {
    Value v = value();
    if (v instanceof Traced t && t.by() == Reverse.TAPE) {
      v = t.primal();
    }
    if (v instanceof Wrapped w) {
      String name = Gate.nameOr(op);
      if (!w.by().live()) {
        throw Gate.escaped(name, w.by());
      }
      throw new TransformException(
          name + ": the numbers of a tensor inside " + w.by().title() + " cannot be read, since "
              + (w.by() instanceof Batch ? "each example has its own" : "its derivative would be lost")
              + "; keep it a tensor (stack, where), or read it after the transform");
    }
    return (Stored) v;
  }

  // ---- gradients

  /** Whether gradients flow through this tensor. */
  public boolean requiresGrad() {
    return traced().isPresent();
  }

  /** Makes this a leaf whose gradient {@link #backward} accumulates; returns it. */
  public Tensor requiresGrad_() {
    leaf(true);
    return this;
  }

  /** Makes this a leaf that requires grad, or one that does not; returns it. */
  public Tensor requiresGrad_(boolean on) {
    leaf(on);
    return this;
  }

  /** Whether this was not computed from tensors that require grad. */
  public boolean isLeaf() {
    return traced().map(t -> t.node().leaf()).orElse(true);
  }

  /** The name of the operation that backward goes through first: "AddBackward0"; empty for leaves. */
  public Optional<String> gradFn() {
    return traced().filter(t -> !t.node().leaf()).map(t -> t.node().gradName());
  }

  /** The same numbers without gradients. A view of the numbers as they are now: later in-place writes are not seen. */
  public Tensor detach() {
    return new Tensor(Transforms.detach(Gate.standIn(value())));
  }

  /**
   * The gradient that backward passes have accumulated.
   *
   * @throws GradientException if there is none; ask {@link #hasGrad}
   */
  public Tensor grad() {
    return gradSlot().flatMap(s -> s.holder()).map(h -> ((TensorGrad) h).shown()).orElseThrow(() -> new GradientException(
        requiresGrad()
            ? isLeaf() ? "grad: no gradient yet; run backward() first" : "grad: not a leaf, so its gradient is not kept; call retainGrad() before backward()"
            : "grad: this tensor does not require grad"));
  }

  private Optional<org.cotangent.transform.GradSlot> gradSlot() {
    return traced().flatMap(t -> t.node().slotIfAny(t.index()));
  }

  /** Whether a gradient was accumulated. */
  public boolean hasGrad() {
    return gradSlot().flatMap(s -> s.holder()).isPresent();
  }

  /** Removes the gradient. */
  public void zeroGrad() {
    gradSlot().ifPresent(s -> s.clear());
  }

  /** Keeps the gradient of this non-leaf in {@link #grad}; returns the tensor. */
  public Tensor retainGrad() {
    Traced t = traced().orElseThrow(() -> new GradientException("retainGrad: this tensor does not require grad"));
    t.node().slot(t.index());
    return this;
  }

  /**
   * Adds to the gradient of every leaf the derivative of this scalar.
   *
   * @throws GradientException if this is not a scalar, does not require grad, or its graph was freed
   */
  public void backward(Option... options) {
    if (requiresGrad() && size() != 1) {
      throw new GradientException("backward: " + shape() + " is not a scalar; pass a cotangent of that shape");
    }
    Autograd.backward(List.of(this), List.of(onesLike(this)), List.of(), options);
  }

  /**
   * Adds to the gradient of every leaf the vector-Jacobian product of this tensor with {@code cotangent}, of the same shape.
   *
   * @throws GradientException if the shapes differ, this does not require grad, or its graph was freed
   */
  public void backward(Tensor cotangent, Option... options) {
    Autograd.backward(List.of(this), List.of(cotangent), List.of(), options);
  }

  /** Calls {@code hook} with this tensor's gradient when it is complete; what it returns replaces the gradient. */
  public Removable registerHook(UnaryOperator<Tensor> hook) {
    Runnable r = Transforms.hook(value(), g -> hooked(hook.apply(new Tensor(g))))
        .orElseThrow(() -> new GradientException("registerHook: this tensor does not require grad"));
    return r::run;
  }

  private static Value hooked(Tensor g) {
    if (g == null) {
      throw new GradientException("registerHook: the hook gave null; return the gradient, or use observeGrad");
    }
    return g.value();
  }

  /** Calls {@code hook} with this tensor's gradient when it is complete. */
  public Removable observeGrad(Consumer<Tensor> hook) {
    return registerHook(g -> {
      hook.accept(g);
      return g;
    });
  }

  /** Calls {@code hook} with this leaf each time its gradient was accumulated. */
  public Removable registerPostAccumulateHook(Consumer<Tensor> hook) {
    Traced t = traced().filter(x -> x.node().leaf())
        .orElseThrow(() -> new GradientException("registerPostAccumulateHook: this tensor is not a leaf that requires grad"));
    return t.node().afterAccumulate(() -> hook.accept(this))::run;
  }

  // ---- in-place

  /** This becomes f(this): right, or refused. */
  Tensor rebind(String name, UnaryOperator<Tensor> f) {
    check(name, null);
    Spec own = peek().spec();
    Tensor y = Gate.named(OpName.of(name), () -> f.apply(this));
    if (!y.shape().equals(own.shape())) {
      throw new InPlaceException(name + ": the result is " + y.shape() + ", this is " + own.shape());
    }
    if (y.dtype().category() > own.dtype().category()) {
      throw new InPlaceException(name + ": a result of " + y.dtype() + " does not fit into " + own.dtype() + "; convert this first");
    }
    bind(name, y.to(own.dtype()).value());
    return this;
  }

  void keep(Scope scope) {
    Values.keep(value(), scope);
  }

  /** As PyTorch prints it: {@code tensor([4., 6.], grad_fn=<PowBackward0>)}. */
  @Override
  public String toString() {
    return Printing.text(this);
  }

  /** Whether all elements are close: |x - y| ≤ absolute + relative |y|. */
  public boolean allClose(Tensor y, double relative, double absolute) {
    Tensor d = sub(y).abs().le(y.abs().mul(relative).add(absolute));
    return d.detach().all().or(detach().eq(y.detach()).all()).item() != 0;
  }

  /** Whether all elements are close within PyTorch's default tolerances, 1e-5 relative and 1e-8 absolute. */
  public boolean allClose(Tensor y) {
    return allClose(y, 1e-5, 1e-8);
  }
}
