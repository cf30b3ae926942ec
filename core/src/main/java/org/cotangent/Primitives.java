package org.cotangent;

import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.primitive.ArgReduce;
import org.cotangent.primitive.Broadcast;
import org.cotangent.primitive.Cholesky;
import org.cotangent.primitive.Contract;
import org.cotangent.primitive.Eigh;
import org.cotangent.primitive.Lu;
import org.cotangent.primitive.LuSolve;
import org.cotangent.primitive.OverlapAdd;
import org.cotangent.primitive.Pad;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Qr;
import org.cotangent.primitive.Svd;
import org.cotangent.primitive.TriangularSolve;
import org.cotangent.primitive.Value;
import org.cotangent.primitive.Window;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Wrapped;

/**
 * The engine's own operations, from which functions of the library are composed: whatever is made of them has derivatives of every
 * order and works inside all transforms.
 */
public final class Primitives {
  private static final OpName POINTWISE = OpName.of("pointwise");
  private static final OpName REPEATED = OpName.of("repeated", "Expand");
  private static final OpName CONTRACT = OpName.of("contract");
  private static final OpName WINDOW = OpName.of("window");
  private static final OpName TOP = OpName.of("top");
  private static final OpName OVERLAP_ADD = OpName.of("overlapAdd");
  private static final OpName PAD = OpName.of("pad");
  private static final OpName CHOLESKY = OpName.of("cholesky", "LinalgCholeskyEx");
  private static final OpName LU = OpName.of("lu", "LinalgLuFactorEx");
  private static final OpName SOLVE = OpName.of("solve", "LinalgSolveEx");
  private static final OpName TRIANGULAR_SOLVE = OpName.of("solveTriangular", "LinalgSolveTriangular");
  private static final OpName QR = OpName.of("qr", "LinalgQr");
  private static final OpName EIGH = OpName.of("eigh", "LinalgEigh");
  private static final OpName SVD = OpName.of("svd", "LinalgSvd");

  private Primitives() {}

  /**
   * {@code f} of x as one operation: where x is float16 or bfloat16, f computes in float32 and its result is rounded once, to the type
   * of x. In a scope of {@link Autocast} that wants the operation in float32 the result stays so.
   *
   * @param name the operation's name, for messages
   * @param grad what PyTorch calls its backward node: "NativeLayerNorm"
   */
  public static Tensor single(String name, String grad, Tensor x, UnaryOperator<Tensor> f) {
    return Eager.single(OpName.of(name, grad), x, f);
  }

  /**
   * One kernel that computes {@code e} for each element: {@code Expr.arg(i)} stands for {@code xs[i]}. The tensors broadcast and are
   * converted to their promoted type first, integers to float32.
   *
   * @throws ShapeException if the shapes do not broadcast
   */
  public static Tensor pointwise(Expr e, Tensor... xs) {
    return xs.length == 1 ? Eager.floating(POINTWISE, e, xs[0]) : Eager.pointwise(POINTWISE, e, Eager.resultType(xs).orFloat(), xs);
  }

  /**
   * As {@link #pointwise(Expr, Tensor...)}, the tensors converted to {@code t} first.
   *
   * @throws ShapeException if the shapes do not broadcast
   */
  public static Tensor pointwise(Expr e, DType t, Tensor... xs) {
    return Eager.pointwise(POINTWISE, e, t, xs);
  }

  /**
   * {@code x} repeated along a new axis of {@code n} elements: [2, 4] with axis 1 is [2, n, 4].
   *
   * @throws ShapeException if there is no such place among the axes
   */
  public static Tensor repeated(Tensor x, int axis, int n) {
    Shape s = x.shape();
    int a = s.newAxis("repeated", axis);
    Shape wide = s.range(0, a).append(n).append(s.range(a, s.rank()).dims());
    return Eager.apply(REPEATED, new Broadcast(wide, wide.complement(a)), x);
  }

  /**
   * As {@link #pointwise(Expr, Tensor...)} with a result for each expression, all of them one kernel. The tensors are of one floating type.
   *
   * @throws DTypeException if types differ or are not floating
   * @throws ShapeException if the shapes do not broadcast
   */
  public static Tensor[] pointwise(List<Expr> f, Tensor... xs) {
    for (Tensor x : xs) {
      if (x.dtype() != xs[0].dtype() || !x.dtype().floating()) {
        throw new DTypeException("pointwise: needs one floating type, not " + xs[0].dtype() + " and " + x.dtype() + "; convert with to(dtype)");
      }
    }
    Shape shape = Eager.broadcastShape(POINTWISE.name(), xs);
    Value[] v = new Value[xs.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = Eager.expand(POINTWISE, xs[i].value(), shape);
    }
    return Eager.tensors(Gate.apply(POINTWISE, new Pointwise(f), v));
  }

  /**
   * out[...] = sum of x[...] y[...], with one letter an axis as in einsum; each letter stands in at least two of the three strings,
   * and once in each.
   *
   * @throws ShapeException if axes of one letter differ in size, or letters do not fit the axes
   */
  public static Tensor contract(String a, Tensor x, String b, Tensor y, String out) {
    if (a.length() != x.rank() || b.length() != y.rank()) {
      throw new ShapeException(Gate.nameOr("contract") + ": letters " + a + ", " + b + " do not fit " + x.shape() + " and " + y.shape());
    }
    return Eager.apply(CONTRACT, new Contract(a, b, out), x, y);
  }

  /**
   * Windows of {@code size} elements, {@code dilation} apart, of an axis; they begin {@code stride} apart and become a new last axis.
   * A view that cannot be written to.
   *
   * @throws ShapeException if no window fits
   */
  public static Tensor window(Tensor x, int axis, int size, int stride, int dilation) {
    return x.viewOf(WINDOW, new Window(x.shape().axis("window", axis), size, stride, dilation));
  }

  /** The transpose of {@link #window}: the last axis of x is added back to places of an axis, which gets {@code n} elements. */
  public static Tensor overlapAdd(Tensor x, int axis, int stride, int dilation, int n) {
    return Eager.apply(OVERLAP_ADD, new OverlapAdd(x.shape().axis("overlapAdd", axis), x.size(-1), stride, dilation, n), x);
  }

  /** Largest elements along an axis and where each stands: the first of equal ones, but the last NaN, as pools have it. */
  public static Indexed top(Tensor x, int axis) {
    Value[] y = Gate.apply(TOP, new ArgReduce(true, true, x.shape().axis("top", axis)), x.value());
    return new Indexed(new Tensor(y[0]), new Tensor(y[1]));
  }

  /** Zeros before and after along one axis. */
  public static Tensor pad(Tensor x, int axis, int before, int after) {
    if (before == 0 && after == 0) {
      return x;
    }
    int a = x.shape().axis("pad", axis);
    int[] lo = new int[x.rank()];
    int[] hi = new int[x.rank()];
    lo[a] = before;
    hi[a] = after;
    return Eager.apply(PAD, new Pad(lo, hi, new int[x.rank()]), x);
  }

  /**
   * The lower triangular L with A = L Lᵀ, of the lower triangle of A [..., n, n].
   *
   * @param checked whether a matrix that is not positive definite is refused; its factor is NaN from the failing row on otherwise
   * @throws org.cotangent.errors.MatrixException if a matrix is not positive definite and {@code checked}
   */
  public static Tensor cholesky(Tensor a, boolean checked) {
    return Eager.apply(CHOLESKY, new Cholesky(checked), a);
  }

  /**
   * A = Pᵀ L U of [..., m, n]: L and U in one matrix [..., m, n] (L's diagonal of ones left out), the rows of A in the order of L U
   * [..., m], int64, and the row, counted from 1, with which each was exchanged [..., k], int32, k the smaller of m and n.
   *
   * @param checked whether a pivot of exactly 0 is refused
   * @throws org.cotangent.errors.MatrixException if a pivot is 0 and {@code checked}
   */
  public static Tensor[] lu(Tensor a, boolean checked) {
    return Eager.tensors(Gate.apply(LU, new Lu(checked), a.value()));
  }

  /** X with A X = B, or Aᵀ X = B if {@code transposed}, from the factors and the order that {@link #lu} gave for A. */
  public static Tensor luSolve(Tensor a, Tensor factors, Tensor order, Tensor b, boolean transposed) {
    return new Tensor(Gate.one(SOLVE, new LuSolve(transposed), a.value(), factors.detach().value(), order.value(), b.value()));
  }

  /**
   * X with A X = B for A = L Lᵀ, or A = Uᵀ U if {@code upper}: a factor [..., n, n], of which one triangle is read, and B [..., n, k] with
   * equal leading axes. Derivatives are those of A by every element of the factor, the other triangle included: of a factor that is a
   * triangle both are the same function.
   */
  public static Tensor choleskySolve(Tensor factor, Tensor b, boolean upper) {
    if (!(factor.value() instanceof Wrapped)) {
      return triangularSolve(factor, triangularSolve(factor, b, upper, false, upper), upper, false, !upper);
    }
    Tensor a = upper ? factor.mT().matmul(factor) : factor.matmul(factor.mT());
    Tensor l = upper ? factor.detach().mT() : factor.detach();
    Tensor d = l.diagonal(0, -2, -1);
    Tensor factors = l.div(d.unsqueeze(-2)).tril(-1).add(l.mT().mul(d.unsqueeze(-1)).triu(0));
    Tensor order = Tensor.arange(l.size(-1)).to(l.device()).expand(l.shape().range(0, l.rank() - 1).dims());
    return luSolve(a, factors, order, b, false);
  }

  /**
   * A = Q R of [..., m, n], m ≥ n: Q [..., m, n], R [..., n, n] and, if {@code complete}, columns that complete Q [..., m, m - n]. Those
   * have no derivative.
   *
   * @throws ShapeException if m is less than n
   */
  public static Tensor[] qr(Tensor a, boolean complete) {
    return Eager.tensors(Gate.apply(QR, new Qr(complete), a.value()));
  }

  /**
   * A = V diag(w) Vᵀ of a symmetric A, [..., n, n]: w [..., n] ascending, V [..., n, n].
   *
   * @param upper which triangle of A is read
   * @throws org.cotangent.errors.MatrixException if a matrix is not finite
   */
  public static Tensor[] eigh(Tensor a, boolean upper) {
    return Eager.tensors(Gate.apply(EIGH, new Eigh(upper), a.value()));
  }

  /**
   * X with A X = B: [..., n, n] and [..., n, k] with equal leading axes → [..., n, k]. The factors are not differentiated through, so
   * that a derivative costs two triangular solves.
   *
   * @throws org.cotangent.errors.MatrixException if a matrix is singular
   */
  public static Tensor solve(Tensor a, Tensor b) {
    Value[] f = Gate.apply(SOLVE, new Lu(true), a.detach().value());
    return new Tensor(Gate.one(SOLVE, new LuSolve(false), a.value(), f[0], f[1], b.value()));
  }

  /**
   * X with op(A) X = B for a triangular A: [..., n, n] and [..., n, k] with equal leading axes → [..., n, k]. A diagonal with zeros
   * gives infinities.
   *
   * @param upper which triangle of A is read
   * @param unit whether its diagonal counts as ones
   * @param transposed whether op(A) is the transposed
   */
  public static Tensor triangularSolve(Tensor a, Tensor b, boolean upper, boolean unit, boolean transposed) {
    return Eager.apply(TRIANGULAR_SOLVE, new TriangularSolve(upper, unit, transposed), a, b);
  }

  /**
   * A = U diag(S) Vᵀ: U [..., m, k], S [..., k] descending, Vᵀ [..., k, n]; with {@code full} U [..., m, m], Vᵀ [..., n, n].
   *
   * @throws org.cotangent.errors.MatrixException if a matrix is not finite
   */
  public static Tensor[] svd(Tensor a, boolean full) {
    return Eager.tensors(Gate.apply(SVD, new Svd(full), a.value()));
  }
}
