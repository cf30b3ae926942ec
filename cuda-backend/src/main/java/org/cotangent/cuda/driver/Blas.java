package org.cotangent.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;
import org.cotangent.DType;
import org.cotangent.errors.DTypeException;
import org.cotangent.spi.GemmCall;

/**
 * Matrix products of one stream, by cuBLAS. cuBLAS counts columns first: a row-major C = A B is its C' = B' A' on the same memory, so
 * the operands change places and nothing is moved.
 */
final class Blas {
  /** What cuBLAS asks for its own use on the newest devices. */
  private static final long WORKSPACE = 32L << 20;
  private static final MemorySegment NUMBERS = Arena.global().allocate(4 * Double.BYTES, Double.BYTES);
  private static final Pointer ONE = number(0, 1);
  private static final Pointer ZERO = number(1, 0);

  private final Context context;
  private final Stream stream;
  private final cublasHandle handle = new cublasHandle();
  private boolean open;
  private boolean workspace;
  private boolean tf32;

  Blas(Context context, Stream stream) {
    this.context = context;
    this.stream = stream;
  }

  /** A number as float (first 8 bytes) and as double (next 8). */
  private static Pointer number(int at, double value) {
    MemorySegment s = NUMBERS.asSlice(at * 2L * Double.BYTES, 2 * Double.BYTES);
    s.set(ValueLayout.JAVA_FLOAT, 0, (float) value);
    s.set(ValueLayout.JAVA_DOUBLE, Double.BYTES, value);
    return Address.host(s);
  }

  private static Pointer scalar(Pointer number, DType t) {
    return t == DType.FLOAT64 ? number.withByteOffset(Double.BYTES) : number;
  }

  private cublasHandle handle(String op, boolean allowTf32) {
    if (!open) {
      context.faults().checkBlas(JCublas2.cublasCreate(handle), op, "cublasCreate", () -> "a handle");
      context.faults().checkBlas(JCublas2.cublasSetStream(handle, new cudaStream_t(stream.handle())), op, "cublasSetStream", () -> "a stream");
      open = true;
      math(op, false);
    }
    if (allowTf32 != tf32) {
      math(op, allowTf32);
    }
    return handle;
  }

  /** Sums of float16 products are float32 throughout; TF32 only where it was allowed. */
  private void math(String op, boolean allowTf32) {
    int mode = cublasMath.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION
        | (allowTf32 ? cublasMath.CUBLAS_TF32_TENSOR_OP_MATH : cublasMath.CUBLAS_DEFAULT_MATH);
    context.faults().checkBlas(JCublas2.cublasSetMathMode(handle, mode), op, "cublasSetMathMode", () -> "mode " + mode);
    tf32 = allowTf32;
  }

  /** cuBLAS's version: 1000 * major + 10 * minor of recent ones, as it says. */
  int version() {
    int[] v = new int[1];
    context.faults().checkBlas(JCublas2.cublasGetVersion(handle("version", tf32), v), "version", "cublasGetVersion", () -> "the version");
    return v[0];
  }

  /** Gives cuBLAS memory of ours, so that it asks for none while a graph is captured. */
  void fixWorkspace() {
    if (!workspace) {
      var memory = new Address();
      cublasHandle h = handle("capture", tf32);
      context.check(JCudaDriver.cuMemAlloc(memory, WORKSPACE), "capture", "cuMemAlloc", () -> WORKSPACE + " bytes for cuBLAS");
      context.faults().checkBlas(JCublas2.cublasSetWorkspace(h, memory, WORKSPACE), "capture", "cublasSetWorkspace", () -> WORKSPACE + " bytes");
      workspace = true;
    }
  }

  /** Queues {@code c}'s products. */
  void gemm(String op, GemmCall c, boolean allowTf32) {
    DType t = c.c().dtype();
    Pointer a = operand(op, c.a(), c.aOffset(), false);
    Pointer b = operand(op, c.b(), c.bOffset(), false);
    Pointer z = operand(op, c.c(), c.cOffset(), true);
    int ta = c.transA() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    int tb = c.transB() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    cublasHandle h = handle(op, allowTf32);
    Pointer one = scalar(ONE, t);
    Pointer zero = scalar(ZERO, t);
    int status = switch (t) {
      case FLOAT32 -> c.batch() == 1
          ? JCublas2.cublasSgemm(h, tb, ta, c.n(), c.m(), c.k(), one, b, c.ldb(), a, c.lda(), zero, z, c.ldc())
          : JCublas2.cublasSgemmStridedBatched(h, tb, ta, c.n(), c.m(), c.k(), one, b, c.ldb(), c.bBatch(), a, c.lda(), c.aBatch(), zero, z, c.ldc(),
              c.cBatch(), c.batch());
      case FLOAT64 -> c.batch() == 1
          ? JCublas2.cublasDgemm(h, tb, ta, c.n(), c.m(), c.k(), one, b, c.ldb(), a, c.lda(), zero, z, c.ldc())
          : JCublas2.cublasDgemmStridedBatched(h, tb, ta, c.n(), c.m(), c.k(), one, b, c.ldb(), c.bBatch(), a, c.lda(), c.aBatch(), zero, z, c.ldc(),
              c.cBatch(), c.batch());
      case FLOAT16 -> half(h, c, tb, ta, one, b, a, zero, z, cudaDataType.CUDA_R_16F);
      case BFLOAT16 -> half(h, c, tb, ta, one, b, a, zero, z, cudaDataType.CUDA_R_16BF);
      default -> throw new DTypeException(op + ": cuBLAS multiplies floating types, not " + t);
    };
    context.faults().checkBlas(status, op, "gemm of cuBLAS", () -> text(c));
  }

  private static int half(cublasHandle h, GemmCall c, int tb, int ta, Pointer one, Pointer b, Pointer a, Pointer zero, Pointer z, int type) {
    int sums = cublasComputeType.CUBLAS_COMPUTE_32F;
    int algorithm = cublasGemmAlgo.CUBLAS_GEMM_DEFAULT;
    return c.batch() == 1
        ? JCublas2.cublasGemmEx_new(h, tb, ta, c.n(), c.m(), c.k(), one, b, type, c.ldb(), a, type, c.lda(), zero, z, type, c.ldc(), sums, algorithm)
        : JCublas2.cublasGemmStridedBatchedEx_new(h, tb, ta, c.n(), c.m(), c.k(), one, b, type, c.ldb(), c.bBatch(), a, type, c.lda(), c.aBatch(), zero, z,
            type, c.ldc(), c.cBatch(), c.batch(), sums, algorithm);
  }

  private Pointer operand(String op, org.cotangent.spi.Buffer buffer, int offset, boolean writes) {
    return Address.device(((DeviceBuffer) buffer).use(stream, offset, writes, op));
  }

  private static String text(GemmCall c) {
    return c.batch() + " x [" + c.m() + ", " + c.k() + (c.transA() ? "]ᵀ" : "]") + " x [" + c.k() + ", " + c.n() + (c.transB() ? "]ᵀ" : "]") + " of " + c.c()
        .dtype() + ", rows of " + c.lda() + ", " + c.ldb() + ", " + c.ldc() + ", batch strides " + c.aBatch() + ", " + c.bBatch() + ", " + c.cBatch();
  }
}
