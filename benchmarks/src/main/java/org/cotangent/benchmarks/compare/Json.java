package org.cotangent.benchmarks.compare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.cotangent.benchmarks.compare.Cold.First;

/** The results as JSON: seconds, bytes, and every round. */
final class Json {
  private final Results results;

  Json(Results results) {
    this.results = results;
  }

  String text() throws IOException {
    var text = new StringWriter();
    try (JsonGenerator g = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      g.writeStartObject();
      g.writeBooleanField("processorTime", results.processor());
      g.writeArrayFieldStart("versions");
      for (String v : results.versions()) {
        g.writeString(v);
      }
      g.writeEndArray();
      g.writeArrayFieldStart("limits");
      for (Map.Entry<Integer, Limits> l : results.limits().entrySet()) {
        g.writeStartObject();
        g.writeNumberField("threads", l.getKey());
        numbers(g, "copyBytesPerSecond", l.getValue().bandwidth());
        g.writeNumberField("flops", l.getValue().flops());
        g.writeEndObject();
      }
      g.writeEndArray();
      g.writeArrayFieldStart("rows");
      for (Row r : results.rows()) {
        row(g, r);
      }
      g.writeEndArray();
      cold(g);
      for (String peer : List.of("libtorch", "djl", "nd4j")) {
        Results.Mean mean = Results.mean(results.rows().stream().filter(r -> r.peer().equals(peer) && !r.of().loop()).toList()).orElse(null);
        if (mean != null) {
          g.writeObjectFieldStart("geometricMeanVs" + peer);
          g.writeNumberField("ratio", mean.value());
          g.writeNumberField("worst", mean.worst().ratio(0.5));
          g.writeStringField("at", mean.worst().of().name());
          g.writeEndObject();
        }
      }
      g.writeEndObject();
    }
    return text + "\n";
  }

  private void row(JsonGenerator g, Row r) throws IOException {
    g.writeStartObject();
    g.writeStringField("case", r.of().name());
    g.writeStringField("peer", r.peer());
    g.writeNumberField("threads", r.m().threads());
    g.writeBooleanField("loop", r.of().loop());
    g.writeNumberField("asked", r.of().least());
    number(g, "ratio", r.ratio(0.5));
    number(g, "lowerQuartile", r.ratio(0.25));
    number(g, "upperQuartile", r.ratio(0.75));
    number(g, "shareOfLimit", r.share(results.limits().get(r.m().threads())));
    number(g, "difference", r.m().difference());
    g.writeBooleanField("agrees", r.m().agrees());
    g.writeNumberField("garbage", r.m().allocated());
    number(g, "memoryOurs", results.memory(Results.OURS, r.of().name()));
    number(g, "memoryPeer", results.memory(r.peer(), r.of().name()));
    times(g, "ours", r.m().ours());
    if (r.m().peer().present()) {
      times(g, "peerTimes", r.m().peer());
    }
    g.writeEndObject();
  }

  private static void times(JsonGenerator g, String name, Measurement.Times t) throws IOException {
    g.writeObjectFieldStart(name);
    number(g, "first", t.first());
    number(g, "warmUp", t.warmUp());
    number(g, "steady", t.steady());
    numbers(g, "rounds", t.rounds());
    g.writeEndObject();
  }

  private void cold(JsonGenerator g) throws IOException {
    g.writeArrayFieldStart("cold");
    for (Map.Entry<String, Map<String, List<First>>> c : results.cold().entrySet()) {
      for (Map.Entry<String, List<First>> side : c.getValue().entrySet()) {
        g.writeStartObject();
        g.writeStringField("case", c.getKey());
        g.writeStringField("side", side.getKey());
        numbers(g, "seconds", side.getValue().stream().mapToDouble(First::seconds).toArray());
        numbers(g, "processorSeconds", side.getValue().stream().mapToDouble(First::processor).toArray());
        g.writeEndObject();
      }
    }
    g.writeEndArray();
  }

  /** A number that JSON has no word for is left out. */
  private static void number(JsonGenerator g, String name, double x) throws IOException {
    if (Double.isFinite(x)) {
      g.writeNumberField(name, x);
    }
  }

  private static void numbers(JsonGenerator g, String name, double[] x) throws IOException {
    g.writeFieldName(name);
    g.writeArray(x, 0, x.length);
  }
}
