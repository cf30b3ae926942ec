package org.cotangent.examples.quickstart;

import java.util.Objects;

/**
 * A data file was read, but what is in it is not what its format promises.
 *
 * <p>The message names the file, the field that is wrong, and the values found and expected. Files
 * that cannot be read at all are reported by {@link java.io.UncheckedIOException} instead.
 */
public final class MalformedDataException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String field;

  /**
   * Creates the exception.
   *
   * @param file the file's name or path
   * @param field the part of the file that is wrong, such as {@code "magic number"}
   * @param detail what was found and what was expected
   */
  public MalformedDataException(String file, String field, String detail) {
    super(
        Objects.requireNonNull(file, "file")
            + ": "
            + Objects.requireNonNull(field, "field")
            + ": "
            + Objects.requireNonNull(detail, "detail"));
    this.file = file;
    this.field = field;
  }

  /**
   * Creates the exception with the exception that revealed the damage.
   *
   * @param file the file's name or path
   * @param field the part of the file that is wrong
   * @param detail what was found and what was expected
   * @param cause the exception that revealed it
   */
  public MalformedDataException(String file, String field, String detail, Throwable cause) {
    this(file, field, detail);
    initCause(Objects.requireNonNull(cause, "cause"));
  }

  /**
   * Returns the malformed file's name or path.
   *
   * @return the file
   */
  public String file() {
    return file;
  }

  /**
   * Returns the part of the file that is wrong.
   *
   * @return the field
   */
  public String field() {
    return field;
  }
}
