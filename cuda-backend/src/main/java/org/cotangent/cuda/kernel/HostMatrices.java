package org.cotangent.cuda.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.cuda.driver.CudaDevice;
import org.cotangent.cuda.driver.DeviceBuffer;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Factorisations by the host's backend: matrices go there and their factors come back. There is no binding of cuSOLVER for CUDA 12. */
public final class HostMatrices {
  private static final Logger LOG = System.getLogger(HostMatrices.class.getName());
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private HostMatrices() {}

  /** What the host's backend computes. */
  public interface Work {
    /** Computes dense results from dense inputs, all on the host. */
    void run(Backend host, Operand[] in, Operand[] out);
  }

  /** Moves {@code in} to the host, computes there, and moves the results to {@code out}, which are dense. */
  public static void run(Launcher on, String op, Operand[] in, Operand[] out, Work work) {
    if (!TOLD.getAndSet(true)) {
      LOG.log(Level.INFO, op + ": matrix factorisations of tensors on " + on.device().device() + " run on the host");
    }
    Backend host = Backends.own(Device.CPU);
    Operand[] x = new Operand[in.length];
    Operand[] y = new Operand[out.length];
    try {
      for (int i = 0; i < in.length; i++) {
        x[i] = new Operand(host.upload(in[i].dtype(), download(on, in[i]), true), Layout.dense(in[i].layout().dims()));
      }
      for (int i = 0; i < out.length; i++) {
        y[i] = new Operand(host.allocate(out[i].dtype(), out[i].layout().size()), Layout.dense(out[i].layout().dims()));
      }
      work.run(host, x, y);
      for (int i = 0; i < out.length; i++) {
        Object array = array(out[i].dtype(), out[i].layout().size());
        host.download(y[i], array);
        upload(on.device(), array, out[i]);
      }
    } finally {
      free(x);
      free(y);
    }
  }

  private static void upload(CudaDevice device, Object array, Operand to) {
    long n = to.layout().size();
    if (n > 0) {
      DeviceBuffer b = device.upload(to.dtype(), array);
      try {
        device.copy(b, 0, Launcher.buffer(to.buffer()), to.layout().offset(), n);
      } finally {
        b.free();
      }
    }
  }

  private static void free(Operand[] all) {
    for (Operand o : all) {
      if (o != null) {
        o.buffer().free();
      }
    }
  }

  /** The elements in row-major order as a Java array. */
  private static Object download(Launcher on, Operand o) {
    Object array = array(o.dtype(), o.layout().size());
    download(on, o, array);
    return array;
  }

  /** Copies the elements, in row-major order, to the front of a Java array. */
  public static void download(Launcher on, Operand o, Object array) {
    long n = o.layout().size();
    if (n == 0) {
      return;
    }
    if (o.layout().contiguous()) {
      on.device().download(Launcher.buffer(o.buffer()), o.layout().offset(), n, array);
      return;
    }
    DeviceBuffer dense = on.workspace(o.dtype(), n);
    try {
      Copies.run(on, o, new Operand(dense, Layout.dense(o.layout().dims())));
      on.device().download(dense, 0, n, array);
    } finally {
      dense.free();
    }
  }

  private static Object array(DType t, long n) {
    int k = Math.toIntExact(n);
    return switch (t) {
      case BOOL, UINT8, INT8 -> new byte[k];
      case INT16, FLOAT16, BFLOAT16 -> new short[k];
      case INT32 -> new int[k];
      case INT64 -> new long[k];
      case FLOAT32 -> new float[k];
      case FLOAT64 -> new double[k];
    };
  }
}
