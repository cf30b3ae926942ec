package org.cotangent.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.cotangent.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplayTest {
  private static final Apis APIS = Apis.all();

  private static List<String> lines(String name) throws IOException {
    try (var in = new BufferedReader(new InputStreamReader(ReplayTest.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      return in.lines().toList();
    }
  }

  static List<String> sound() throws IOException {
    return lines("sound.jsonl");
  }

  /** Records of float16 and bfloat16 that {@code make-halves.py} writes. */
  static List<String> halves() throws IOException {
    return lines("halves.jsonl");
  }

  @ParameterizedTest
  @MethodSource
  void halves(String line) throws IOException {
    assertThat(replay(Json.map(Json.parse(line)))).isEmpty();
  }

  static List<String> spoiled() throws IOException {
    return lines("spoiled.jsonl");
  }

  private static List<Replay.Difference> replay(Map<String, Object> record) {
    return Replay.run(new Case(record), APIS, Device.CPU);
  }

  @ParameterizedTest
  @MethodSource
  void sound(String line) throws IOException {
    assertThat(replay(Json.map(Json.parse(line)))).isEmpty();
  }

  /** Each of these records has one wrong number, flag, type or shape, and says where. */
  @ParameterizedTest
  @MethodSource
  void spoiled(String line) throws IOException {
    Map<String, Object> record = Json.map(Json.parse(line));
    assertThat(replay(record)).as(record.get("id").toString())
        .extracting(Replay.Difference::part).containsExactly(record.get("spoiled").toString());
  }

  @Test
  void argumentsThatAreNotAskedForAreNotIgnored() throws IOException {
    Map<String, Object> record = Json.map(Json.parse(sound().get(0)));
    Json.map(record.get("kwargs")).put("layout", Map.of("int", 1L));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> replay(record))
        .isInstanceOf(UnsupportedException.class).hasMessage("argument layout");
  }
}
