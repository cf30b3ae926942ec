package org.cotangent.testkit;

import java.util.Optional;
import org.cotangent.MemoryScope;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test method inside a {@link MemoryScope} and fails it if storage born there, on the test's thread, is alive after the
 * scope closed: register with {@link ExtendWith}.
 *
 * <p>The scope's own count is exact: the device's count of live buffers also has those of other threads and of earlier tests, which
 * leave it whenever the garbage collector runs. A test that opens a scope and does not close it fails, too. A failing test keeps
 * its own error.
 */
public final class LeakCheck implements InvocationInterceptor {
  @Override
  public void interceptTestMethod(Invocation<Void> test, ReflectiveInvocationContext<java.lang.reflect.Method> method, ExtensionContext c)
      throws Throwable {
    check(test, c);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> test, ReflectiveInvocationContext<java.lang.reflect.Method> method, ExtensionContext c) throws Throwable {
    check(test, c);
  }

  private static void check(Invocation<Void> test, ExtensionContext c) throws Throwable {
    MemoryScope outer = MemoryScope.open();
    MemoryScope scope = MemoryScope.open();
    Optional<Throwable> failed = Optional.empty();
    try {
      test.proceed();
    } catch (Throwable t) {
      failed = Optional.of(t);
    }
    close(scope, failed);
    int survivors = outer.live();
    close(outer, failed);
    if (failed.isPresent()) {
      throw failed.get();
    }
    if (survivors > 0) {
      throw new AssertionError(c.getDisplayName() + ": " + survivors + " buffers outlive the memory scope that they were born in");
    }
  }

  private static void close(MemoryScope scope, Optional<Throwable> failed) throws Throwable {
    try {
      scope.close();
    } catch (RuntimeException e) {
      if (failed.isEmpty()) {
        throw e;
      }
      failed.get().addSuppressed(e);
    }
  }
}
