package org.cotangent.nn;

import org.cotangent.ops.Patches;

/** Channels of the groups taken in turn (Zhang et al. 2018). */
public final class ChannelShuffle extends Parameterless {
  /** With so many groups. */
  public ChannelShuffle(int groups) {
    super(x -> Patches.channelShuffle(x, groups), "groups=" + groups);
  }
}
