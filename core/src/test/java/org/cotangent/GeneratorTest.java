package org.cotangent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {

  @Test
  void countsDraws() {
    Generator generator = new Generator(7);
    assertThat(generator.next()).isZero();
    assertThat(generator.draw()).isEqualTo(new Generator.State(7, 1));
    assertThat(generator.next()).isEqualTo(2);
    assertThat(generator.seed()).isEqualTo(7);
    assertThat(generator).hasToString("Generator[seed=7, offset=3]");
  }

  @Test
  void startsAgainWithASeed() {
    Generator generator = new Generator(7);
    generator.next();
    assertThat(generator.manualSeed(-8)).isSameAs(generator);
    assertThat(generator.draw()).isEqualTo(new Generator.State(-8, 0));
  }

  @Test
  void goesBackToAState() {
    Generator generator = new Generator(7);
    generator.next();
    Generator.State state = generator.state();
    Generator.State draw = generator.draw();
    generator.manualSeed(9).next();
    assertThat(generator.setState(state)).isSameAs(generator);
    assertThat(generator.draw()).isEqualTo(draw);
  }

  @Test
  void givesNoOffsetTwice() {
    Generator generator = new Generator(0);
    long[] offsets = IntStream.range(0, 10_000).parallel().mapToLong(i -> generator.next()).toArray();
    Arrays.sort(offsets);
    assertThat(offsets).isEqualTo(LongStream.range(0, 10_000).toArray());
  }
}
