package org.cotangent.io;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A checked header.
 *
 * @param entries the tensors in the header's order
 * @param metadata the file's own strings
 * @param start position in the file of the first data byte
 */
record Header(List<Entry> entries, Map<String, String> metadata, long start) {
  /** Key of the metadata among the tensors' names. */
  static final String METADATA = "__metadata__";

  /** Largest number of bytes of a header, that of the reference implementation. */
  static final long LIMIT = 100_000_000;

  /** Most axes of a tensor. */
  static final int MOST_AXES = 64;

  /** The entries in the order of their bytes in the file. */
  static List<Entry> inFileOrder(List<Entry> entries) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    return sorted;
  }
}
