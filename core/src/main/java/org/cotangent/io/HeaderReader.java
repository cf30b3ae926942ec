package org.cotangent.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cotangent.Shape;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.FileFormatException;

/**
 * Reads and checks headers. What it allocates is bounded by the size of the file and by {@link Header#LIMIT}, whatever the header
 * claims.
 */
final class HeaderReader {
  private static final int LENGTH_BYTES = 8;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxNumberLength(64)
                  .maxNameLength(1_000_000)
                  .maxStringLength((int) Header.LIMIT)
                  .build())
          .build();

  private final Complaint complaint;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Map<String, String> metadata = Map.of();
  private long dataBytes;

  private HeaderReader(Complaint complaint) {
    this.complaint = complaint;
  }

  /**
   * The header of an open file.
   *
   * @throws FileFormatException if the header, or the file's size, is not as the format demands
   * @throws DTypeException if a tensor is of a type that cannot be held
   */
  static Header read(FileChannel channel, Complaint complaint) throws IOException {
    return new HeaderReader(complaint).header(channel);
  }

  private Header header(FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw complaint.malformed("the file has " + size + " bytes; a safetensors file begins with 8 bytes of header length");
    }
    long length = bytes(channel, 0, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > Header.LIMIT) {
      throw complaint.malformed(
          "a header of " + Long.toUnsignedString(length) + " bytes; the limit is " + Header.LIMIT + "; is this a safetensors file?");
    }
    if (length > size - LENGTH_BYTES) {
      throw complaint.malformed("a header of " + length + " bytes in a file of " + size + " bytes; the file is cut off");
    }
    dataBytes = size - LENGTH_BYTES - length;
    byte[] text = bytes(channel, LENGTH_BYTES, (int) length).array();
    if (text.length == 0 || text[0] != '{') {
      throw complaint.malformed("the header does not begin with {; is this a safetensors file?");
    }
    parse(text);
    checkCover();
    return new Header(List.copyOf(entries), metadata, LENGTH_BYTES + length);
  }

  private ByteBuffer bytes(FileChannel channel, long position, int n) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(n);
    while (b.hasRemaining()) {
      if (channel.read(b, position + b.position()) < 0) {
        throw complaint.malformed("the file ended while its header was read");
      }
    }
    return b.flip();
  }

  private void parse(byte[] text) throws IOException {
    var characters = new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser json = JSON.createParser(characters)) {
      json.nextToken();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        member(json);
      }
      if (json.nextToken() != null) {
        throw complaint.malformed("the header goes on after its closing brace");
      }
    } catch (JsonProcessingException e) {
      throw complaint.malformed("the header is not valid JSON: " + e.getOriginalMessage());
    } catch (CharacterCodingException e) {
      throw complaint.malformed("the header is not valid UTF-8");
    }
  }

  private void member(JsonParser json) throws IOException {
    String name = json.currentName();
    if (!names.add(name)) {
      throw complaint.malformed(name, "appears twice in the header");
    }
    json.nextToken();
    if (name.equals(Header.METADATA)) {
      metadata = strings(json);
    } else {
      entries.add(entry(name, json));
    }
  }

  private Map<String, String> strings(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw complaint.malformed("__metadata__ is not an object");
    }
    Map<String, String> found = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw complaint.malformed("__metadata__: the value of " + Complaint.quoted(key) + " is not a string");
      }
      if (found.put(key, json.getText()) != null) {
        throw complaint.malformed("__metadata__: " + Complaint.quoted(key) + " appears twice");
      }
    }
    return Collections.unmodifiableMap(found);
  }

  private Entry entry(String name, JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw complaint.malformed(name, "is not described by an object");
    }
    StoredType type = null;
    long[] shape = null;
    long[] offsets = null;
    Set<String> keys = new HashSet<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      if (!keys.add(key)) {
        throw complaint.malformed(name, Complaint.quoted(key) + " appears twice");
      }
      json.nextToken();
      switch (key) {
        case "dtype" -> type = type(name, json);
        case "shape" -> shape = integers(name, key, json, Header.MOST_AXES);
        case "data_offsets" -> offsets = integers(name, key, json, 2);
        default -> json.skipChildren();
      }
    }
    require(name, "dtype", type);
    require(name, "shape", shape);
    require(name, "data_offsets", offsets);
    return entry(name, type, shape, offsets);
  }

  private void require(String name, String key, Object value) {
    if (value == null) {
      throw complaint.malformed(name, "has no " + key);
    }
  }

  private StoredType type(String name, JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw complaint.malformed(name, "dtype is not a string");
    }
    String text = json.getText();
    if (StoredType.foreign(text)) {
      throw new DTypeException(
          complaint.prefix(name) + "dtype " + text + " is not supported; convert the tensor to F32 or I64 where the file is written");
    }
    return StoredType.named(text).orElseThrow(() -> complaint.malformed(name, "unknown dtype " + Complaint.quoted(text)));
  }

  private long[] integers(String name, String key, JsonParser json, int most) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw complaint.malformed(name, key + " is not an array");
    }
    long[] found = new long[most];
    int n = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw complaint.malformed(name, key + " holds " + Complaint.quoted(json.getText()) + ", which is not an integer");
      }
      if (n == most) {
        throw complaint.malformed(name, key + " has more than " + most + " numbers");
      }
      found[n++] = integer(name, key, json);
    }
    return Arrays.copyOf(found, n);
  }

  private long integer(String name, String key, JsonParser json) throws IOException {
    String text = json.getText();
    if (text.startsWith("-")) {
      throw complaint.malformed(name, key + " holds " + text + ", which is negative");
    }
    if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw complaint.malformed(name, key + " holds " + text + ", which is out of range");
    }
    return json.getLongValue();
  }

  private Entry entry(String name, StoredType type, long[] dims, long[] offsets) {
    if (offsets.length != 2) {
      throw complaint.malformed(name, "data_offsets has " + offsets.length + " numbers, not 2");
    }
    long begin = offsets[0];
    long end = offsets[1];
    String where = "data_offsets [" + begin + ", " + end + "]";
    if (begin > end) {
      throw complaint.malformed(name, where + " run backwards");
    }
    if (end > dataBytes) {
      throw complaint.malformed(name, where + " end behind the " + dataBytes + " bytes of data; the file may be cut off");
    }
    long needed = needed(name, type, dims);
    if (end - begin != needed) {
      throw complaint.malformed(
          name, where + " hold " + (end - begin) + " bytes, " + type.dtype() + " " + Arrays.toString(dims) + " needs " + needed);
    }
    return new Entry(name, type, shape(name, dims), begin, end);
  }

  private long needed(String name, StoredType type, long[] dims) {
    try {
      long n = type.bytes();
      for (long d : dims) {
        n = Math.multiplyExact(n, d);
      }
      return n;
    } catch (ArithmeticException e) {
      throw complaint.malformed(name, "shape " + Arrays.toString(dims) + " has too many elements to count");
    }
  }

  private Shape shape(String name, long[] dims) {
    int[] sizes = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] > Integer.MAX_VALUE) {
        throw complaint.malformed(name, "axis " + i + " has size " + dims[i] + "; the limit is " + Integer.MAX_VALUE);
      }
      sizes[i] = (int) dims[i];
    }
    return Shape.of(sizes);
  }

  /** Refuses overlaps, holes and bytes that belong to no tensor. */
  private void checkCover() {
    long at = 0;
    String before = "";
    for (Entry e : Header.inFileOrder(entries)) {
      if (e.begin() < at) {
        throw complaint.malformed(
            e.name(), "data_offsets " + e.offsets() + " overlap tensor " + Complaint.quoted(before) + ", which ends at " + at);
      }
      if (e.begin() > at) {
        throw complaint.malformed(e.name(), "data_offsets " + e.offsets() + " leave a hole: the data before ends at " + at);
      }
      at = e.end();
      before = e.name();
    }
    if (at < dataBytes) {
      throw complaint.malformed((dataBytes - at) + " bytes follow the last tensor, which ends at " + at);
    }
  }
}
