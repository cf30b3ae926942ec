package org.cotangent.examples.quickstart;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.spi.Backends;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.Layout;
import org.cotangent.spi.ObservedBackend;
import org.cotangent.spi.Operand;

/**
 * What a piece of work asks of a backend. Bytes are those of each kernel's and product's operands, each element once: what crosses the
 * memory where no cache holds over from one kernel to the next.
 *
 * @param kernels kernels beside products
 * @param products calls of {@code gemm}
 * @param copies arrays that go to the device or come from it
 * @param bytes of the operands of kernels and products
 * @param copied bytes of the copies
 */
record Count(long kernels, long products, long copies, long bytes, long copied) {
  /** Counts what {@code work} asks of a device; everything is computed when this returns. */
  static Count of(Device device, Runnable work) {
    Backends.of(device).synchronize();
    try (var counter = new Counter(device)) {
      work.run();
      counter.synchronize();
      return counter.count();
    }
  }

  /** As numbers with spaces between them. */
  String line() {
    return kernels + " " + products + " " + copies + " " + bytes + " " + copied;
  }

  /** What {@link #line} gave. */
  static Count parse(String line) {
    String[] n = line.split(" ");
    return new Count(Long.parseLong(n[0]), Long.parseLong(n[1]), Long.parseLong(n[2]), Long.parseLong(n[3]), Long.parseLong(n[4]));
  }

  private static final class Counter extends ObservedBackend {
    private long kernels;
    private long products;
    private long copies;
    private long bytes;
    private long copied;

    Counter(Device device) {
      super(Backends.of(device));
      begin();
    }

    synchronized Count count() {
      return new Count(kernels, products, copies, bytes, copied);
    }

    @Override
    protected synchronized void kernel(String name, List<Operand> read, List<Operand> written) {
      long all = 0;
      for (List<Operand> some : List.of(read, written)) {
        for (Operand o : some) {
          all += distinct(o.layout()) * o.dtype().bytes();
        }
      }
      if (name.equals("download")) {
        copies++;
        copied += all;
      } else {
        kernels++;
        bytes += all;
      }
    }

    @Override
    protected synchronized void product(GemmCall c) {
      products++;
      long a = (long) c.m() * c.k() * (c.aBatch() == 0 ? 1 : c.batch());
      long b = (long) c.k() * c.n() * (c.bBatch() == 0 ? 1 : c.batch());
      bytes += (a + b + (long) c.m() * c.n() * c.batch()) * c.c().dtype().bytes();
    }

    @Override
    protected synchronized void upload(DType dtype, long size) {
      copies++;
      copied += size * dtype.bytes();
    }

    /** Elements at different places, where strides are 0 or elements do not overlap. */
    private static long distinct(Layout l) {
      long n = 1;
      for (int k = 0; k < l.rank(); k++) {
        n *= l.strides()[k] == 0 && l.dims()[k] > 0 ? 1 : l.dims()[k];
      }
      return n;
    }
  }
}
