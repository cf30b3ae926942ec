package org.cotangent.lower;

import java.util.Optional;
import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * A value below all interpreters: a layout over a buffer, or a constant that needs none, or a pointwise result that is still
 * pending. Forcing a pending value runs one kernel; several threads may ask for it.
 */
public final class Stored implements Value {
  private final Spec spec;
  private final Device device;
  private final boolean constant;
  private final double number;
  /** Where storage that is made later belongs. */
  private final Optional<Scope> home;

  private volatile Operand operand;
  /** Set while pending, together with {@link #output}. */
  private volatile Pending pending;
  private int output;

  private Stored(Spec spec, Device device, boolean constant, double number) {
    this.spec = spec;
    this.device = device;
    this.constant = constant;
    this.number = number;
    this.home = Scope.current();
  }

  /** Elements that are there. */
  public static Stored of(Spec spec, Operand operand) {
    Stored s = new Stored(spec, operand.buffer().device(), false, 0);
    s.operand = operand;
    return s;
  }

  /** Every element {@code number}; storage is made only if a kernel needs it. */
  public static Stored constant(Spec spec, Device device, double number) {
    return new Stored(spec, device, true, spec.dtype().round(number));
  }

  static Stored pending(Spec spec, Device device, Pending p, int output) {
    Stored s = new Stored(spec, device, false, 0);
    s.pending = p;
    s.output = output;
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

  /** The pointwise kernel that this waits for; null when there is none. */
  Pending pending() {
    return operand != null || constant ? null : pending;
  }

  /** Dense storage for this value, in the scope that it was born in. */
  Operand target(Backend b) {
    return new Operand(Storage.allocate(b, spec.dtype(), spec.size(), home), Layout.dense(spec.shape()));
  }

  int output() {
    return output;
  }

  void computed(Operand o) {
    operand = o;
    pending = null;
  }

  /** Whether the elements are in storage or constant. */
  public boolean ready() {
    return operand != null || constant;
  }

  /** The elements, computing them first if pending. */
  public Operand operand() {
    Operand o = operand;
    if (o == null) {
      Pending p = pending;
      if (constant) {
        materialise();
      } else if (p != null) {
        p.force();
      }
      o = operand;
    }
    return o;
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

  /** Version of the storage; 0 while there is none. */
  public int version() {
    Operand o = operand;
    return o == null ? 0 : o.buffer().version();
  }
}
