/** Kernels for the CPU. */
module org.cotangent.cpu {
  requires org.cotangent.core;
  requires static jdk.incubator.vector;

  exports org.cotangent.cpu.math to
      org.cotangent.examples;

  provides org.cotangent.spi.BackendProvider with
      org.cotangent.cpu.CpuProvider;
}
