package org.cotangent.testkit;

import org.cotangent.MemoryScope;
import org.cotangent.errors.FreedException;
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
    boolean passed = false;
    try {
      test.proceed();
      passed = true;
    } finally {
      close(scope, passed);
      int survivors = outer.live();
      close(outer, passed);
      if (passed && survivors > 0) {
        throw new AssertionError(c.getDisplayName() + ": " + survivors + " buffers outlive the memory scope that they were born in");
      }
    }
  }

  /** A failing test keeps its own error. */
  private static void close(MemoryScope scope, boolean passed) {
    try {
      scope.close();
    } catch (FreedException e) {
      if (passed) {
        throw e;
      }
    }
  }
}
