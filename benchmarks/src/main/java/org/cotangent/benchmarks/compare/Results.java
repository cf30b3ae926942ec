package org.cotangent.benchmarks.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.cotangent.benchmarks.compare.Cold.First;

/** All that a run measured. */
final class Results {
  /** The name of our side beside those of the peers. */
  static final String OURS = "cotangent";

  private final List<Row> rows = new ArrayList<>();
  private final LinkedHashSet<String> versions = new LinkedHashSet<>();
  private final Map<Integer, Limits> limits = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> memory = new LinkedHashMap<>();
  private final Map<String, Map<String, List<First>>> cold = new LinkedHashMap<>();
  private final Map<String, LinkedHashSet<String>> absent = new LinkedHashMap<>();
  private boolean processor;

  /** Lines of one peer with one number of threads. */
  record Group(String peer, int threads) {}

  void row(Row r) {
    rows.add(r);
  }

  void version(String v) {
    versions.add(v);
  }

  void processor(boolean on) {
    processor = on;
  }

  void limits(int threads, Limits l) {
    limits.merge(threads, l, Limits::or);
  }

  void absent(String peer, String name) {
    absent.computeIfAbsent(peer, _ -> new LinkedHashSet<>()).add(name);
  }

  void memory(String side, String name, long bytes) {
    memory.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(side, bytes);
  }

  void cold(String side, String name, First f) {
    cold.computeIfAbsent(name, _ -> new LinkedHashMap<>()).computeIfAbsent(side, _ -> new ArrayList<>()).add(f);
  }

  List<Row> rows() {
    return rows;
  }

  List<String> versions() {
    return List.copyOf(versions);
  }

  Map<Integer, Limits> limits() {
    return limits;
  }

  /** Whether times are processor times of one thread. */
  boolean processor() {
    return processor;
  }

  /** First results by case and side. */
  Map<String, Map<String, List<First>>> cold() {
    return cold;
  }

  /** Cases that a peer cannot express, by peer. */
  Map<String, LinkedHashSet<String>> absent() {
    return absent;
  }

  /** Peak bytes of one side of a case in a process of its own; NaN if not measured. */
  double memory(String side, String name) {
    Long bytes = memory.getOrDefault(name, Map.of()).get(side);
    return bytes == null ? Double.NaN : bytes;
  }

  List<Group> groups() {
    return rows.stream().map(r -> new Group(r.peer(), r.m().threads())).distinct().toList();
  }

  List<Row> rows(Group g, boolean loop) {
    return rows.stream().filter(r -> r.peer().equals(g.peer()) && r.m().threads() == g.threads() && r.of().loop() == loop).toList();
  }

  /** Whether all results that were compared, cold ones too, agree. */
  boolean allAgree() {
    return rows.stream().allMatch(r -> r.m().agrees()) && cold.values().stream().allMatch(Results::sameValue);
  }

  private static boolean sameValue(Map<String, List<First>> sides) {
    double[] v = sides.values().stream().flatMap(List::stream).mapToDouble(First::value).toArray();
    double least = Arrays.stream(v).min().orElse(0);
    double most = Arrays.stream(v).max().orElse(0);
    return most - least <= Measurement.TOLERANCE * Math.max(Math.abs(most), Math.abs(least));
  }

  /** A geometric mean of ratios, and the least of them. */
  record Mean(double value, Row worst) {}

  /** Over lines of these rows that compare: rows weigh equally, and within a row its lines. */
  static Optional<Mean> mean(List<Row> rows) {
    List<Row> compared = rows.stream().filter(Row::compared).toList();
    Map<String, Double> logs = compared.stream().collect(
        Collectors.groupingBy(r -> r.of().row(), LinkedHashMap::new, Collectors.averagingDouble(r -> Math.log(r.ratio(0.5)))));
    double log = logs.values().stream().mapToDouble(x -> x).average().orElse(Double.NaN);
    return compared.stream().min(Comparator.comparingDouble(r -> r.ratio(0.5))).map(worst -> new Mean(Math.exp(log), worst));
  }

  /** The last line of the command. */
  String summary(String peer) {
    Predicate<Row> counts = r -> r.peer().equals(peer) && !r.of().loop();
    return mean(rows.stream().filter(counts).toList())
        .map(m -> String.format(Locale.ROOT, "geometric mean vs %s: %.2f (worst %.2f at %s)", peer, m.value(), m.worst().ratio(0.5), m.worst().of().name()))
        .orElse("geometric mean vs " + peer + ": not measured; pass --peers and cases that are no loops");
  }
}
