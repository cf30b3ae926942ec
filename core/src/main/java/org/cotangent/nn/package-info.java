/**
 * Layers of neural networks: trees of named parameters that map a tensor to a tensor. They and their parameters have PyTorch's names, so
 * that its state dictionaries load.
 *
 * <ul>
 * <li>The mechanism: {@link org.cotangent.nn.Layer}, {@link org.cotangent.nn.Sequential}, {@link org.cotangent.nn.Lambda}, {@link
 * org.cotangent.nn.Init}. A layer that is one function of its input is a constructor over {@code Parameterless}.
 * <li>Products: Linear, Bilinear, Conv1d to Conv3d, ConvTranspose1d to ConvTranspose3d.
 * <li>Recurrent: RNN, GRU, LSTM with {@link org.cotangent.nn.RecurrentOptions}, and RNNCell, GRUCell, LSTMCell.
 * <li>Attention: MultiheadAttention, TransformerEncoderLayer, TransformerEncoder.
 * <li>Lookups: Embedding, EmbeddingBag.
 * <li>Normalisation: BatchNorm, InstanceNorm, LayerNorm, GroupNorm, RMSNorm, LocalResponseNorm.
 * <li>Pools, paddings, upsampling, patches and pixel shuffles, each for one to three axes where PyTorch has them.
 * <li>Activations and dropout.
 * <li>Losses and distances: records of their settings that are functions of two or three tensors, {@code new
 * CrossEntropyLoss().apply(logits, targets)}; they hold no state, so they are no layers.
 * </ul>
 */
package org.cotangent.nn;
