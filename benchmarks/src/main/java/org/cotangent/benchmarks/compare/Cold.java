package org.cotangent.benchmarks.compare;

import java.util.ServiceLoader;

/** A process that makes the first result of one case on one side, and says how long it took: loading, preparing the data, computing. */
public final class Cold {
  private Cold() {}

  /** Arguments: the side, the number of threads, the name of the case. */
  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    boolean ours = Plan.Side.valueOf(arguments[0]) == Plan.Side.OURS;
    Engine engine = ours ? new CotangentEngine() : ServiceLoader.load(Engine.class).findFirst().orElseThrow();
    engine.threads(Integer.parseInt(arguments[1]));
    Task task = Cases.named(arguments[2]).task();
    var work = engine.prepare(task);
    if (work.isEmpty()) {
      return;
    }
    float[] x = work.get().result();
    double seconds = (System.nanoTime() - start) * 1e-9;
    System.out.println(Worker.MARK + new First(seconds, Usage.processorTime(), Usage.peakMemory(), x[0]).line());
  }

  /**
   * The first result of a process.
   *
   * @param seconds of the clock since main began
   * @param processor seconds of all threads since the process began
   * @param memory peak resident bytes
   * @param value one number of the result
   */
  record First(double seconds, double processor, long memory, double value) {
    String line() {
      return seconds + "\t" + processor + "\t" + memory + "\t" + value;
    }

    static First of(String line) {
      String[] f = line.split("\t");
      return new First(Double.parseDouble(f[0]), Double.parseDouble(f[1]), Long.parseLong(f[2]), Double.parseDouble(f[3]));
    }
  }
}
