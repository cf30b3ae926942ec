package org.cotangent.cuda.driver;

/**
 * Errors that kernels find in data: an index outside its axis. A kernel cannot throw, so it sets a record in device memory, and the
 * host raises the first one at the next synchronisation or read, with the name of the operation.
 *
 * <p>A kernel that checks indices takes two arguments, {@code long* error} and {@code int id}, from one {@link Claim}, and does
 * <pre>{@code
 * if (i < 0 || i >= n) {
 *   if (atomicCAS((int*) error, 0, id) == 0) { error[1] = i; error[2] = n; }
 *   i = 0; // or leaves the element out: nothing may be read or written outside
 * }
 * }</pre>
 * The raised message reads {@code "op: index i is outside [0, n)"}.
 */
public final class ErrorFlags {
  ErrorFlags() {}

  /** What a launch passes to its kernel: the record's device address (0 never) and the id that stands for the operation. */
  public record Claim(long address, int id) {}

  /**
   * Announces a kernel, about to be launched on the calling thread's stream, that may report an index.
   *
   * @param op the operation's name for the message
   */
  public Claim claim(String op) {
    throw new UnsupportedOperationException();
  }
}
