package org.cotangent.ops;

import org.cotangent.Tensor;

/**
 * Bessel functions of orders 0 and 1, and Airy's function Ai (Abramowitz and Stegun, 9 and 10.4). They are computed on the host in
 * float64; integers give float32. Those of the second kind are NaN for negative numbers; infinite numbers give NaN where the function
 * oscillates, and for Ai, as in PyTorch. Derivatives have every order, by the recurrences of the orders.
 */
public final class BesselFunctions {
  private BesselFunctions() {}

  /** Of the first kind, order 0. */
  public static Tensor besselJ0(Tensor x) {
    return j("besselJ0", 0, x);
  }

  /** Of the first kind, order 1. */
  public static Tensor besselJ1(Tensor x) {
    return j("besselJ1", 1, x);
  }

  /** Of the second kind, order 0; minus infinity at 0. */
  public static Tensor besselY0(Tensor x) {
    return y("besselY0", 0, x);
  }

  /** Of the second kind, order 1; minus infinity at 0. */
  public static Tensor besselY1(Tensor x) {
    return y("besselY1", 1, x);
  }

  /** Modified, of the second kind, order 0; infinite at 0. */
  public static Tensor modifiedBesselK0(Tensor x) {
    return k("modifiedBesselK0", 0, x);
  }

  /** Modified, of the second kind, order 1; infinite at 0. */
  public static Tensor modifiedBesselK1(Tensor x) {
    return k("modifiedBesselK1", 1, x);
  }

  /** exp(x) times {@link #modifiedBesselK0}, which does not underflow. */
  public static Tensor scaledModifiedBesselK0(Tensor x) {
    return scaled("scaledModifiedBesselK0", 0, x);
  }

  /** exp(x) times {@link #modifiedBesselK1}, which does not underflow. */
  public static Tensor scaledModifiedBesselK1(Tensor x) {
    return scaled("scaledModifiedBesselK1", 1, x);
  }

  /** Airy's function, the solution of y'' = x y that vanishes for large x. */
  public static Tensor airyAi(Tensor x) {
    return HostFunction.of("airyAi", x, v -> AiryNumbers.of(v)[0], BesselFunctions::airySlope);
  }

  private static Tensor airySlope(Tensor x) {
    return HostFunction.of("airyAi", x, v -> AiryNumbers.of(v)[1], v -> v.mul(airyAi(v)));
  }

  /** 9.1.27: J'(n) = (J(n-1) - J(n+1)) / 2, J'(0) = -J(1). */
  private static Tensor j(String op, int n, Tensor x) {
    return HostFunction.of(op, x, v -> BesselNumbers.j(n, v),
        v -> n == 0 ? j(op, 1, v).neg() : j(op, n - 1, v).sub(j(op, n + 1, v)).mul(0.5));
  }

  /** 9.1.27, as {@link #j}. */
  private static Tensor y(String op, int n, Tensor x) {
    return HostFunction.of(op, x, v -> BesselNumbers.y(n, v),
        v -> n == 0 ? y(op, 1, v).neg() : y(op, n - 1, v).sub(y(op, n + 1, v)).mul(0.5));
  }

  /** 9.6.26: K'(n) = -(K(n-1) + K(n+1)) / 2, K'(0) = -K(1). */
  private static Tensor k(String op, int n, Tensor x) {
    return HostFunction.of(op, x, v -> BesselNumbers.scaledK(n, v) * Math.exp(-v),
        v -> n == 0 ? k(op, 1, v).neg() : k(op, n - 1, v).add(k(op, n + 1, v)).mul(-0.5));
  }

  private static Tensor scaled(String op, int n, Tensor x) {
    return HostFunction.of(op, x, v -> BesselNumbers.scaledK(n, v), v -> {
      Tensor least = n == 0 ? scaled(op, 1, v) : scaled(op, n - 1, v).add(scaled(op, n + 1, v)).mul(0.5);
      return scaled(op, n, v).sub(least);
    });
  }
}
