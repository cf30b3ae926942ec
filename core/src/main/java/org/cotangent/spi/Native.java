package org.cotangent.spi;

/** Calls of native functions: the one place where the {@code throws Throwable} of a method handle ends. */
public final class Native {
  private Native() {}

  /** A call through a method handle. */
  @FunctionalInterface
  public interface Call {
    Object invoke() throws Throwable;
  }

  /** The result of {@code call}; what it throws is rethrown as it is, wrapped if it is a checked exception. */
  public static Object call(Call call) {
    try {
      return call.invoke();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
