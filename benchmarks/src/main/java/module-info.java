/** JMH benchmarks, and the comparison with other libraries. */
open module org.cotangent.benchmarks {
  requires org.cotangent.core;
  requires jmh.core;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires java.desktop;
  requires jdk.management;
  requires me.tongfei.progressbar;
  requires org.knowm.xchart;

  exports org.cotangent.benchmarks.compare;

  uses org.cotangent.benchmarks.compare.Engine;
}
