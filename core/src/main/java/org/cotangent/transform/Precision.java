package org.cotangent.transform;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.cotangent.DType;
import org.cotangent.expr.Expr;
import org.cotangent.primitive.Linear;
import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Value;

/** The half type that products compute in on this thread, and the operations that compute in float32 meanwhile. */
public final class Precision {
  /** Operations that lose too much in half precision, by the names of the methods. */
  public static final Set<String> SINGLE = Set.of(
      "acos", "asin", "cosh", "erfinv", "exp", "expm1", "log", "log10", "log1p", "log2", "pow", "rdiv", "reciprocal", "rsqrt", "sinh",
      "softplus", "tan", "cumprod", "cumsum", "norm", "prod", "sum", "trace", "softmax", "softmin", "logSoftmax", "groupNorm",
      "layerNorm", "normalize", "renorm", "cdist", "cosineSimilarity", "pairwiseDistance", "pdist", "binaryCrossEntropy",
      "binaryCrossEntropyWithLogits", "cosineEmbeddingLoss", "crossEntropy", "ctcLoss", "gaussianNllLoss", "hingeEmbeddingLoss",
      "huberLoss", "klDiv", "l1Loss", "marginRankingLoss", "mseLoss", "multiMarginLoss", "multilabelMarginLoss",
      "multilabelSoftMarginLoss", "nllLoss", "poissonNllLoss", "smoothL1Loss", "softMarginLoss", "tripletMarginLoss", "cholesky",
      "choleskyEx", "choleskyInverse", "choleskySolve", "cond", "det", "eigh", "eigvalsh", "householderProduct", "inv", "invEx",
      "logdet", "lstsq", "lu", "luFactor", "luSolve", "matrixNorm", "matrixRank", "qr", "slogdet", "solve", "solveEx",
      "solveTriangular", "svd", "svdvals", "tensorinv", "tensorsolve");

  private Precision() {}

  /** The half type of products; empty outside {@link #with}. */
  public static Optional<DType> low() {
    return Bound.now().low();
  }

  /** Runs {@code body} with products in a half type, or in their own where it is empty. */
  public static <R> R with(Optional<DType> low, Supplier<R> body) {
    return Bound.now().low(low).run(body);
  }

  /** Whether the operation of this name computes in float32 now. */
  public static boolean single(String op) {
    return Bound.now().low().isPresent() && SINGLE.contains(op);
  }

  /** The inputs of one of an operation's primitives, widened if it is to compute in float32; views stay what they are. */
  static Value[] inputs(OpName op, Primitive p, Value[] in) {
    if (!single(op.name()) || p instanceof Linear l && l.view()) {
      return in;
    }
    Value[] x = in.clone();
    for (int i = 0; i < x.length; i++) {
      if (x[i].dtype().half()) {
        x[i] = Gate.OPS.pointwise(Expr.cast(DType.FLOAT32, Expr.arg(0)), x[i]);
      }
    }
    return x;
  }
}
