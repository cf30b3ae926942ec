package org.cotangent.cuda.driver;

/** A range of a segment of device memory, in use or free; neighbours in the segment are linked. */
final class Block {
  private final Segment segment;
  private final long address;
  private long bytes;
  private boolean free;
  /** Bytes that a buffer asked for; at most {@link #bytes}. */
  private long asked;
  private String what = "";
  private Block before;
  private Block after;

  /**
   * Memory that the driver gave in one piece.
   *
   * @param pool where its free blocks lie
   * @param small whether it serves small requests
   */
  record Segment(Pool pool, long address, long bytes, boolean small) {}

  Block(Segment segment, long address, long bytes) {
    this.segment = segment;
    this.address = address;
    this.bytes = bytes;
  }

  Segment segment() {
    return segment;
  }

  long address() {
    return address;
  }

  long bytes() {
    return bytes;
  }

  boolean free() {
    return free;
  }

  void free(boolean is) {
    free = is;
  }

  long asked() {
    return asked;
  }

  /** "float32[1024]". */
  String what() {
    return what;
  }

  void use(long bytesAsked, String holder) {
    asked = bytesAsked;
    what = holder;
  }

  /** Whether the block is its whole segment. */
  boolean whole() {
    return before == null && after == null;
  }

  /** Cuts this block to {@code first} bytes; returns the rest as a block of its own. */
  Block split(long first) {
    var rest = new Block(segment, address + first, bytes - first);
    rest.before = this;
    rest.after = after;
    if (after != null) {
      after.before = rest;
    }
    after = rest;
    bytes = first;
    return rest;
  }

  /** The block before in the segment, if it is free; null otherwise. */
  Block freeBefore() {
    return before != null && before.free ? before : null;
  }

  /** The block after in the segment, if it is free; null otherwise. */
  Block freeAfter() {
    return after != null && after.free ? after : null;
  }

  /** Takes the block after into this one. */
  void absorbAfter() {
    bytes += after.bytes;
    after = after.after;
    if (after != null) {
      after.before = this;
    }
  }
}
