package org.cotangent.cuda.kernel;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.cuda.driver.DeviceBuffer;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * The extreme along an axis and where it first stands; a NaN is more extreme than any number, and of several the last if so asked. Work is
 * divided as that of {@link Reduce}.
 */
public final class ArgReduce {
  private ArgReduce() {}

  /** Largest or smallest along {@code axis} and its index, both without the axis. */
  public static void run(Launcher on, boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices) {
    if (Space.empty(values.layout())) {
      return;
    }
    Space kept = Space.of(Space.without(in.layout(), axis), values.layout(), indices.layout());
    int n = in.layout().dims()[axis];
    int step = in.layout().strides()[axis];
    Reduce.Plan plan = Reduce.Plan.of(kept, Space.of(new int[] {n}, new int[] {step}));
    if (plan.parts() == 1) {
      launch(on, largest, lastNan, in.dtype(), Launcher.in(in), step, 0L, n, kept, plan, Launcher.out(values), Launcher.out(indices));
      return;
    }
    int results = (int) kept.size();
    int[] dense = Layout.dense(kept.dims()).strides();
    DeviceBuffer best = on.workspace(in.dtype(), (long) plan.parts() * results);
    try {
      DeviceBuffer where = on.workspace(DType.INT64, (long) plan.parts() * results);
      try {
        Space found = new Space(kept.dims(), new int[][] {kept.strides()[0], dense, dense});
        launch(on, largest, lastNan, in.dtype(), Launcher.in(in), step, 0L, n, found, plan, best.out(0), where.out(0));
        Space rest = Space.of(kept.dims(), dense, kept.strides()[1], kept.strides()[2]);
        var one = new Reduce.Plan(true, 1, 32, 1, plan.parts());
        launch(on, largest, lastNan, in.dtype(), best.in(0), results, where.in(0), plan.parts(), rest, one, Launcher.out(values),
            Launcher.out(indices));
      } finally {
        where.free();
      }
    } finally {
      best.free();
    }
  }

  private static void launch(Launcher on, boolean largest, boolean lastNan, DType type, DeviceBuffer.Access x, int step, Object known,
      int count, Space kept, Reduce.Plan plan, DeviceBuffer.Access values, DeviceBuffer.Access indices) {
    Space s = kept.padded(Space.bucket(kept.rank(), 4));
    var kernel = Sources.kernel("argreduce.cu", "argReduce", List.of("ELEMENT=" + Types.element(type), "VALUE=" + Types.value(type),
        "RANK=" + s.rank(), "LARGEST=" + (largest ? 1 : 0), "LAST_NAN=" + (lastNan ? 1 : 0)));
    int blocks = on.blocks((s.size() + plan.width() - 1) / plan.width());
    on.launch(largest ? "argmax" : "argmin", kernel, new Grid(blocks, plan.parts(), plan.lanes() * plan.width(), 0), (int) s.size(), count,
        (int) plan.part(), plan.lanes(), plan.across() ? 1 : 0, s.sizes(), x, s.steps(0), step, known, values, s.steps(1), indices, s.steps(2));
  }
}
