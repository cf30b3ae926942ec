/** JMH benchmarks. */
open module org.cotangent.benchmarks {
  requires org.cotangent.core;
  requires jmh.core;
}
