package org.cotangent.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What a check found, as text and as JSON. */
final class Report {
  private final String device;
  private final String description;
  private final boolean emulated;
  private final List<Operations.Difference> differences = new ArrayList<>();
  private List<Speed.Line> speed = List.of();
  private int operations;
  private int parts;
  private int refused;
  private OptionalInt conformance = OptionalInt.empty();
  private Optional<String> lost = Optional.empty();

  Report(String device, String description, boolean emulated) {
    this.device = device;
    this.description = description;
    this.emulated = emulated;
  }

  /** One more operation. */
  void operation(Operations check, List<Operations.Difference> found) {
    operations++;
    parts = check.compared();
    refused = check.refused();
    differences.addAll(found);
  }

  void conformance(int status) {
    conformance = OptionalInt.of(status);
  }

  void speed(List<Speed.Line> lines) {
    speed = List.copyOf(lines);
  }

  /** The device cannot be used any more, and the check ended early. */
  void lost(String why) {
    lost = Optional.of(why);
  }

  boolean good() {
    return differences.isEmpty() && conformance.orElse(0) == 0 && lost.isEmpty();
  }

  /** The summary and the table of speeds. */
  String text() {
    var b = new StringBuilder();
    b.append(String.format(Locale.ROOT, "operations %d, %d parts compared with the cpu, %d differ, %d refused by both%s%n", operations, parts,
        differences.size(), refused,
        emulated ? " (emulated CUDA driver, no hardware)" : ""));
    conformance.ifPresent(s -> b.append("recorded calls of PyTorch: ").append(s == 0 ? "all as recorded" : "some differ").append(System.lineSeparator()));
    lost.ifPresent(w -> b.append("the check ended early: ").append(w).append(System.lineSeparator()));
    if (!speed.isEmpty()) {
      b.append(String.format(Locale.ROOT, "%-50s %12s %19s %16s %8s %11s%n", "speed", "median", "quartiles", "rate", "share", "memory"));
    }
    for (Speed.Line l : speed) {
      b.append(String.format(Locale.ROOT, "%-50s %9.3f ms %8.3f .. %7.3f %10.1f %5s/s %7.1f%%%s%n", l.name(), 1e3 * l.time().median(),
          1e3 * l.time().lower(), 1e3 * l.time().upper(), l.rate(), l.unit(), 100 * l.share(),
          l.memory() == 0 ? "" : String.format(Locale.ROOT, " %7.1f MiB", l.memory() / 1048576.0)));
    }
    return b.toString();
  }

  /** Writes report.txt and report.json. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var all = new StringBuilder("device " + device + ": " + description + System.lineSeparator());
    differences.forEach(d -> all.append("differs ").append(d.operation()).append(", ").append(d.part()).append(": ").append(d.what())
        .append(System.lineSeparator()));
    Files.writeString(folder.resolve("report.txt"), all.append(text()));
    Files.writeString(folder.resolve("report.json"), json());
  }

  String json() throws IOException {
    var text = new StringWriter();
    try (JsonGenerator g = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      g.writeStartObject();
      g.writeStringField("device", device);
      g.writeStringField("description", description);
      g.writeBooleanField("emulated", emulated);
      g.writeNumberField("operations", operations);
      g.writeNumberField("parts", parts);
      g.writeNumberField("refused", refused);
      g.writeArrayFieldStart("differences");
      for (Operations.Difference d : differences) {
        g.writeStartObject();
        g.writeStringField("operation", d.operation());
        g.writeStringField("part", d.part());
        g.writeStringField("what", d.what());
        g.writeEndObject();
      }
      g.writeEndArray();
      if (conformance.isPresent()) {
        g.writeBooleanField("conformance", conformance.getAsInt() == 0);
      }
      if (lost.isPresent()) {
        g.writeStringField("lost", lost.get());
      }
      g.writeArrayFieldStart("speed");
      for (Speed.Line l : speed) {
        g.writeStartObject();
        g.writeStringField("name", l.name());
        g.writeNumberField("seconds", l.time().median());
        g.writeNumberField("lowerQuartile", l.time().lower());
        g.writeNumberField("upperQuartile", l.time().upper());
        g.writeNumberField("rate", l.rate());
        g.writeStringField("unit", l.unit() + "/s");
        g.writeNumberField("share", l.share());
        if (l.memory() != 0) {
          g.writeNumberField("peakBytes", l.memory());
        }
        g.writeEndObject();
      }
      g.writeEndArray();
      g.writeEndObject();
    }
    return text.toString();
  }
}
