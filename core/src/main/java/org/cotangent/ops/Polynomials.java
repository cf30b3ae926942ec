package org.cotangent.ops;

import java.util.function.UnaryOperator;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Orthogonal polynomials of degree n by their recurrences (Abramowitz and Stegun, 22.7). A negative degree gives 0. The degrees may be a
 * tensor, whose numbers are read on the host and truncated to integers; it broadcasts with x. One that is infinite or NaN gives 0, too,
 * as in PyTorch. Integers compute in float32.
 *
 * <p>A degree takes as many steps; all throw {@link ArgumentException} for one above a million.
 */
public final class Polynomials {
  /** The next polynomial from x, its degree k + 1, and the two before. */
  private interface Step {
    Tensor next(Tensor x, int k, Tensor p, Tensor before);
  }

  private static final Step CHEBYSHEV = (x, k, p, q) -> x.mul(p).mul(2.0).sub(q);

  private static final int MOST = 1_000_000;

  private Polynomials() {}

  /** Chebyshev's of the first kind, cos(n arccos x). */
  public static Tensor chebyshevPolynomialT(Tensor x, int n) {
    return degree("chebyshevPolynomialT", x, n, v -> v.mul(1.0), CHEBYSHEV);
  }

  /** {@link #chebyshevPolynomialT(Tensor, int)} of several degrees. */
  public static Tensor chebyshevPolynomialT(Tensor x, Tensor n) {
    return degrees("chebyshevPolynomialT", x, n, Polynomials::chebyshevPolynomialT);
  }

  /** Chebyshev's of the second kind, sin((n + 1) t) / sin t for x = cos t. */
  public static Tensor chebyshevPolynomialU(Tensor x, int n) {
    return degree("chebyshevPolynomialU", x, n, v -> v.mul(2.0), CHEBYSHEV);
  }

  /** {@link #chebyshevPolynomialU(Tensor, int)} of several degrees. */
  public static Tensor chebyshevPolynomialU(Tensor x, Tensor n) {
    return degrees("chebyshevPolynomialU", x, n, Polynomials::chebyshevPolynomialU);
  }

  /** Chebyshev's of the third kind, cos((n + 1/2) t) / cos(t/2) for x = cos t. */
  public static Tensor chebyshevPolynomialV(Tensor x, int n) {
    return degree("chebyshevPolynomialV", x, n, v -> v.mul(2.0).sub(1.0), CHEBYSHEV);
  }

  /** {@link #chebyshevPolynomialV(Tensor, int)} of several degrees. */
  public static Tensor chebyshevPolynomialV(Tensor x, Tensor n) {
    return degrees("chebyshevPolynomialV", x, n, Polynomials::chebyshevPolynomialV);
  }

  /** Chebyshev's of the fourth kind, sin((n + 1/2) t) / sin(t/2) for x = cos t. */
  public static Tensor chebyshevPolynomialW(Tensor x, int n) {
    return degree("chebyshevPolynomialW", x, n, v -> v.mul(2.0).add(1.0), CHEBYSHEV);
  }

  /** {@link #chebyshevPolynomialW(Tensor, int)} of several degrees. */
  public static Tensor chebyshevPolynomialW(Tensor x, Tensor n) {
    return degrees("chebyshevPolynomialW", x, n, Polynomials::chebyshevPolynomialW);
  }

  /** Hermite's of the physicists. */
  public static Tensor hermitePolynomialH(Tensor x, int n) {
    return degree("hermitePolynomialH", x, n, v -> v.mul(2.0), (v, k, p, q) -> v.mul(p).sub(q.mul((double) k)).mul(2.0));
  }

  /** {@link #hermitePolynomialH(Tensor, int)} of several degrees. */
  public static Tensor hermitePolynomialH(Tensor x, Tensor n) {
    return degrees("hermitePolynomialH", x, n, Polynomials::hermitePolynomialH);
  }

  /** Hermite's of the probabilists. */
  public static Tensor hermitePolynomialHe(Tensor x, int n) {
    return degree("hermitePolynomialHe", x, n, v -> v.mul(1.0), (v, k, p, q) -> v.mul(p).sub(q.mul((double) k)));
  }

  /** {@link #hermitePolynomialHe(Tensor, int)} of several degrees. */
  public static Tensor hermitePolynomialHe(Tensor x, Tensor n) {
    return degrees("hermitePolynomialHe", x, n, Polynomials::hermitePolynomialHe);
  }

  /** Laguerre's. */
  public static Tensor laguerrePolynomialL(Tensor x, int n) {
    return degree("laguerrePolynomialL", x, n, v -> v.neg().add(1.0), (v, k, p, q) ->
        p.mul(v.neg().add(2.0 * k + 1)).sub(q.mul((double) k)).div(k + 1.0));
  }

  /** {@link #laguerrePolynomialL(Tensor, int)} of several degrees. */
  public static Tensor laguerrePolynomialL(Tensor x, Tensor n) {
    return degrees("laguerrePolynomialL", x, n, Polynomials::laguerrePolynomialL);
  }

  /** Legendre's. */
  public static Tensor legendrePolynomialP(Tensor x, int n) {
    return degree("legendrePolynomialP", x, n, v -> v.mul(1.0), (v, k, p, q) ->
        v.mul(p).mul(2.0 * k + 1).sub(q.mul((double) k)).div(k + 1.0));
  }

  /** {@link #legendrePolynomialP(Tensor, int)} of several degrees. */
  public static Tensor legendrePolynomialP(Tensor x, Tensor n) {
    return degrees("legendrePolynomialP", x, n, Polynomials::legendrePolynomialP);
  }

  /** Chebyshev's of the first kind at 2x - 1. */
  public static Tensor shiftedChebyshevPolynomialT(Tensor x, int n) {
    return chebyshevPolynomialT(shifted(x), n);
  }

  /** {@link #shiftedChebyshevPolynomialT(Tensor, int)} of several degrees. */
  public static Tensor shiftedChebyshevPolynomialT(Tensor x, Tensor n) {
    return chebyshevPolynomialT(shifted(x), n);
  }

  /** Chebyshev's of the second kind at 2x - 1. */
  public static Tensor shiftedChebyshevPolynomialU(Tensor x, int n) {
    return chebyshevPolynomialU(shifted(x), n);
  }

  /** {@link #shiftedChebyshevPolynomialU(Tensor, int)} of several degrees. */
  public static Tensor shiftedChebyshevPolynomialU(Tensor x, Tensor n) {
    return chebyshevPolynomialU(shifted(x), n);
  }

  /** Chebyshev's of the third kind at 2x - 1. */
  public static Tensor shiftedChebyshevPolynomialV(Tensor x, int n) {
    return chebyshevPolynomialV(shifted(x), n);
  }

  /** {@link #shiftedChebyshevPolynomialV(Tensor, int)} of several degrees. */
  public static Tensor shiftedChebyshevPolynomialV(Tensor x, Tensor n) {
    return chebyshevPolynomialV(shifted(x), n);
  }

  /** Chebyshev's of the fourth kind at 2x - 1. */
  public static Tensor shiftedChebyshevPolynomialW(Tensor x, int n) {
    return chebyshevPolynomialW(shifted(x), n);
  }

  /** {@link #shiftedChebyshevPolynomialW(Tensor, int)} of several degrees. */
  public static Tensor shiftedChebyshevPolynomialW(Tensor x, Tensor n) {
    return chebyshevPolynomialW(shifted(x), n);
  }

  private static Tensor shifted(Tensor x) {
    return x.mul(2.0).sub(1.0);
  }

  private static Tensor degree(String op, Tensor x, int n, UnaryOperator<Tensor> first, Step step) {
    limited(op, n);
    return Gate.named(OpName.of(op, "Special" + Character.toUpperCase(op.charAt(0)) + op.substring(1)), () -> {
      Tensor v = x.dtype().floating() ? x : x.to(DType.FLOAT32);
      Tensor before = Tensor.full(v.shape(), n < 0 ? 0 : 1, v.dtype(), v.device());
      Tensor p = first.apply(v);
      for (int k = 1; k < n; k++) {
        Tensor next = step.next(v, k, p, before);
        before = p;
        p = next;
      }
      return n < 1 ? before : p;
    });
  }

  private static void limited(String op, long n) {
    if (n > MOST) {
      throw new ArgumentException(op + ": degree " + n + " is above " + MOST + ", and a degree takes as many steps; for large ones use the"
          + " asymptotic formula that the argument admits, as cos(n arccos x) for Chebyshev's");
    }
  }

  private interface OfDegree {
    Tensor apply(Tensor x, int n);
  }

  /** Each degree that occurs, put where it was asked for. */
  private static Tensor degrees(String op, Tensor x, Tensor n, OfDegree f) {
    Tensor given = n.detach();
    Tensor whole = (given.dtype().floating() ? given.maskedFill(given.isFinite().not(), -1) : given).to(DType.INT64);
    Tensor y = f.apply(x, -1).mul(1.0).add(Tensor.zerosLike(n).to(f.apply(x, -1).dtype()));
    for (long k : whole.size() == 0 ? new long[0] : whole.unique().values().toLongArray()) {
      limited(op, k);
      y = k < 0 ? y : Tensor.where(whole.eq(k), f.apply(x, (int) k), y);
    }
    return y;
  }
}
