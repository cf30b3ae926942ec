package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.cotangent.cuda.driver.ErrorFlags;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * Programs that fold rows and use what they give, such as softmax and layer norm, in one launch. Up to 256 threads share a row: they walk it
 * once for all folds that need no other, once more for those that need these, and at last for the results. Where a row fits their registers
 * it is read once, 16 bytes at a time if layouts allow; else each walk reads it anew. Sums are kept in double, of four elements at a time.
 */
public final class Rows {
  private static final int WARP = 32;
  /** Threads of a block, unless a row has more. */
  private static final int BLOCK = 128;
  /** Blocks there are at least before one takes several rows. */
  private static final int FEW_BLOCKS = 512;
  /** Registers of a thread that hold elements of a row. */
  private static final int REGISTERS = 32;
  /** Steps of a program times elements that a thread holds, at most: each step is compiled once for each element. */
  private static final int UNROLLED = 512;
  private static final int ACCESS_BYTES = 16;

  /**
   * What a kernel is made for.
   *
   * @param constant by operand, whether it has one element for each row
   * @param held elements of a row that a thread holds, or 0 if it reads them anew on each walk
   * @param wide elements of an access
   */
  record Key(Program program, int kept, int along, List<Boolean> constant, int held, int wide) {}

  private record Made(KernelSource source, List<Integer> constants, boolean faults) {}

  /** How threads share rows: {@code lanes} of them a row. */
  private record Sharing(int lanes, int held, int wide) {}

  private static final Map<Program, Canonical> CANONICAL = new ConcurrentHashMap<>();
  private static final Map<Key, Made> MADE = new ConcurrentHashMap<>();

  private Rows() {}

  /** Output j of the program for every element, or, where its stride is 0 along the last {@code axes} axes, for every row. */
  public static void run(Launcher on, Program program, int axes, Operand[] in, Operand[] out) {
    if (Space.empty(out[0].layout())) {
      return;
    }
    Canonical c = Pointwise.cached(CANONICAL, program, () -> Canonical.of(program));
    Program p = c.program();
    int inputs = p.args().size();
    Operand[] all = Arrays.copyOf(c.operands(in), inputs + out.length);
    System.arraycopy(out, 0, all, inputs, out.length);
    int rank = all[0].layout().rank();
    int[] last = IntStream.range(rank - axes, rank).toArray();
    Space kept = Space.of(Arrays.stream(all).map(o -> Space.select(o.layout(), last, false)).toArray(Layout[]::new));
    Space along = Space.of(Arrays.stream(all).map(o -> Space.select(o.layout(), last, true)).toArray(Layout[]::new));
    if (out.length > 1 && Pointwise.tooMany(p, all.length, 3, Space.bucket(kept.rank(), 4) + along.rank())) {
      Pointwise.divided(program, out, (half, outputs) -> run(on, half, axes, in, outputs));
      return;
    }
    launch(on, p, kept, along, all);
  }

  private static void launch(Launcher on, Program p, Space kept, Space along, Operand[] all) {
    int inputs = p.args().size();
    List<Boolean> constant = IntStream.range(0, all.length).mapToObj(along::constant).toList();
    Sharing sharing = sharing(p, kept, along, all, constant);
    Space rows = kept.padded(Space.bucket(kept.rank(), 4));
    Space row = along.padded(Space.bucket(along.rank(), 1));
    var key = new Key(p, rows.rank(), row.rank(), constant, sharing.held(), sharing.wide());
    Made made = Pointwise.cached(MADE, key, () -> made(key));
    int lanes = sharing.lanes();
    int width = (int) Math.max(Math.max(1, WARP / lanes), Math.min(BLOCK / lanes, rows.size() / FEW_BLOCKS));
    var arguments = new ArrayList<Object>(List.of((int) rows.size(), (int) row.size(), lanes, rows.sizes(), row.sizes()));
    for (int k = 0; k < all.length; k++) {
      arguments.add(k < inputs ? Launcher.in(all[k]) : Launcher.out(all[k]));
      arguments.add(rows.steps(k));
      arguments.add(row.steps(k));
    }
    Body.constantArguments(p, made.constants(), arguments);
    if (made.faults()) {
      ErrorFlags.Claim claim = on.claim(Body.division(p));
      arguments.add(claim.address());
      arguments.add(claim.id());
    }
    on.launch("rows", made.source(), Grid.of(on.blocks((rows.size() + width - 1) / width), lanes * width), arguments.toArray());
  }

  /** Few threads a row, each with many elements, where there are many rows: they need not wait for each other. */
  private static Sharing sharing(Program p, Space kept, Space along, Operand[] all, List<Boolean> constant) {
    int words = IntStream.range(0, p.args().size()).filter(k -> !constant.get(k)).map(k -> Math.max(1, all[k].dtype().computed().bytes() / 4)).sum();
    int most = Integer.highestOneBit(Math.max(1, Math.min(REGISTERS / Math.max(1, words), UNROLLED / p.steps().size())));
    int wide = Math.min(wide(kept, along, all, constant), most);
    long accesses = (along.size() + wide - 1) / wide;
    int lanes = Reduce.rowLanes(kept.size(), accesses, most / wide);
    long held = wide * (long) Reduce.power((accesses + lanes - 1) / lanes);
    return held <= most ? new Sharing(lanes, (int) held, wide) : new Sharing(lanes, 0, 1);
  }

  /** The elements that one access can move: as many of each operand, side by side and aligned. */
  private static int wide(Space kept, Space along, Operand[] all, List<Boolean> constant) {
    int widest = IntStream.range(0, all.length).filter(k -> !constant.get(k)).map(k -> all[k].dtype().bytes()).max().orElse(ACCESS_BYTES);
    int wide = ACCESS_BYTES / widest;
    boolean fits = along.rank() == 1 && along.size() % wide == 0;
    for (int k = 0; k < all.length && fits; k++) {
      fits = constant.get(k) || along.step(k) == 1 && all[k].layout().offset() % wide == 0 && Arrays.stream(kept.strides()[k]).allMatch(s -> s % wide == 0);
    }
    return fits ? wide : 1;
  }

  private static Made made(Key key) {
    Program p = key.program();
    List<Integer> constants = IntStream.range(0, p.steps().size()).filter(i -> p.steps().get(i).fn() == Fn.CONST).boxed().toList();
    boolean faults = p.steps().stream().anyMatch(Body::divides);
    return new Made(RowText.source(key, constants, faults), constants, faults);
  }
}
