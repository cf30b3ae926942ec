/** Kernels for the CPU. */
module org.cotangent.cpu {
  requires org.cotangent.core;
  requires static jdk.incubator.vector;

  provides org.cotangent.spi.BackendProvider with
      org.cotangent.cpu.CpuProvider;
}
