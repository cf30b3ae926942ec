package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.cotangent.cuda.CudaException;
import org.junit.jupiter.api.Test;

/** NVRTC runs without a driver. */
class CompilerTest {
  static final KernelSource AXPY = new KernelSource("axpy", """
      extern "C" __global__ void axpy(float* y, const float* x, float a, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) y[i] = a * x[i] + y[i];
      }
      """);

  @Test
  void binariesAndTextAreMade() {
    Compiler.Compiled binary = Compiler.compile(AXPY, 80, Compiler.Form.CUBIN);
    assertThat(binary.image()).startsWith(0x7f, 'E', 'L', 'F');
    String ptx = new String(Compiler.compile(AXPY, 80, Compiler.Form.PTX).image(), StandardCharsets.ISO_8859_1);
    assertThat(ptx).contains(".target sm_80", ".entry axpy").endsWith("\0");
  }

  @Test
  void multiplicationAndAdditionAreNotContractedUnlessAsked() {
    String ptx = new String(Compiler.compile(AXPY, 80, Compiler.Form.PTX).image(), StandardCharsets.ISO_8859_1);
    assertThat(ptx).doesNotContain("fma").contains("mul").contains("add");
  }

  @Test
  void theLogHasRegistersWhereAskedFor() {
    var verbose = new KernelSource(AXPY.name(), AXPY.text(), List.of("-Xptxas", "-v"));
    assertThat(Compiler.compile(verbose, 90, Compiler.Form.CUBIN).log()).contains("registers");
  }

  @Test
  void anErrorNamesTheKernelAndTheLine() {
    var broken = new KernelSource("broken", "extern \"C\" __global__ void broken(int* x) {\n  x[0] = y;\n}");
    assertThatThrownBy(() -> Compiler.compile(broken, 80, Compiler.Form.CUBIN)).isInstanceOfSatisfying(CudaException.class, e -> {
      assertThat(e.status()).isEqualTo("NVRTC_ERROR_COMPILATION");
      assertThat(e.sticky()).isFalse();
    }).hasMessageContaining("kernel broken").hasMessageContaining("broken.cu(2)").hasMessageContaining("\"y\" is undefined");
  }

  @Test
  void theVersionAndTheArchitecturesAreKnown() {
    assertThat(Compiler.version()).isEqualTo(12090);
    assertThat(Compiler.architectures()).contains(75, 80, 89, 90, 100, 120).isSorted();
  }

  @Test
  void aDeviceRunsBinariesOfItsMajorVersionAndTextOfOlderOnes() {
    assertThat(Kernels.binaryArchitecture(86)).isEqualTo(86);
    assertThat(Kernels.binaryArchitecture(88)).isEqualTo(87);
    assertThat(Kernels.binaryArchitecture(130)).isZero();
    assertThat(Kernels.ptxArchitecture(130)).isEqualTo(121);
  }
}
