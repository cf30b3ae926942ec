package org.cotangent.examples.conformance;

import me.tongfei.progressbar.ProgressBarConsumer;

/** Shows no progress. */
final class Silent implements ProgressBarConsumer {
  @Override
  public int getMaxRenderedLength() {
    return 1;
  }

  @Override
  public void accept(String line) {}

  @Override
  public void close() {}
}
