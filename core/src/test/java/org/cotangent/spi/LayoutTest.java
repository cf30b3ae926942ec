package org.cotangent.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
  /** Offsets of all elements in row-major order, by definition. */
  private static List<Integer> offsets(Layout l) {
    var r = new ArrayList<Integer>();
    int[] i = new int[l.rank()];
    for (long n = 0; n < l.size(); n++) {
      int at = l.offset();
      for (int k = 0; k < i.length; k++) {
        at += i[k] * l.strides()[k];
      }
      r.add(at);
      for (int k = i.length - 1; k >= 0 && ++i[k] == l.dims()[k]; k--) {
        i[k] = 0;
      }
    }
    return r;
  }

  private static Layout random(Random r) {
    int rank = r.nextInt(5);
    int[] d = r.ints(rank, 1, 5).toArray();
    Layout l = Layout.dense(d);
    for (int steps = r.nextInt(3); steps > 0 && rank > 0; steps--) {
      int axis = r.nextInt(rank);
      switch (r.nextInt(3)) {
        case 0 -> {
          var p = new ArrayList<Integer>();
          for (int i = 0; i < rank; i++) {
            p.add(i);
          }
          Collections.shuffle(p, r);
          l = l.permute(p.stream().mapToInt(i -> i).toArray());
        }
        case 1 -> l = l.flip(axis);
        default -> {
          int[] from = new int[rank];
          int[] count = l.dims().clone();
          int[] step = new int[rank];
          Arrays.fill(step, 1);
          from[axis] = r.nextInt(count[axis]);
          step[axis] = 1 + r.nextInt(2);
          count[axis] = (count[axis] - from[axis] + step[axis] - 1) / step[axis];
          l = l.slice(from, count, step);
        }
      }
    }
    return l;
  }

  private static int[] split(long n, Random r) {
    var d = new ArrayList<Integer>();
    for (int f = 2; n > 1; f++) {
      for (; n % f == 0; n /= f) {
        if (!d.isEmpty() && r.nextBoolean()) {
          int k = r.nextInt(d.size());
          d.set(k, d.get(k) * f);
        } else {
          d.add(f);
        }
      }
    }
    if (r.nextInt(3) == 0) {
      d.add(r.nextInt(d.size() + 1), 1);
    }
    Collections.shuffle(d, r);
    return d.stream().mapToInt(i -> i).toArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aReshapedLayoutAddressesTheSameElementsInTheSameOrder(long seed) {
    int views = 0;
    for (int i = 0; i < 500; i++) {
      Random r = new Random(seed * 1000 + i);
      Layout l = random(r);
      int[] to = split(l.size(), r);
      Optional<Layout> reshaped = l.reshape(to);
      if (reshaped.isPresent()) {
        views++;
        assertThat(reshaped.get().dims()).isEqualTo(to);
        assertThat(offsets(reshaped.get())).as("%s as %s", l, Arrays.toString(to)).isEqualTo(offsets(l));
      } else {
        assertThat(l.contiguous()).as("%s as %s", l, Arrays.toString(to)).isFalse();
      }
    }
    assertThat(views).as("reshapes that are views").isGreaterThan(100);
  }

  @Test
  void contiguousMeansRowMajorWithoutGaps() {
    assertThat(Layout.dense(2, 3).contiguous()).isTrue();
    assertThat(Layout.dense(2, 3).permute(1, 0).contiguous()).isFalse();
    assertThat(Layout.dense(1, 3).permute(1, 0).contiguous()).as("axes of size 1 do not matter").isTrue();
    assertThat(Layout.dense(0, 3).permute(1, 0).contiguous()).as("nothing lies anywhere").isTrue();
    assertThat(Layout.dense(1).broadcast(new int[] {4}, new int[0]).contiguous()).isFalse();
  }
}
