package org.cotangent.cpu.kernel;

/**
 * How a block of a program is computed.
 *
 * @param stages what runs, in order
 * @param computed the steps whose blocks the stages write
 * @param registers by step: the number of its scratch block among those of its kind; -1 for one without
 */
record Plan(Stage[] stages, int[] computed, int[] registers) {}
