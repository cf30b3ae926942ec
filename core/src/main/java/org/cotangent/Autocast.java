package org.cotangent;

import java.util.Optional;
import java.util.function.Supplier;
import org.cotangent.errors.DTypeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.Precision;

/**
 * Mixed precision: products compute in float16 or bfloat16 and what loses too much there in float32, whatever the types of their
 * operands, while the parameters stay float32.
 *
 * <pre>{@code
 * Tensor loss = Autocast.run(DType.BFLOAT16, () -> crossEntropy(model.apply(x), y));
 * loss.backward();
 * }</pre>
 *
 * <p>The lists are those of PyTorch's {@code torch.autocast} for CUDA, on every device, with the factorisations and losses of its
 * list for the CPU:
 * <ul>
 * <li>in the scope's type: matmul and its kin, linear, convolutions and their transposes, einsum, multiDot, addmm, addmv, addr, addbmm,
 *     baddbmm, prelu;
 * <li>in float32: exp, expm1, log and its kin, pow, rdiv, reciprocal, rsqrt, sinh, cosh, tan, asin, acos, erfinv, softplus; sum, prod, norm,
 *     cumsum, cumprod, trace; softmax, softmin, logSoftmax; layerNorm, groupNorm, normalize, renorm; losses, cdist, pdist,
 *     cosineSimilarity, pairwiseDistance; factorisations and what is made of them;
 * <li>in the widest type of the operands: cat, stack, dot, cross, tensordot, addcmul, addcdiv, atan2, bilinear, scatterAdd, indexPut;
 * <li>in the type they are given: all others.
 * </ul>
 *
 * <p>float64 is left as it is. Conversions are operations like any other, so gradients arrive in the type of the parameter, and
 * transforms may stand inside or outside. The scope belongs to the thread; derivatives compute in the types that the function had, so
 * {@code backward()} may stand outside. In-place operations keep the type of what they write to.
 */
public final class Autocast {
  private Autocast() {}

  /**
   * Runs {@code body} with products in {@code dtype}. The innermost scope holds.
   *
   * @throws DTypeException if the type is neither float16 nor bfloat16
   */
  public static <R> R run(DType dtype, Supplier<R> body) {
    if (!dtype.half()) {
      throw new DTypeException("autocast: computes in float16 or bfloat16, not " + dtype + "; leave the scope out for float32");
    }
    return Precision.with(Optional.of(dtype), body);
  }

  /** As {@link #run(DType, Supplier)}, without a result. */
  public static void run(DType dtype, Runnable body) {
    run(dtype, () -> {
      body.run();
      return null;
    });
  }

  /** Runs {@code body} with every operation in the types it is given, inside a scope too. */
  public static <R> R off(Supplier<R> body) {
    return Precision.with(Optional.empty(), body);
  }

  /** The type of products in the scope that is open; empty if none is, or {@link #off}. */
  public static Optional<DType> dtype() {
    return Precision.low();
  }

  /**
   * {@code x} as a product takes it: in the scope's type, unless it is no float32, float16 or bfloat16, no scope is open, or the product
   * is part of an operation that computes in float32.
   */
  public static Tensor lower(Tensor x) {
    return converts(x) && !Precision.single(Gate.nameOr("")) ? x.to(Precision.low().orElseThrow()) : x;
  }

  /** {@code x} in the wider of its own and the type of {@code y} if a scope is open and both are of a type that it converts. */
  static Tensor widened(Tensor x, Tensor y) {
    return converts(x) && converts(y) ? x.to(DType.promote(x.dtype(), y.dtype())) : x;
  }

  private static boolean converts(Tensor x) {
    return Precision.low().isPresent() && x.dtype().computed() == DType.FLOAT32;
  }
}
