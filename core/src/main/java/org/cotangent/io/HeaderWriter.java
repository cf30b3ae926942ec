package org.cotangent.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/** Places tensors in a file and writes its header, as the reference implementation does. */
final class HeaderWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private HeaderWriter() {}

  /** Tensors with the widest elements first, so that all data is aligned, then by the bytes of their names. */
  static List<Entry> place(Map<String, Tensor> tensors) {
    List<Map.Entry<String, Tensor>> sorted = new ArrayList<>(tensors.entrySet());
    Comparator<Map.Entry<String, Tensor>> widest =
        Comparator.comparing(e -> StoredType.of(e.getValue().dtype()), Comparator.reverseOrder());
    sorted.sort(widest.thenComparing(e -> e.getKey().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
    List<Entry> entries = new ArrayList<>();
    long at = 0;
    for (var e : sorted) {
      StoredType type = StoredType.of(e.getValue().dtype());
      long end = at + e.getValue().size() * type.bytes();
      entries.add(new Entry(e.getKey(), type, e.getValue().shape(), at, end));
      at = end;
    }
    return entries;
  }

  /**
   * The bytes of a file up to its data: the header's length, the header, and spaces up to a multiple of 8.
   *
   * @throws ArgumentException if the header is longer than readers accept
   */
  static ByteBuffer bytes(List<Entry> entries, Map<String, String> metadata, Complaint complaint) throws IOException {
    byte[] text = json(entries, metadata);
    int padded = (text.length + 7) / 8 * 8;
    if (padded > Header.LIMIT) {
      throw new ArgumentException(complaint.prefix() + "names and metadata take " + padded + " bytes; the limit is " + Header.LIMIT);
    }
    ByteBuffer b = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(padded).put(text);
    while (b.hasRemaining()) {
      b.put((byte) ' ');
    }
    return b.flip();
  }

  private static byte[] json(List<Entry> entries, Map<String, String> metadata) throws IOException {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(Header.METADATA);
        for (var e : metadata.entrySet()) {
          json.writeStringField(e.getKey(), e.getValue());
        }
        json.writeEndObject();
      }
      for (Entry e : entries) {
        write(json, e);
      }
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Entry e) throws IOException {
    int[] dims = e.shape().dims();
    json.writeObjectFieldStart(e.name());
    json.writeStringField("dtype", e.type().name());
    json.writeFieldName("shape");
    json.writeArray(dims, 0, dims.length);
    json.writeFieldName("data_offsets");
    json.writeArray(new long[] {e.begin(), e.end()}, 0, 2);
    json.writeEndObject();
  }

  /**
   * Refuses names that no file can hold.
   *
   * @throws ArgumentException for a tensor called "__metadata__", or text that is not Unicode (half a surrogate pair)
   */
  static void check(Set<String> names, Map<String, String> metadata, Complaint complaint) {
    for (String name : names) {
      checkText(name, complaint);
      if (name.equals(Header.METADATA)) {
        throw new ArgumentException(complaint.prefix(name) + "the format reserves this name; rename the tensor");
      }
    }
    metadata.forEach((key, value) -> {
      checkText(key, complaint);
      checkText(value, complaint);
    });
  }

  private static void checkText(String text, Complaint complaint) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new ArgumentException(complaint.prefix() + Complaint.quoted(text) + " holds half a surrogate pair, which no file can");
    }
  }
}
