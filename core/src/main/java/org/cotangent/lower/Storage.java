package org.cotangent.lower;

import java.util.List;
import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Spec;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Program;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Allocation: every buffer of the engine is born here and so belongs to the scope that is open. */
public final class Storage {
  private Storage() {}

  /** Storage with undefined contents. */
  public static Buffer allocate(Backend b, DType dtype, long size) {
    return allocate(b, dtype, size, Scope.current());
  }

  /** Storage with undefined contents that belongs to {@code home}: a value computed late belongs where it was born. */
  static Buffer allocate(Backend b, DType dtype, long size, Optional<Scope> home) {
    Buffer buffer = b.allocate(dtype, size);
    Scope.born(buffer, home);
    return buffer;
  }

  /** Dense storage for a value. */
  public static Operand dense(Backend b, Spec spec) {
    return new Operand(allocate(b, spec.dtype(), spec.size()), Layout.dense(spec.shape()));
  }

  /** Dense storage for a value that belongs to {@code home}. */
  public static Operand dense(Backend b, Spec spec, Optional<Scope> home) {
    return new Operand(allocate(b, spec.dtype(), spec.size(), home), Layout.dense(spec.shape()));
  }

  /** Dense storage full of zeros. */
  public static Operand zeros(Backend b, Spec spec) {
    Operand o = dense(b, spec);
    b.pointwise(constantProgram(spec.dtype(), 0), new Operand[0], new Operand[] {o});
    return o;
  }

  /** Storage with the contents of a Java array. */
  public static Buffer upload(Backend b, DType dtype, Object array, boolean share) {
    Buffer buffer = b.upload(dtype, array, share);
    Scope.born(buffer, Scope.current());
    return buffer;
  }

  static Program constantProgram(DType dtype, double v) {
    return Program.of(List.of(Expr.cast(dtype, Expr.constant(v))), List.of());
  }
}
