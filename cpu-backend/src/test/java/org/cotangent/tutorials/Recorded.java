package org.cotangent.tutorials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cotangent.Tensor;

/**
 * One block of a tutorial as PyTorch ran it: what it printed, and every tensor that was there after it.
 *
 * <p>The records lie in seeds.json beside this class; a block is named by the first three digits of its document, its number, and
 * its variant, empty for the block as the document has it.
 */
@SuppressWarnings("unchecked")
final class Recorded {
  /** Relative to the largest element; float32 rounds to 6e-8. */
  private static final double TOLERANCE = 2e-6;

  private static final List<Map<String, Object>> BLOCKS = read();

  private final Map<String, Object> block;
  private final StringBuilder printed = new StringBuilder();

  private Recorded(Map<String, Object> block) {
    this.block = block;
  }

  private static List<Map<String, Object>> read() {
    try (InputStream in = Recorded.class.getResourceAsStream("seeds.json")) {
      var root = (Map<String, Object>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return (List<Map<String, Object>>) root.get("blocks");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Recorded block(String doc, int number) {
    return block(doc, number, "");
  }

  static Recorded block(String doc, int number, String variant) {
    return BLOCKS.stream()
        .filter(b -> ((String) b.get("doc")).startsWith(doc) && b.get("block").equals((double) number))
        .filter(b -> variant.equals(Objects.requireNonNullElse(b.get("variant"), "")))
        .findFirst()
        .map(Recorded::new)
        .orElseThrow();
  }

  /** Prints a line, to be compared by {@link #printsAsRecorded}. */
  Recorded print(Object... words) {
    for (int i = 0; i < words.length; i++) {
      printed.append(i == 0 ? "" : " ").append(words[i]);
    }
    printed.append('\n');
    return this;
  }

  /** What was printed is what the block printed, to the letter. */
  void printsAsRecorded() {
    assertThat(printed.toString().strip()).isEqualTo(((String) block.get("stdout")).strip());
  }

  /** The lines that the block printed before the given text, an error message in other words. */
  void printsAsRecordedBefore(String error) {
    String all = (String) block.get("stdout");
    assertThat(all).contains(error);
    assertThat(printed.toString().strip()).isEqualTo(all.substring(0, all.indexOf(error)).strip());
  }

  /** The lines that the block printed after the one that begins with the given text. */
  void printsAsRecordedAfter(String error) {
    String all = (String) block.get("stdout");
    assertThat(all).contains(error);
    assertThat(printed.toString().strip()).isEqualTo(all.substring(all.indexOf('\n', all.indexOf(error))).strip());
  }

  /** The value of the cell's last expression, as the notebook shows it. */
  void shows(Object result) {
    assertThat(result.toString()).isEqualTo(block.get("result_repr"));
  }

  /** The recorded error has this type; ours has words of its own. */
  void failed(String type, String phrase) {
    var e = (Map<String, Object>) block.get("exception");
    assertThat(e.get("type")).isEqualTo(type);
    assertThat((String) e.get("message")).contains(phrase);
  }

  private Map<String, Object> variable(String name) {
    return (Map<String, Object>) ((Map<String, Object>) block.get("variables")).get(name);
  }

  /** A tensor with the recorded float32 elements; no gradient. */
  Tensor input(String name) {
    var v = (Map<String, Object>) variable(name).get("exact");
    double[] d = doubles(v.get("data"));
    float[] f = new float[d.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) d[i];
    }
    return Tensor.of(f, ints(v.get("shape")));
  }

  /** {@code t} and its gradient are as recorded after the block: shape, type, text, numbers, and whether it has a gradient. */
  Recorded has(String name, Tensor t) {
    var v = variable(name);
    var exact = (Map<String, Object>) v.get("exact");
    equal(name, exact, t, TOLERANCE);
    assertThat(t.toString()).as("text of " + name).isEqualTo(v.get("repr"));
    if (!t.isLeaf()) {
      return this; // gradients of intermediates are not in the record
    }
    assertThat(t.hasGrad()).as("hasGrad of " + name).isEqualTo(v.containsKey("grad_exact"));
    if (t.hasGrad()) {
      equal("grad of " + name, (Map<String, Object>) v.get("grad_exact"), t.grad(), TOLERANCE);
      assertThat(t.grad().toString()).as("text of grad of " + name).isEqualTo(v.get("grad_repr"));
    }
    return this;
  }

  /** As {@link #has}, to the last bit: for arithmetic without rounding. */
  Recorded hasExactly(String name, Tensor t) {
    equal(name, (Map<String, Object>) variable(name).get("exact"), t, 0);
    if (t.isLeaf() && t.hasGrad()) {
      equal("grad of " + name, (Map<String, Object>) variable(name).get("grad_exact"), t.grad(), 0);
    }
    return has(name, t);
  }

  private static void equal(String what, Map<String, Object> exact, Tensor t, double tolerance) {
    assertThat(t.shape().dims()).as("shape of " + what).isEqualTo(ints(exact.get("shape")));
    assertThat(t.dtype().toString()).as("type of " + what).isEqualTo(exact.get("dtype"));
    assertThat(t.requiresGrad()).as("requiresGrad of " + what).isEqualTo(exact.get("requires_grad"));
    assertThat(t.isLeaf()).as("isLeaf of " + what).isEqualTo(exact.get("is_leaf"));
    assertThat(t.gradFn().orElse(null)).as("gradFn of " + what).isEqualTo(exact.get("grad_fn"));
    double[] want = doubles(exact.get("data"));
    double[] got = t.toDoubleArray();
    double largest = 0;
    for (double d : want) {
      largest = Math.max(largest, Math.abs(d));
    }
    assertThat(got).as("elements of " + what).hasSameSizeAs(want);
    for (int i = 0; i < want.length; i++) {
      assertThat(Math.abs(got[i] - want[i])).as("element %d of %s: %s, recorded %s", i, what, got[i], want[i])
          .isLessThanOrEqualTo(tolerance * largest);
    }
  }

  private static double[] doubles(Object list) {
    return ((List<Object>) list).stream().mapToDouble(d -> (Double) d).toArray();
  }

  private static int[] ints(Object list) {
    return ((List<Object>) list).stream().mapToInt(d -> ((Double) d).intValue()).toArray();
  }
}
