package org.cotangent.examples.quickstart;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says whether text can be drawn. Java draws text with libraries and fonts of the machine, and on a
 * machine without them (a minimal container, say) the first attempt ends in an error that differs
 * from machine to machine. The attempt is made here, once, so that nothing else need expect it.
 *
 * <p>Unless {@code java.awt.headless} is set already, the attempt sets it to {@code true}: pictures
 * are written to files, and no display is needed for them.
 */
public final class Fonts {
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private Fonts() {}

  /**
   * Says whether text can be drawn.
   *
   * @return whether it can
   */
  public static boolean available() {
    return whyUnavailable().isEmpty();
  }

  /**
   * Says why text cannot be drawn.
   *
   * @return the reason, or nothing if text can be drawn
   */
  public static Optional<String> whyUnavailable() {
    return Attempt.FAILURE;
  }

  /**
   * Says whether text can be drawn, and where it cannot, prints one warning with the reason. Only
   * the first call that finds this prints it.
   *
   * @param err where to print the warning
   * @return whether text can be drawn
   */
  public static boolean availableOrWarn(PrintStream err) {
    Optional<String> reason = whyUnavailable();
    if (reason.isPresent() && WARNED.compareAndSet(false, true)) {
      err.println(
          "warning: no charts are written, for Java cannot draw text here ("
              + reason.get()
              + "). Installing fontconfig and a font, such as Debian's packages"
              + " fontconfig and fonts-dejavu-core, usually helps.");
    }
    return reason.isEmpty();
  }

  /** Holds the outcome of the one attempt. */
  private static final class Attempt {
    static final Optional<String> FAILURE = drawText();
  }

  private static Optional<String> drawText() {
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    try {
      BufferedImage image = new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB);
      Graphics2D g = image.createGraphics();
      g.setColor(Color.WHITE);
      g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 24));
      g.drawString("08", 4, 28);
      g.dispose();
      for (int at = 0; at < 64 * 32; at++) {
        if ((image.getRGB(at % 64, at / 64) & 0xffffff) != 0) {
          return Optional.empty();
        }
      }
      return Optional.of("text comes out blank");
    } catch (InternalError
        | UnsatisfiedLinkError
        | NoClassDefFoundError
        | ExceptionInInitializerError
        | RuntimeException e) {
      return Optional.of(describe(e));
    }
  }

  /** Names the first failure of a chain of them, for it is the one that says what is missing. */
  private static String describe(Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String message = String.valueOf(first.getMessage()).lines().findFirst().orElse("");
    return first.getClass().getName() + ": " + message;
  }
}
