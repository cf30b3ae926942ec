package org.cotangent.spi;

/**
 * What a device's allocator holds.
 *
 * @param liveBuffers allocated and not freed, as far as scopes or owners freed them
 * @param liveBytes bytes in those
 * @param peakBytes the most that was live at once since the last reset
 * @param pooledBytes freed and kept for reuse
 * @param allocations buffers handed out so far
 */
public record MemoryStats(long liveBuffers, long liveBytes, long peakBytes, long pooledBytes, long allocations) {}
