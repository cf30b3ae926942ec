package org.cotangent.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Files made by hand from the format's description: 8 bytes of length, the header, the data. */
final class Handmade {
  private Handmade() {}

  static byte[] bytes(String header, byte... data) {
    return bytes(header.getBytes(StandardCharsets.UTF_8), data);
  }

  static byte[] bytes(byte[] header, byte... data) {
    return claiming(header.length, header, data);
  }

  static byte[] claiming(long length, byte[] header, byte... data) {
    ByteBuffer b = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return b.putLong(length).put(header).put(data).array();
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static Path write(Path folder, byte[] content) throws IOException {
    return Files.write(folder.resolve("model.safetensors"), content);
  }
}
