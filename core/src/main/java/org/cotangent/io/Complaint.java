package org.cotangent.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.cotangent.errors.FileFormatException;

/** Refusals of one operation on one file: "load: model.safetensors: tensor "a": what is wrong". */
record Complaint(String operation, Path file) {
  /** "load: model.safetensors: ". */
  String prefix() {
    Path name = file.getFileName();
    return operation + ": " + (name == null ? file : name) + ": ";
  }

  /** "load: model.safetensors: tensor "a": ". */
  String prefix(String tensor) {
    return prefix() + "tensor " + quoted(tensor) + ": ";
  }

  /** For the file as a whole. */
  FileFormatException malformed(String what) {
    return new FileFormatException(prefix() + what);
  }

  /** For one of its tensors. */
  FileFormatException malformed(String tensor, String what) {
    return new FileFormatException(prefix(tensor) + what);
  }

  /** For an error of the file system, which is not the file's content. */
  UncheckedIOException unreadable(IOException e) {
    boolean absent = e instanceof NoSuchFileException;
    String reason =
        absent && operation.equals("save")
            ? "no such directory: " + file.toAbsolutePath().getParent()
            : absent ? "no such file: " + file.toAbsolutePath() : e.getClass().getSimpleName() + ": " + e.getMessage();
    return new UncheckedIOException(prefix() + reason, e);
  }

  /** A name from a file, safe to print: no control characters, and no more than 100 characters. */
  static String quoted(String name) {
    StringBuilder s = new StringBuilder("\"");
    int n = Math.min(name.length(), 100);
    for (int i = 0; i < n; i++) {
      char c = name.charAt(i);
      if (Character.isISOControl(c)) {
        s.append(String.format("\\u%04x", (int) c));
      } else {
        s.append(c);
      }
    }
    return s.append(n < name.length() ? "…\"" : "\"").toString();
  }
}
