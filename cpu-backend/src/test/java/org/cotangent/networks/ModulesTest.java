package org.cotangent.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.TernaryOperator;
import org.cotangent.nn.*;
import org.cotangent.ops.BagOptions;
import org.cotangent.ops.ClassOptions;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.InterpolateOptions;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Resampling;
import org.junit.jupiter.api.Test;

/** Modules without parameters, and losses: they print and compute what PyTorch's do. */
class ModulesTest {
  private static final Generator G = Generator.standard();

  private static List<Layer> withParameters() {
    RecurrentOptions o = RecurrentOptions.DEFAULT;
    ConvOptions c = ConvOptions.DEFAULT;
    return List.of(
        new RNN(3, 2, RNN.Nonlinearity.TANH, o.layers(2).bidirectional(true)), new LSTM(3, 4, o.batchFirst(true).projection(2)),
        new GRU(3, 2, o.bias(false).layers(2).dropout(0.5)), new LSTMCell(3, 2), new GRUCell(3, 2, false, G),
        new RNNCell(3, 2, RNN.Nonlinearity.RELU, true, G), new Conv3d(2, 4, 3, c.padding(1)),
        new ConvTranspose2d(2, 4, 3, c.stride(2).outputPadding(1)), new BatchNorm3d(4), new InstanceNorm2d(4), new GroupNorm(2, 4),
        new Bilinear(3, 2, 4), new EmbeddingBag(5, 3, BagOptions.DEFAULT.mode(BagOptions.Mode.SUM), G), new PReLU());
  }

  /** In the order of {@code networks.py}. */
  private static List<Layer> plain() {
    InterpolateOptions lines = InterpolateOptions.of(Resampling.BILINEAR);
    return List.of(
        new ReLU(), new Tanh(), new Sigmoid(), new SiLU(), new Mish(), new ReLU6(), new SELU(), new LogSigmoid(), new Softsign(),
        new Tanhshrink(), new Hardsigmoid(), new Hardswish(), new ELU(), new CELU(0.5), new Hardshrink(), new Softshrink(0.25),
        new Hardtanh(-2, 1.5), new Threshold(0.1, 20), new LogSoftmax(1), new Softmin(-1), new Softmax2d(), new GLU(1), new RReLU(),
        new LeakyReLU(0.2), new Softplus(1.5, 2), new Dropout1d(0.2, G), new Dropout2d(0.2, G), new Dropout3d(0.2, G), new AlphaDropout(),
        new FeatureAlphaDropout(), new PixelShuffle(2), new PixelUnshuffle(2), new LocalResponseNorm(2), new MaxPool1d(2),
        new MaxPool3d(PoolOptions.of(3).stride(2).padding(1)), new AvgPool1d(2), new AvgPool3d(2), new AdaptiveAvgPool1d(3),
        new AdaptiveAvgPool2d(3, -1), new AdaptiveAvgPool3d(2), new AdaptiveMaxPool1d(3), new AdaptiveMaxPool2d(3),
        new AdaptiveMaxPool3d(2, 3, 1), new ConstantPad1d(2, 3.5), new ConstantPad2d(1, 0, 2, 1, 3.5), new ConstantPad3d(1, 3.5),
        new ZeroPad2d(1), new ReflectionPad1d(2), new ReflectionPad2d(1, 2, 3, 0), new ReflectionPad3d(1), new ReplicationPad1d(2),
        new ReplicationPad2d(1, 2, 3, 0), new ReplicationPad3d(1), new Unfold(2),
        new Fold(new int[] {2, 3}, new int[] {2, 2}, ConvOptions.DEFAULT), new LPPool1d(2, 3), new LPPool2d(2, 2), new Upsample(2),
        new Upsample(new int[] {3, 4}, lines));
  }

  /** PyTorch prints a size that is the same along all axes as one number or as many, as it was given. */
  private static String text(Object s) {
    return s.toString().replaceAll("\\((\\d+), \\1(?:, \\1)?\\)", "$1").replaceAll("=\\((\\d+),\\)", "=$1");
  }

  @Test
  void theyPrintWhatPyTorchPrints() {
    var layers = new java.util.ArrayList<>(withParameters());
    layers.addAll(plain());
    List<String> want = Recorded.lines().stream().filter(l -> l.startsWith("repr|")).map(l -> text(l.substring(5))).toList();
    assertThat(layers.stream().map(ModulesTest::text).toList()).isEqualTo(want);
  }

  @Test
  void theyComputeWhatPyTorchComputes() {
    List<Layer> layers = plain();
    for (int i = 0; i < layers.size(); i++) {
      Layer l = layers.get(i).eval();
      Recorded.of("plain " + i).compare(x -> new Tensor[] {l.apply(x[0])}, Map.of());
    }
  }

  private static void same(String name, BinaryOperator<Tensor> f) {
    Recorded.of(name).compare(x -> new Tensor[] {f.apply(x[0], x[1])}, Map.of());
  }

  private static void same(String name, TernaryOperator f) {
    Recorded.of(name).compare(x -> new Tensor[] {f.apply(x[0], x[1], x[2])}, Map.of());
  }

  private static void same(String name, Tensor target, BinaryOperator<Tensor> f) {
    Recorded.of(name).compare(x -> new Tensor[] {f.apply(x[0], target)}, Map.of());
  }

  private static void same(String name, Tensor target, TernaryOperator f) {
    Recorded.of(name).compare(x -> new Tensor[] {f.apply(x[0], x[1], target)}, Map.of());
  }

  private static Tensor weight() {
    return Tensor.of(0.5, 1, 2, 1.5);
  }

  @Test
  void lossesOfNumbers() {
    LossReduction mean = LossReduction.MEAN;
    same("MSELoss", new MSELoss());
    same("L1Loss", new L1Loss(LossReduction.SUM));
    same("SmoothL1Loss", new SmoothL1Loss(0.5, mean));
    same("HuberLoss", new HuberLoss(0.5, mean));
    Tensor targets = Recorded.of("targets").input(0);
    same("BCELoss", targets, new BCELoss(Optional.of(weight()), mean));
    same("BCEWithLogitsLoss", targets, new BCEWithLogitsLoss(Optional.of(weight()), Optional.of(weight().add(1.0)), mean));
    same("KLDivLoss", new KLDivLoss(false, true, mean));
    same("PoissonNLLLoss", new PoissonNLLLoss());
    same("GaussianNLLLoss", new GaussianNLLLoss(true, 1e-6, mean));
    Tensor sign = Tensor.of(1.0, -1, 1);
    same("HingeEmbeddingLoss", sign, new HingeEmbeddingLoss(0.7, mean));
    same("SoftMarginLoss", sign, new SoftMarginLoss());
    same("MarginRankingLoss", sign, new MarginRankingLoss(0.2, mean));
    same("CosineEmbeddingLoss", sign, new CosineEmbeddingLoss(0.1, mean));
    same("TripletMarginLoss", new TripletMarginLoss(1, 2, 1e-6, true, mean));
    same("TripletMarginWithDistanceLoss", new TripletMarginWithDistanceLoss(
        (x, y) -> new PairwiseDistance().apply(x, y), 0.5, false, mean));
    same("CosineSimilarity", new CosineSimilarity());
    same("PairwiseDistance", new PairwiseDistance(1, 1e-6, false));
  }

  @Test
  void lossesOfClasses() {
    LossReduction mean = LossReduction.MEAN;
    same("CrossEntropyLoss", new CrossEntropyLoss(ClassOptions.DEFAULT.weight(weight()).labelSmoothing(0.1)));
    same("NLLLoss", new NLLLoss(ClassOptions.DEFAULT.weight(weight())));
    same("MultiLabelMarginLoss", new MultiLabelMarginLoss());
    same("MultiLabelSoftMarginLoss", new MultiLabelSoftMarginLoss(Optional.of(weight()), mean));
    same("MultiMarginLoss", new MultiMarginLoss(2, 0.5, Optional.of(weight()), mean));
    Tensor targets = Tensor.of(new long[] {1, 2, 2, 3, 1, 0}, 2, 3);
    Recorded.of("CTCLoss").compare(x -> new Tensor[] {
        new CTCLoss().apply(x[0].logSoftmax(2), targets, new int[] {5, 4}, new int[] {3, 2})}, Map.of());
  }

  @Test
  void unpoolingIsWhereThePoolTookItsElements() {
    Tensor x = Tensor.of(new double[] {1, 4, 2, 3, 0, 5}, 1, 1, 6);
    var pooled = org.cotangent.ops.Pooling.maxPool1dWithIndices(x, PoolOptions.of(2));
    assertThat(new MaxUnpool1d(2).apply(pooled.values(), pooled.indices()).toDoubleArray()).containsExactly(0, 4, 0, 3, 0, 5);
    assertThat(new MaxUnpool1d(2).apply(pooled.values(), pooled.indices(), 7).toDoubleArray()).containsExactly(0, 4, 0, 3, 0, 5, 0);
  }

  @Test
  void paddingsThatPyTorchHadNotYet() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}, 1, 1, 3);
    assertThat(new CircularPad1d(1, 2).apply(x).toDoubleArray()).containsExactly(3, 1, 2, 3, 1, 2);
    assertThat(new ZeroPad1d(0, 1).apply(x).toDoubleArray()).containsExactly(1, 2, 3, 0);
    Tensor y = Tensor.of(new double[] {1, 2, 3, 4}, 1, 1, 2, 2);
    assertThat(new CircularPad2d(1, 0, 0, 1).apply(y).toDoubleArray()).containsExactly(2, 1, 2, 4, 3, 4, 2, 1, 2);
    Tensor z = y.reshape(1, 1, 1, 2, 2);
    assertThat(new CircularPad3d(1).apply(z).shape().dims()).containsExactly(1, 1, 3, 4, 4);
    assertThat(new ZeroPad3d(0, 0, 0, 0, 1, 0).apply(z).toDoubleArray()).containsExactly(0, 0, 0, 0, 1, 2, 3, 4);
  }

  @Test
  void randomLayersDrawInTrainingModeOnly() {
    Tensor x = Tensor.ones(2, 8, 6);
    assertThat(new Dropout1d(0.5, new Generator(1)).apply(x).sum(2).eq(0).sum().itemLong()).isBetween(1L, 15L);
    Tensor dropped = new AlphaDropout(0.5, new Generator(1)).apply(x);
    assertThat(dropped.toFloatArray()[0]).isNotEqualTo(1);
    Tensor slopes = new RReLU(0.1, 0.2, new Generator(1)).apply(x.neg());
    assertThat(slopes.min().item()).isBetween(-0.2, -0.1);
    assertThat(slopes.max().item()).isGreaterThan(slopes.min().item());
    Tensor sample = org.cotangent.ops.Dropouts.gumbelSoftmax(Tensor.zeros(200, 3), 1, true, -1, new Generator(2));
    assertThat(sample.sum(-1).toFloatArray()).containsOnly(1);
    assertThat(sample.sum(0).min().item()).isGreaterThan(40);
    Tensor places = new FractionalMaxPool2d(2, new int[] {3, 4}, new Generator(3)).apply(Tensor.rand(1, 2, 7, 8));
    assertThat(places.shape().dims()).containsExactly(1, 2, 3, 4);
    Tensor volumes = new FractionalMaxPool3d(2, 2, 3, 2).apply(Tensor.rand(2, 5, 6, 5));
    assertThat(volumes.shape().dims()).containsExactly(2, 2, 3, 2);
    var pooled = org.cotangent.ops.Pooling.maxPool2dWithIndices(Tensor.rand(1, 4, 4), PoolOptions.of(2));
    Tensor back = new MaxUnpool2d(2).apply(pooled.values(), pooled.indices()).reshape(1, 16);
    assertThat(back.gather(1, pooled.indices().reshape(1, 4)).toFloatArray()).isEqualTo(pooled.values().toFloatArray());
    var volume = org.cotangent.ops.Pooling.maxPool3dWithIndices(Tensor.rand(1, 2, 4, 4), PoolOptions.of(2));
    assertThat(new MaxUnpool3d(2).apply(volume.values(), volume.indices()).shape().dims()).containsExactly(1, 2, 4, 4);
  }
}
