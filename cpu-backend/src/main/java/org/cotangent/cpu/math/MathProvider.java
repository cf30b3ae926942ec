package org.cotangent.cpu.math;

import java.lang.System.Logger.Level;
import java.util.Locale;
import org.cotangent.cpu.vector.VectorElementwise;

/**
 * The implementation of the elementary functions that this process uses, chosen once.
 *
 * <p>The system property {@value #PROPERTY} is {@code vector}, {@code scalar} or {@code auto}, the default: the Vector API where the module
 * jdk.incubator.vector is in the boot layer and vectors are worth while, else one element at a time. When {@code auto} does without the
 * module, or {@code vector} has to, one message says so with the remedy.
 */
public final class MathProvider {
  /** The name of the system property that chooses. */
  public static final String PROPERTY = "cotangent.vector";

  private static final String REMEDY = "add --add-modules jdk.incubator.vector to the java command";

  private MathProvider() {}

  /** The functions to use. */
  public static Elementwise instance() {
    return Chosen.ELEMENTWISE;
  }

  /** What was chosen and why: "vector, 512 bits", "scalar: jdk.incubator.vector is absent; add ...". */
  public static String description() {
    return Chosen.DESCRIPTION;
  }

  /** Whether the Vector API is present in this process. */
  public static boolean vectorModulePresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static final class Chosen {
    static final Elementwise ELEMENTWISE;
    static final String DESCRIPTION;

    static {
      String wish = System.getProperty(PROPERTY, "auto").toLowerCase(Locale.ROOT);
      switch (wish) {
        case "scalar", "vector", "auto" -> {}
        default -> throw new IllegalArgumentException(PROPERTY + ": must be scalar, vector or auto: " + wish);
      }
      if (wish.equals("scalar")) {
        ELEMENTWISE = new ScalarElementwise();
        DESCRIPTION = "scalar: " + PROPERTY + "=scalar";
      } else if (!vectorModulePresent()) {
        ELEMENTWISE = new ScalarElementwise();
        DESCRIPTION = "scalar: jdk.incubator.vector is absent; " + REMEDY;
        System.getLogger(MathProvider.class.getName()).log(Level.WARNING, "elementwise functions are " + DESCRIPTION);
      } else if (wish.equals("auto") && !worthwhile()) {
        ELEMENTWISE = new ScalarElementwise();
        DESCRIPTION = "scalar: vectors have " + VectorElementwise.bits() + " bits and no fused multiply-add";
      } else {
        ELEMENTWISE = new VectorElementwise();
        DESCRIPTION = "vector, " + VectorElementwise.bits() + " bits";
      }
    }

    /** x86 processors with 128-bit vectors alone lack fused multiply-add, which would then be emulated by BigDecimal arithmetic. */
    private static boolean worthwhile() {
      String arch = System.getProperty("os.arch", "");
      boolean x86 = arch.equals("amd64") || arch.equals("x86_64") || arch.equals("x86");
      return VectorElementwise.bits() >= (x86 ? 256 : 128);
    }
  }
}
