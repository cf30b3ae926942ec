package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.lower.Storage;
import org.cotangent.lower.Stored;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** {@link Tensors#assign}: assignments of one program on one device are one kernel. */
final class Assigning {
  private static final String OP = "assign";

  private final Program program;
  private final Backend backend;
  private final List<Expr> f;
  private final List<Assignment> parts = new ArrayList<>();
  private final List<Operand[]> in = new ArrayList<>();
  private final List<Operand[]> out = new ArrayList<>();
  /** By output: the input that it may be written over, or -1. */
  private final int[] over;

  private Assigning(Assignment a) {
    Spec spec = a.out().get(0).peek().spec();
    DType[] types = new DType[a.in().size()];
    Arrays.fill(types, spec.dtype());
    f = a.f();
    program = Program.of(f, types);
    backend = Backends.of(a.out().get(0).device());
    over = new int[f.size()];
    for (int j = 0; j < over.length; j++) {
      over[j] = backend.writesInPlace() ? overwritten(a, j) : -1;
    }
  }

  /** The input that output j is and that only what leads to it reads, so that nothing can miss it; -1 if there is none. */
  private int overwritten(Assignment a, int j) {
    List<Program.Step> steps = program.steps();
    boolean[] leads = new boolean[steps.size()];
    leads[program.outputs()[j]] = true;
    int i = a.in().indexOf(a.out().get(j));
    for (int o : program.outputs()) {
      i = reads(o, i) ? -1 : i;
    }
    for (int k = steps.size() - 1; i >= 0 && k >= 0; k--) {
      for (int x : new int[] {steps.get(k).a(), steps.get(k).b(), steps.get(k).c()}) {
        if (x >= 0) {
          leads[x] |= leads[k];
          i = !leads[k] && reads(x, i) ? -1 : i;
        }
      }
    }
    return i;
  }

  private boolean reads(int step, int input) {
    return program.steps().get(step).fn() == Fn.ARG && program.steps().get(step).index() == input;
  }

  static void run(List<Assignment> all) {
    var kernels = new ArrayList<Assigning>();
    for (Assignment a : all) {
      check(a);
    }
    for (Assignment a : all) {
      Assignment b = withoutConstants(a);
      kernel(kernels, b).add(b);
    }
    for (Assigning k : kernels) {
      k.backend.pointwise(k.program, k.in, k.out);
    }
    kernels.forEach(Assigning::commit);
  }

  /** Inputs that are constants, as states are before the first step, become part of the expressions. */
  private static Assignment withoutConstants(Assignment a) {
    boolean any = false;
    for (int i = 0; i < a.in().size(); i++) {
      any |= constant(a.in().get(i));
    }
    if (!any) {
      return a;
    }
    var by = new HashMap<Expr, Expr>();
    var rest = new ArrayList<Tensor>();
    for (int i = 0; i < a.in().size(); i++) {
      Tensor t = a.in().get(i);
      if (constant(t)) {
        by.put(Expr.arg(i), Expr.cast(t.dtype(), Expr.constant(((Stored) t.value()).number())));
      } else {
        by.put(Expr.arg(i), Expr.arg(rest.size()));
        rest.add(t);
      }
    }
    return new Assignment(a.f().stream().map(e -> e.replace(by)).toList(), rest, a.out(), a.own());
  }

  private static boolean constant(Tensor t) {
    return t.value() instanceof Stored s && s.isConstant();
  }

  private static Assigning kernel(List<Assigning> kernels, Assignment a) {
    Tensor first = a.out().get(0);
    for (Assigning k : kernels) {
      Tensor known = k.parts.get(0).out().get(0);
      if (k.f.equals(a.f()) && known.dtype() == first.dtype() && known.device().equals(first.device())) {
        return k;
      }
    }
    var k = new Assigning(a);
    kernels.add(k);
    return k;
  }

  private static void check(Assignment a) {
    Tensor first = a.out().get(0);
    for (Tensor t : a.out()) {
      t.check(OP, null);
      if (!t.plain()) {
        throw new InPlaceException(OP + ": a result is a view, was computed from tensors that require grad, or belongs to a running transform; write to it with copy_()");
      }
      if (!t.shape().equals(first.shape())) {
        throw new ShapeException(OP + ": results differ in shape: " + first.shape() + " and " + t.shape());
      }
      check(first, t);
    }
    for (Tensor t : a.in()) {
      if (t.rank() > 0 && !t.shape().equals(first.shape())) {
        throw new ShapeException(OP + ": an operand " + t.shape() + " does not fit a result " + first.shape());
      }
      check(first, t);
    }
  }

  private static void check(Tensor first, Tensor t) {
    if (t.dtype() != first.dtype() || t.dtype().half()) {
      throw new DTypeException(OP + ": needs one floating type, float32 or float64, not " + first.dtype() + " and " + t.dtype());
    }
    if (!t.device().equals(first.device())) {
      throw new DeviceException(OP + ": operands are on " + first.device() + " and " + t.device() + "; move one with to(device)");
    }
  }

  private void add(Assignment a) {
    Shape shape = a.out().get(0).shape();
    Operand[] x = new Operand[a.in().size()];
    for (int i = 0; i < x.length; i++) {
      Operand o = a.in().get(i).storage();
      x[i] = o.layout().rank() == 0 && shape.rank() > 0 ? o.with(new Layout(shape.dims(), new int[shape.rank()], o.layout().offset())) : o;
    }
    Operand[] y = new Operand[over.length];
    for (int j = 0; j < y.length; j++) {
      Tensor t = a.out().get(j);
      boolean inPlace = a.own()[j] && over[j] >= 0 && a.in().get(over[j]) == t && x[over[j]].layout().contiguous();
      y[j] = inPlace ? x[over[j]] : Storage.dense(backend, t.peek().spec(), t.home());
    }
    parts.add(a);
    in.add(x);
    out.add(y);
  }

  private void commit() {
    for (int k = 0; k < parts.size(); k++) {
      Assignment a = parts.get(k);
      for (int j = 0; j < over.length; j++) {
        Tensor t = a.out().get(j);
        Buffer old = a.own()[j] ? t.storage().buffer() : null;
        if (old != out.get(k)[j].buffer()) {
          t.replace(Stored.of(t.peek().spec(), out.get(k)[j]));
          if (old != null) {
            old.free();
          }
        }
      }
    }
  }
}
