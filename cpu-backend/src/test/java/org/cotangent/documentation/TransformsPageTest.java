package org.cotangent.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cotangent.documentation.Page.Block;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The examples of docs/transforms.md compile, run and print what the page says. */
@Isolated
class TransformsPageTest {
  private static final String IMPORTS = "import org.cotangent.*;\nimport static org.cotangent.Autograd.*;\nimport java.util.*;\n";
  private static final int MOST_LINES = 12;

  private record Example(String title, String code, String output) {}

  /** A block of Java is followed by one of what it prints. */
  private static List<Example> examples() throws IOException {
    var r = new ArrayList<Example>();
    List<Block> blocks = Page.blocks("docs/transforms.md");
    for (int i = 0; i < blocks.size(); i += 2) {
      assertThat(blocks.get(i).language()).as(blocks.get(i).title()).isEqualTo("java");
      assertThat(blocks.get(i + 1).language()).as(blocks.get(i).title()).isEmpty();
      r.add(new Example(blocks.get(i).title(), blocks.get(i).text(), blocks.get(i + 1).text()));
    }
    return r;
  }

  @TestFactory
  Stream<DynamicTest> everyExamplePrintsWhatThePageSays(@TempDir Path classes) throws IOException {
    List<Example> all = examples();
    assertThat(all).hasSizeGreaterThan(7);
    return Stream.iterate(0, i -> i + 1).limit(all.size())
        .map(i -> DynamicTest.dynamicTest(all.get(i).title(),
            () -> assertThat(run(all.get(i), "Example" + i, classes)).isEqualTo(all.get(i).output())));
  }

  private static String run(Example e, String name, Path classes) throws Exception {
    assertThat(e.code().lines().count()).as("a short example").isLessThanOrEqualTo(MOST_LINES);
    int helper = e.code().indexOf("\nstatic ");
    String body = helper < 0 ? e.code() : e.code().substring(0, helper);
    String rest = helper < 0 ? "" : e.code().substring(helper);
    String source = IMPORTS + "public final class " + name + " {\npublic static void main(String[] arguments) {\n" + body + "}\n"
        + rest + "}\n";
    return Page.run(name, source, classes);
  }
}
