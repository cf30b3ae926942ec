package org.cotangent.examples.quickstart;

/** Colours for numbers on either side of zero: dark blue, blue, white at zero, red, dark red. */
final class DivergingColours {
  /** The colour of what is not a finite number. */
  static final int NOT_FINITE = 0xa8a8a8;

  private static final int[] STOPS = {0x10367d, 0x5b9bd5, 0xffffff, 0xe5735c, 0x8c1020};

  private DivergingColours() {}

  /**
   * Returns a colour as {@code 0xrrggbb}.
   *
   * @param value the number
   * @param limit the magnitude that has the darkest colour, as everything above it has
   */
  static int of(double value, double limit) {
    if (!Double.isFinite(value)) {
      return NOT_FINITE;
    }
    double share = Math.clamp(value / limit, -1.0, 1.0);
    double position = (share + 1) / 2 * (STOPS.length - 1);
    int stop = Math.min((int) position, STOPS.length - 2);
    return mix(STOPS[stop], STOPS[stop + 1], position - stop);
  }

  /** Mixes two colours, the second with the given share. */
  static int mix(int from, int to, double share) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int a = from >> shift & 0xff;
      int b = to >> shift & 0xff;
      mixed |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return mixed;
  }
}
