package org.cotangent.cpu.gemm;

import org.cotangent.cpu.Pool;

/**
 * The matrix products of this process, chosen once: OpenBLAS where it loads, else pure Java.
 *
 * <p>{@code -Dcotangent.blas} is {@code auto} (the default), {@code openblas} (fails where it does not load) or {@code java}.
 */
public final class GemmProvider {
  private static final System.Logger LOG = System.getLogger(GemmProvider.class.getName());

  private static volatile Gemm chosen;

  private GemmProvider() {}

  /** The implementation in use, on {@link Pool#shared()}. */
  public static Gemm instance() {
    Gemm gemm = chosen;
    return gemm != null ? gemm : chooseOnce();
  }

  private static synchronized Gemm chooseOnce() {
    if (chosen == null) chosen = choose(System.getProperty("cotangent.blas", "auto"), Pool.shared());
    return chosen;
  }

  /** What computes the products, and why not OpenBLAS where it does not. */
  public static String description() {
    return instance().description();
  }

  static Gemm choose(String wish, Pool pool) {
    return switch (wish) {
      case "java" -> new JavaGemm(pool, "asked for by -Dcotangent.blas=java");
      case "openblas" -> new OpenBlasGemm(pool);
      case "auto" -> {
        if (OpenBlas.load().unavailable().isEmpty()) yield new OpenBlasGemm(pool);
        String reason = OpenBlas.load().unavailable().get();
        LOG.log(System.Logger.Level.WARNING, "matrix products run in pure Java, several times slower: " + reason);
        yield new JavaGemm(pool, reason);
      }
      default -> throw new IllegalArgumentException("gemm: -Dcotangent.blas is auto, openblas or java: " + wish);
    };
  }
}
