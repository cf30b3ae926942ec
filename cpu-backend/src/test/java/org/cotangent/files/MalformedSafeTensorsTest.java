package org.cotangent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.cotangent.errors.CotangentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.FileFormatException;
import org.cotangent.errors.MemoryException;
import org.cotangent.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class MalformedSafeTensorsTest {
  private static final String TOO_LONG = "; the limit is 100000000; is this a safetensors file?";

  @TempDir private Path folder;

  /** One tensor of this description, and so many bytes of data. */
  private static Arguments tensor(String dtype, String shape, String offsets, int data, String message) {
    String header = "{\"a\":{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    return header(header, data, "tensor \"a\": " + message);
  }

  private static Arguments header(String header, int data, String message) {
    return arguments(header, new byte[data], message);
  }

  /** A file of U8 tensors "a" and "b" at these places. */
  private static Arguments two(String a, String b, int data, String message) {
    return header("{" + bytes("a", a) + "," + bytes("b", b) + "}", data, message);
  }

  private static String bytes(String name, String offsets) {
    String[] ends = offsets.split(",");
    int n = Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]);
    return "\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[" + n + "],\"data_offsets\":[" + offsets + "]}";
  }

  static Stream<Arguments> places() {
    return Stream.of(
        tensor("\"F32\"", "[2,3]", "[0,16]", 16, "data_offsets [0, 16] hold 16 bytes, float32 [2, 3] needs 24"),
        tensor("\"F16\"", "[2]", "[0,8]", 8, "data_offsets [0, 8] hold 8 bytes, float16 [2] needs 4"),
        tensor("\"I64\"", "[]", "[0,0]", 0, "data_offsets [0, 0] hold 0 bytes, int64 [] needs 8"),
        tensor("\"U8\"", "[0]", "[0,1]", 1, "data_offsets [0, 1] hold 1 bytes, uint8 [0] needs 0"),
        tensor("\"F32\"", "[2]", "[8,0]", 8, "data_offsets [8, 0] run backwards"),
        tensor("\"F32\"", "[2]", "[0,8]", 7, "data_offsets [0, 8] end behind the 7 bytes of data; the file may be cut off"),
        tensor("\"F32\"", "[2]", "[9223372036854775800,9223372036854775807]", 8,
            "data_offsets [9223372036854775800, 9223372036854775807] end behind the 8 bytes of data; the file may be cut off"),
        tensor("\"U8\"", "[2]", "[1,3]", 3, "data_offsets [1, 3] leave a hole: the data before ends at 0"),
        two("0,2", "3,4", 4, "tensor \"b\": data_offsets [3, 4] leave a hole: the data before ends at 2"),
        two("0,2", "1,3", 3, "tensor \"b\": data_offsets [1, 3] overlap tensor \"a\", which ends at 2"),
        two("2,4", "0,3", 4, "tensor \"a\": data_offsets [2, 4] overlap tensor \"b\", which ends at 3"),
        two("0,2", "0,2", 2, "tensor \"b\": data_offsets [0, 2] overlap tensor \"a\", which ends at 2"),
        two("0,2", "2,4", 7, "3 bytes follow the last tensor, which ends at 4"),
        header("{}", 1, "1 bytes follow the last tensor, which ends at 0"));
  }

  static Stream<Arguments> descriptions() {
    return Stream.of(
        tensor("\"F32\"", "[4611686018427387904,4]", "[0,0]", 0, "shape [4611686018427387904, 4] has too many elements to count"),
        tensor("\"F64\"", "[2305843009213693952]", "[0,0]", 0, "shape [2305843009213693952] has too many elements to count"),
        tensor("\"U8\"", "[2147483647,2147483647,2147483647,0]", "[0,0]", 0,
            "shape [2147483647, 2147483647, 2147483647, 0] has too many elements to count"),
        tensor("\"U8\"", "[4294967296,0]", "[0,0]", 0, "axis 0 has size 4294967296; the limit is 2147483647"),
        tensor("\"U8\"", "[1" + ",1".repeat(64) + "]", "[0,1]", 1, "shape has more than 64 numbers"),
        tensor("\"U8\"", "[-1]", "[0,0]", 0, "shape holds -1, which is negative"),
        tensor("\"U8\"", "[1.0]", "[0,1]", 1, "shape holds \"1.0\", which is not an integer"),
        tensor("\"U8\"", "[\"1\"]", "[0,1]", 1, "shape holds \"1\", which is not an integer"),
        tensor("\"U8\"", "[[1]]", "[0,1]", 1, "shape holds \"[\", which is not an integer"),
        tensor("\"U8\"", "[18446744073709551616]", "[0,1]", 1, "shape holds 18446744073709551616, which is out of range"),
        tensor("\"U8\"", "1", "[0,1]", 1, "shape is not an array"),
        tensor("\"U8\"", "[1]", "[0]", 1, "data_offsets has 1 numbers, not 2"),
        tensor("\"U8\"", "[1]", "[0,1,2]", 1, "data_offsets has more than 2 numbers"),
        tensor("\"U8\"", "[1]", "[-1,0]", 1, "data_offsets holds -1, which is negative"),
        tensor("\"U8\"", "[1]", "[-0,1]", 1, "data_offsets holds -0, which is negative"),
        tensor("\"U8\"", "[1]", "null", 1, "data_offsets is not an array"),
        tensor("\"X9\"", "[1]", "[0,1]", 1, "unknown dtype \"X9\""),
        tensor("\"f32\"", "[1]", "[0,4]", 4, "unknown dtype \"f32\""),
        tensor("32", "[1]", "[0,1]", 1, "dtype is not a string"),
        tensor("\"U8\",\"dtype\":\"I8\"", "[1]", "[0,1]", 1, "\"dtype\" appears twice"),
        header("{\"a\":{\"shape\":[],\"data_offsets\":[0,1]}}", 1, "tensor \"a\": has no dtype"),
        header("{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1, "tensor \"a\": has no shape"),
        header("{\"a\":{\"dtype\":\"U8\",\"shape\":[]}}", 1, "tensor \"a\": has no data_offsets"),
        header("{\"a\":[0,1]}", 1, "tensor \"a\": is not described by an object"),
        header("{" + bytes("a", "0,1") + "," + bytes("a", "1,2") + "}", 2, "tensor \"a\": appears twice in the header"),
        header("{\"\\u0007\\n\":7}", 0, "tensor \"\\u0007\\u000a\": is not described by an object"),
        header("{\"" + "n".repeat(200) + "\":7}", 0, "tensor \"" + "n".repeat(100) + "…\": is not described by an object"));
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        header("[]", 0, "the header does not begin with {; is this a safetensors file?"),
        header(" {}", 0, "the header does not begin with {; is this a safetensors file?"),
        header("", 0, "the header does not begin with {; is this a safetensors file?"),
        header("{} {}", 0, "the header goes on after its closing brace"),
        header("{}\0\0", 0, "the header is not valid JSON: "),
        header("{", 0, "the header is not valid JSON: "),
        header("{\"a", 0, "the header is not valid JSON: "),
        header("{\"a\":{\"dtype\":\"U8\"", 0, "the header is not valid JSON: "),
        header("{\"a\":NaN}", 0, "the header is not valid JSON: "),
        header("{a:1}", 0, "the header is not valid JSON: "),
        header("{/**/}", 0, "the header is not valid JSON: "),
        header("{\"a\":{\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}}", 0, "the header is not valid JSON: "),
        header("{\"a\":{\"shape\":[" + "9".repeat(5000) + "]}}", 0, "the header is not valid JSON: "),
        header("{\"__metadata__\":[]}", 0, "__metadata__ is not an object"),
        header("{\"__metadata__\":{\"a\":1}}", 0, "__metadata__: the value of \"a\" is not a string"),
        header("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "__metadata__: \"a\" appears twice"),
        header("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "tensor \"__metadata__\": appears twice in the header"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource({"places", "descriptions", "headers"})
  void refuses(String header, byte[] data, String message) throws IOException {
    Path file = Handmade.write(folder, Handmade.bytes(header, data));
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FileFormatException.class)
        .hasMessageStartingWith("load: model.safetensors: " + message);
    assertThatThrownBy(() -> SafeTensors.inspect(file))
        .isInstanceOf(FileFormatException.class)
        .hasMessageStartingWith("inspect: model.safetensors: " + message);
    assertThatThrownBy(() -> SafeTensors.metadata(file)).isInstanceOf(FileFormatException.class);
  }

  static Stream<Arguments> beginnings() {
    byte[] none = {};
    byte[] braces = {'{', '}'};
    return Stream.of(
        arguments(none, "the file has 0 bytes; a safetensors file begins with 8 bytes of header length"),
        arguments(new byte[7], "the file has 7 bytes; a safetensors file begins with 8 bytes of header length"),
        arguments(new byte[8], "the header does not begin with {; is this a safetensors file?"),
        arguments(Handmade.claiming(3, braces), "a header of 3 bytes in a file of 10 bytes; the file is cut off"),
        arguments(Handmade.claiming(100_000_000, braces), "a header of 100000000 bytes in a file of 10 bytes; the file is cut off"),
        arguments(Handmade.claiming(100_000_001, braces), "a header of 100000001 bytes" + TOO_LONG),
        arguments(Handmade.claiming(1L << 60, braces), "a header of 1152921504606846976 bytes" + TOO_LONG),
        arguments(Handmade.claiming(-1, braces), "a header of 18446744073709551615 bytes" + TOO_LONG),
        arguments(
            "PK\3\4 no safetensors".getBytes(StandardCharsets.US_ASCII),
            "a header of 2337207815413910352 bytes; the limit is 100000000"),
        arguments(Handmade.bytes(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}), "the header is not valid UTF-8"),
        arguments(Handmade.bytes(new byte[] {'{', 0, '}', 0}), "the header is not valid JSON: "));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("beginnings")
  void refusesBeginnings(byte[] content, String message) throws IOException {
    Path file = Handmade.write(folder, content);
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FileFormatException.class)
        .hasMessageStartingWith("load: model.safetensors: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "C64", "F4"})
  void namesTypesThatItCannotHold(String dtype) throws IOException {
    Path file = Handmade.write(folder, Handmade.bytes("{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[0],\"data_offsets\":[0,0]}}"));
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(DTypeException.class)
        .hasMessage(
            "load: model.safetensors: tensor \"a\": dtype " + dtype
                + " is not supported; convert the tensor to F32 or I64 where the file is written");
  }

  @Test
  void refusesOtherBytesThanZeroAndOneAsBool() throws IOException {
    String header = "{\"a\":{\"dtype\":\"BOOL\",\"shape\":[2,2],\"data_offsets\":[0,4]}}";
    Path file = Handmade.write(folder, Handmade.bytes(header, Handmade.hex("01 00 01 ff")));
    assertThat(SafeTensors.inspect(file)).containsKey("a");
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FileFormatException.class)
        .hasMessage("load: model.safetensors: tensor \"a\": element 3 is 255; bool needs 0 or 1");
  }

  @Test
  void refusesMoreElementsThanAnArrayHolds() throws IOException {
    Path file = folder.resolve("sparse.safetensors");
    byte[] head = Handmade.bytes("{\"a\":{\"dtype\":\"U8\",\"shape\":[65536,32768],\"data_offsets\":[0,2147483648]}}");
    try (var f = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      f.write(head);
      f.setLength(head.length + 0x8000_0000L);
    }
    assertThat(SafeTensors.inspect(file)).containsKey("a");
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(MemoryException.class)
        .hasMessage("load: sparse.safetensors: tensor \"a\": [65536, 32768] has 2147483648 elements; the limit is 2147483639");
    Files.delete(file);
  }

  /** The arrays that this file claims to hold are larger than the heap. */
  @Test
  void allocatesNoTensorForWhatAFileClaims() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F64\",\"shape\":[2147483639],\"data_offsets\":[0,17179869112]}}";
    Path file = Handmade.write(folder, Handmade.bytes(header, new byte[64]));
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("end behind the 64 bytes of data");
  }

  /** To clear 300 GB in all takes longer. */
  @Test
  @Timeout(20)
  void allocatesNoHeaderForWhatAFileClaims() throws IOException {
    Path file = Handmade.write(folder, Handmade.claiming(100_000_000, new byte[] {'{', '}'}));
    for (int i = 0; i < 3000; i++) {
      assertThatThrownBy(() -> SafeTensors.load(file)).isInstanceOf(FileFormatException.class);
    }
  }

  /** Any damage gives tensors or a typed refusal, never another exception. */
  @Test
  void survivesDamage() throws IOException {
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
            + "\"m\":{\"dtype\":\"BOOL\",\"shape\":[4],\"data_offsets\":[16,20]}}";
    byte[] whole = Handmade.bytes(header, new byte[20]);
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] damaged = damaged(whole, random);
      Path file = Handmade.write(folder, damaged);
      try {
        SafeTensors.load(file).values().forEach(t -> t.toArray());
      } catch (CotangentException e) {
        assertThat(e).as("round %d", round).isInstanceOfAny(FileFormatException.class, DTypeException.class);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(2000);
  }

  private static byte[] damaged(byte[] whole, Random random) {
    byte[] b = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length + 10)) : whole.clone();
    for (int i = random.nextInt(3); i >= 0 && b.length > 0; i--) {
      b[random.nextInt(b.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : "0123456789{}[],:\"-".charAt(random.nextInt(18)));
    }
    return b;
  }
}
