package org.cotangent.lower;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * A value below all interpreters: a layout over a buffer, or a constant that needs none, or a result that is still pending. Forcing a pending value runs one kernel; several threads may ask for it.
 */
public final class Stored implements Value {
  private static final VarHandle OPERAND;
  private static final VarHandle PENDING;

  static {
    try {
      var lookup = MethodHandles.lookup();
      OPERAND = lookup.findVarHandle(Stored.class, "operand", Operand.class);
      PENDING = lookup.findVarHandle(Stored.class, "pending", Pending.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Spec spec;
  private final Device device;
  private final boolean constant;
  private final double number;
  /** Where storage that is made later belongs. */
  private final Optional<Scope> home;

  /** Written by {@link #OPERAND} and {@link #PENDING}, in whose order readers see them: volatile writes would cost as much as a small kernel. */
  private volatile Operand operand;
  /** Set while pending, together with {@link #output}. */
  private volatile Pending pending;
  private int output;
  /** What this is a view of, while that is pending: then {@link #view} gives the layout. */
  private Stored base;
  private UnaryOperator<Layout> view;
  /** Sums of this, which is in storage, over rows: they go along with a kernel that reads it, if somebody still wants them. */
  private volatile List<WeakReference<Stored>> sums = List.of();

  private Stored(Spec spec, Device device, boolean constant, double number, Optional<Scope> home) {
    this.spec = spec;
    this.device = device;
    this.constant = constant;
    this.number = number;
    this.home = home;
  }

  /** Elements that are there. */
  public static Stored of(Spec spec, Operand operand) {
    Stored s = new Stored(spec, operand.buffer().device(), false, 0, Optional.empty());
    OPERAND.setRelease(s, operand);
    return s;
  }

  /** Every element {@code number}; storage is made only if a kernel needs it. */
  public static Stored constant(Spec spec, Device device, double number) {
    return new Stored(spec, device, true, spec.dtype().round(number), Scope.current());
  }

  static Stored pending(Spec spec, Device device, Pending p, int output) {
    Stored s = new Stored(spec, device, false, 0, Scope.current());
    PENDING.setRelease(s, p);
    s.output = output;
    return s;
  }

  /** The same elements as {@code base}, which may be pending, in a layout that {@code view} makes of its own. */
  static Stored alias(Spec spec, Stored base, UnaryOperator<Layout> view) {
    Stored s = new Stored(spec, base.device, false, 0, Optional.empty());
    s.base = base;
    s.view = view;
    return s;
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  public Device device() {
    return device;
  }

  /** Whether every element is {@link #number}. */
  public boolean isConstant() {
    return constant;
  }

  /** The number of a constant. */
  public double number() {
    return number;
  }

  /** The kernel that this waits for; null when there is none. */
  Pending pending() {
    return operand != null || constant ? null : base != null ? base.pending() : pending;
  }

  /** Whether this has one element for each element of its pending kernel's space. */
  boolean full() {
    Pending p = pending();
    return p != null && (p.rows == null || spec.shape().equals(p.rows.space()));
  }

  /** Dense storage for this value, in the scope that it was born in; {@code like} may have the layout. */
  Operand target(Backend b, Stored[] like) {
    return new Operand(Storage.allocate(b, spec.dtype(), spec.size(), home), layout(like));
  }

  private Layout layout(Stored[] like) {
    if (like.length > 0 && like[0].spec.shape() == spec.shape() && like[0].operand != null && like[0].operand.layout().isDense()) {
      return like[0].operand.layout();
    }
    return Layout.dense(spec.shape());
  }

  int output() {
    return base == null ? output : base.output();
  }

  void computed(Operand o) {
    OPERAND.setRelease(this, o);
    PENDING.setRelease(this, null);
  }

  /** Whether the elements are in storage or constant. */
  public boolean ready() {
    return operand != null || constant || base != null && base.ready();
  }

  /** The elements, computing them first if pending. */
  public Operand operand() {
    Operand o = operand;
    if (o == null) {
      Pending p = pending;
      if (base != null) {
        Operand b = base.operand();
        operand = b.with(view.apply(b.layout()));
      } else if (constant) {
        materialise();
      } else if (p != null) {
        p.force();
      }
      o = operand;
    }
    return o;
  }

  /** Computes this if it is pending. */
  public void compute() {
    if (!ready()) {
      operand();
    }
  }

  private synchronized void materialise() {
    if (operand == null) {
      operand = fill(spec.dtype().category() == 2 ? number : spec.dtype().wrap((long) number));
    }
  }

  private Operand fill(double v) {
    Backend b = Backends.of(device);
    int n = spec.size() == 0 ? 0 : 1;
    Buffer buffer = Storage.allocate(b, spec.dtype(), n, home);
    if (n > 0) {
      b.pointwise(Storage.constantProgram(spec.dtype(), v), new Operand[0], new Operand[] {new Operand(buffer, Layout.dense(1))});
    }
    return new Operand(buffer, Layout.constant(spec.shape()));
  }

  /** Lets a sum over rows go along with a kernel that reads this. */
  synchronized void carry(Stored sum) {
    var all = new ArrayList<WeakReference<Stored>>(2);
    sums().forEach(s -> all.add(new WeakReference<>(s)));
    all.add(new WeakReference<>(sum));
    sums = all;
  }

  /** Sums over rows that go along with a kernel that reads this. */
  List<Stored> sums() {
    List<WeakReference<Stored>> known = sums;
    if (known.isEmpty()) {
      return List.of();
    }
    var waiting = new ArrayList<Stored>(2);
    for (WeakReference<Stored> w : known) {
      Stored s = w.get();
      if (s != null && !s.ready()) {
        waiting.add(s);
      }
    }
    return waiting;
  }

  /** Computes the sums over rows that wait for a kernel to go along with: what has read this was none. */
  public void settle() {
    if (!sums.isEmpty()) {
      sums().forEach(Stored::compute);
      sums = List.of();
    }
  }

  /** Version of the storage; 0 while there is none. */
  public int version() {
    Operand o = operand;
    return o != null ? o.buffer().version() : base != null ? base.version() : 0;
  }
}
