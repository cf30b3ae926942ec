package org.cotangent.cuda.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cotangent.cuda.CudaException;
import org.cotangent.cuda.driver.Compiler;
import org.cotangent.cuda.driver.KernelSource;

/** What kernels need of a multiprocessor, as the compiler reports it: registers, shared memory, and local memory, which is slow. */
public final class Audit {
  /** The architectures that kernels are looked at for: Turing, Ampere (A100), Ada, Hopper and the two of Blackwell. */
  public static final List<Integer> ARCHITECTURES = List.of(75, 80, 89, 90, 100, 120);

  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");
  private static final Pattern STACK = Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern REDUCING = Pattern.compile("= fn(Sin|Cos|Tan|Polygamma)\\(v");

  private Audit() {}

  /**
   * What one kernel needs on one architecture.
   *
   * @param kernel its name, and part of the hash of its text
   * @param registers a thread; -1 if it does not compile
   * @param shared bytes of static shared memory a block
   * @param local bytes of local memory a thread
   * @param spills bytes of registers stored and loaded again
   * @param reason why local memory is accepted, or why the kernel does not compile; empty if there is none, or none is accepted
   */
  public record Need(String kernel, int architecture, int registers, int shared, int local, int spills, String reason) {
    /** Whether it compiles, nothing spills, and no local memory is used without a reason. */
    public boolean good() {
      return registers >= 0 && spills == 0 && (local == 0 || !reason.isEmpty());
    }

    /** As a line with tabs, for another process. */
    public String line() {
      return String.join("\t", kernel, "" + architecture, "" + registers, "" + shared, "" + local, "" + spills, reason + ".");
    }

    /** What {@link #line} gave. */
    public static Need parse(String line) {
      String[] f = line.split("\t");
      return new Need(f[0], Integer.parseInt(f[1]), Integer.parseInt(f[2]), Integer.parseInt(f[3]), Integer.parseInt(f[4]), Integer.parseInt(f[5]),
          f[6].substring(0, f[6].length() - 1));
    }
  }

  /** Compiles a kernel for {@code sm_architecture} and reads the compiler's log. */
  public static Need of(KernelSource source, int architecture) {
    var options = new ArrayList<>(source.options());
    options.addAll(List.of("-Xptxas", "-v"));
    String log = Compiler.compile(new KernelSource(source.name(), source.text(), options), architecture, Compiler.Form.CUBIN).log();
    int local = 0;
    int spills = 0;
    for (Matcher m = STACK.matcher(log); m.find();) {
      local = Math.max(local, Integer.parseInt(m.group(1)));
      spills += Integer.parseInt(m.group(2)) + Integer.parseInt(m.group(3));
    }
    return new Need(AuditedKernels.id(source), architecture, most(REGISTERS, log), most(SHARED, log), local, spills, local == 0 ? "" : reason(source));
  }

  private static int most(Pattern p, String log) {
    int most = 0;
    for (Matcher m = p.matcher(log); m.find();) {
      most = Math.max(most, Integer.parseInt(m.group(1)));
    }
    return most;
  }

  /** Why a kernel may use local memory, or "". */
  private static String reason(KernelSource source) {
    Matcher m = REDUCING.matcher(source.text());
    return m.find() ? m.group(1).toLowerCase(java.util.Locale.ROOT) + ": CUDA reduces large arguments of sine, cosine and tangent in an array" : "";
  }

  /** As {@link #of}, or why the kernel does not compile. */
  static Need orFailure(KernelSource source, int architecture) {
    try {
      return of(source, architecture);
    } catch (CudaException e) {
      return new Need(AuditedKernels.id(source), architecture, -1, 0, 0, 0, e.getMessage().replaceAll("\\s+", " "));
    }
  }

  /**
   * Audits a share of the kernels for an architecture and prints a line a kernel. Arguments: the architecture, the number of the share, how many
   * there are, and folders of recorded kernels.
   */
  public static void main(String[] arguments) throws IOException {
    int architecture = Integer.parseInt(arguments[0]);
    int share = Integer.parseInt(arguments[1]);
    int shares = Integer.parseInt(arguments[2]);
    List<KernelSource> all = AuditedKernels.all(Arrays.stream(arguments).skip(3).map(Path::of).toList());
    for (int i = share; i < all.size(); i += shares) {
      System.out.println(orFailure(all.get(i), architecture).line());
    }
  }
}
