package org.cotangent.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * What one process measures, and how much of it.
 *
 * @param threads number of threads of both sides
 * @param rounds number of paired rounds
 * @param warm seconds each side runs before any measuring
 * @param stretch seconds of one side in one round
 * @param side which sides run
 * @param cases names of the cases
 */
record Plan(int threads, int rounds, double warm, double stretch, Side side, List<String> cases) {
  /** Which sides a process runs: both, to compare times; one alone, for its memory and its first result. */
  enum Side { BOTH, OURS, PEER }

  List<String> arguments() {
    var a = new ArrayList<>(List.of(
        String.valueOf(threads), String.valueOf(rounds), String.valueOf(warm), String.valueOf(stretch), side.name()));
    a.addAll(cases);
    return a;
  }

  static Plan of(String[] a) {
    return new Plan(
        Integer.parseInt(a[0]), Integer.parseInt(a[1]), Double.parseDouble(a[2]), Double.parseDouble(a[3]), Side.valueOf(a[4]),
        List.of(a).subList(5, a.length));
  }
}
