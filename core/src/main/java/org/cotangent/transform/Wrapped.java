package org.cotangent.transform;

import org.cotangent.primitive.Value;

/** A value inside one interpreter. */
public sealed interface Wrapped extends Value permits Traced, Dual, Batched {
  /** The interpreter that made it. */
  Level by();

  /** When it was made, on the scale of {@link Node#serial}. */
  long born();
}
