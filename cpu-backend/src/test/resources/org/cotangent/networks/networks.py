# Prints networks.txt: modules of PyTorch 1.13.1 with their parameters, inputs, outputs and gradients, float64.
# Run as: python3 networks.py > networks.txt
# A line is name|what|shape|numbers, where what is "param KEY", "buffer KEY", "input I", "output I", "after KEY" (a buffer after the
# call), "index I" (an input of integers), "inputBar I" or "paramBar KEY": gradients of the sum over outputs o and elements k of cos(k + o) times the element.
# Lines that begin with "repr|" hold what Python prints of a module.
import torch
from torch import nn

torch.manual_seed(11)
D = torch.float64


def show(name, what, t):
    numbers = " ".join(repr(float(v)) for v in t.detach().reshape(-1).tolist())
    print("%s|%s|%s|%s" % (name, what, " ".join(map(str, t.shape)), numbers))


def case(name, module, inputs, call=None):
    module = module.to(D)
    for p in module.parameters():
        p.data.copy_(torch.randn_like(p) * 0.4)
    for k, p in module.named_parameters():
        show(name, "param " + k, p)
    for k, b in module.named_buffers():
        show(name, "buffer " + k, b)
    inputs = [x.to(D).requires_grad_() if x.is_floating_point() else x for x in inputs]
    for i, x in enumerate(inputs):
        show(name, ("input %d" if x.is_floating_point() else "index %d") % i, x)
    out = call(module, *inputs) if call else module(*inputs)
    flat = []

    def walk(o):
        if isinstance(o, torch.Tensor):
            flat.append(o)
        else:
            for q in o:
                walk(q)
    walk(out)
    s = 0
    for j, o in enumerate(flat):
        show(name, "output %d" % j, o)
        s = s + (torch.cos(torch.arange(o.numel(), dtype=D) + j) * o.reshape(-1)).sum()
    for k, b in module.named_buffers():
        show(name, "after " + k, b)
    s.backward()
    for i, x in enumerate(inputs):
        if x.requires_grad:
            show(name, "inputBar %d" % i, x.grad)
    for k, p in module.named_parameters():
        show(name, "paramBar " + k, p.grad if p.grad is not None else torch.zeros_like(p))


R = torch.randn
state = lambda m, x, *s: m(x, s[0] if len(s) == 1 else s)
case("rnn", nn.RNN(3, 2), [R(4, 2, 3)])
case("rnn relu deep both", nn.RNN(3, 2, 2, nonlinearity="relu", bidirectional=True, batch_first=True), [R(2, 3, 3), R(4, 2, 2)], state)
case("gru", nn.GRU(3, 2), [R(4, 3)])
case("gru deep both", nn.GRU(3, 2, 2, bidirectional=True, bias=False), [R(3, 2, 3), R(4, 2, 2)], state)
case("lstm", nn.LSTM(3, 2), [R(4, 2, 3)])
case("lstm deep both", nn.LSTM(3, 2, 2, bidirectional=True, batch_first=True), [R(2, 3, 3), R(4, 2, 2), R(4, 2, 2)], state)
case("lstm projected", nn.LSTM(3, 4, 2, proj_size=2, bidirectional=True), [R(3, 2, 3)])
case("lstm single", nn.LSTM(3, 2), [R(4, 3), R(1, 2), R(1, 2)], state)
case("rnn cell", nn.RNNCell(3, 2), [R(2, 3), R(2, 2)])
case("rnn cell relu", nn.RNNCell(3, 2, nonlinearity="relu"), [R(3), R(2)])
case("gru cell", nn.GRUCell(3, 2), [R(2, 3), R(2, 2)])
case("lstm cell", nn.LSTMCell(3, 2), [R(2, 3), R(2, 2), R(2, 2)], state)
case("attention", nn.MultiheadAttention(4, 2), [R(3, 2, 4), R(5, 2, 4), R(5, 2, 4)])
case("attention widths", nn.MultiheadAttention(4, 2, kdim=3, vdim=5, batch_first=True), [R(2, 3, 4), R(2, 5, 3), R(2, 5, 5)])
case("attention self", nn.MultiheadAttention(4, 2, bias=False), [R(3, 4)], lambda m, x: m(x, x, x))
hidden = torch.tensor([[False, False, True], [False, True, True]])
case("attention padded", nn.MultiheadAttention(4, 2, batch_first=True), [R(2, 3, 4)],
     lambda m, x: m(x, x, x, key_padding_mask=hidden, attn_mask=torch.triu(torch.ones(3, 3), 1).bool()))
case("encoder layer", nn.TransformerEncoderLayer(4, 2, 5, 0.0, batch_first=True), [R(2, 3, 4)])
case("encoder layer norm first", nn.TransformerEncoderLayer(4, 2, 5, 0.0, activation="gelu", norm_first=True), [R(3, 2, 4)])
case("encoder layer causal", nn.TransformerEncoderLayer(4, 2, 5, 0.0), [R(3, 2, 4)],
     lambda m, x: m(x, torch.triu(torch.ones(3, 3), 1).bool()))
case("encoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 3, 0.0), 2, nn.LayerNorm(4)), [R(3, 2, 4)])
case("conv3d", nn.Conv3d(2, 4, (1, 2, 2), stride=(1, 2, 1), padding=(0, 1, 1), groups=2), [R(1, 2, 2, 3, 2)])
case("conv transposed 1d", nn.ConvTranspose1d(2, 4, 3, stride=2, padding=1, output_padding=1, groups=2), [R(2, 2, 3)])
case("conv transposed 2d", nn.ConvTranspose2d(2, 3, 2, stride=2, bias=False), [R(1, 2, 2, 3)])
case("conv transposed 3d", nn.ConvTranspose3d(2, 1, 2, dilation=2), [R(1, 2, 1, 2, 2)])
case("batch norm 3d", nn.BatchNorm3d(2), [R(2, 2, 2, 1, 2)])
case("instance norm 1d", nn.InstanceNorm1d(2), [R(2, 3)])
case("instance norm 2d", nn.InstanceNorm2d(2, affine=True, track_running_stats=True), [R(2, 2, 2, 2)])
case("instance norm 3d", nn.InstanceNorm3d(2, track_running_stats=True).eval(), [R(2, 2, 1, 2, 2)])
case("group norm", nn.GroupNorm(2, 4), [R(2, 4, 3)])
case("bilinear", nn.Bilinear(3, 2, 4), [R(2, 3), R(2, 2)])
case("prelu", nn.PReLU(3), [R(2, 3, 2)])
case("embedding bag", nn.EmbeddingBag(5, 3, mode="sum", padding_idx=1), [torch.tensor([0, 1, 4, 2, 2]), torch.tensor([0, 2, 2])])
case("embedding bag mean", nn.EmbeddingBag(5, 3), [torch.tensor([[0, 1], [4, 4]])])
case("crop", nn.Sequential(nn.ReflectionPad2d((1, 0, 2, -1)), nn.MaxPool2d(2, 1), nn.Upsample(scale_factor=1.5)), [R(1, 1, 3, 3)])

for m in [nn.RNN(3, 2, 2, bidirectional=True), nn.LSTM(3, 4, batch_first=True, proj_size=2), nn.GRU(3, 2, bias=False, num_layers=2, dropout=0.5),
          nn.LSTMCell(3, 2), nn.GRUCell(3, 2, bias=False), nn.RNNCell(3, 2, nonlinearity="relu"), nn.Conv3d(2, 4, 3, padding=1),
          nn.ConvTranspose2d(2, 4, 3, stride=2, output_padding=1), nn.BatchNorm3d(4), nn.InstanceNorm2d(4), nn.GroupNorm(2, 4),
          nn.Bilinear(3, 2, 4), nn.EmbeddingBag(5, 3, mode="sum"), nn.PReLU()]:
    print("repr|" + repr(m))

# Modules without parameters, in evaluation mode: their text, then the case "plain I".
L, P, V = (1, 4, 5), (1, 4, 4, 4), (1, 1, 3, 3, 3)
plain = [(nn.ReLU(), L), (nn.Tanh(), L), (nn.Sigmoid(), L), (nn.SiLU(), L),
         (nn.Mish(), L), (nn.ReLU6(), L), (nn.SELU(), L), (nn.LogSigmoid(), L), (nn.Softsign(), L), (nn.Tanhshrink(), L),
         (nn.Hardsigmoid(), L), (nn.Hardswish(), L), (nn.ELU(), L), (nn.CELU(0.5), L), (nn.Hardshrink(), L), (nn.Softshrink(0.25), L),
         (nn.Hardtanh(-2.0, 1.5), L), (nn.Threshold(0.1, 20.0), L), (nn.LogSoftmax(1), L), (nn.Softmin(-1), L), (nn.Softmax2d(), P),
         (nn.GLU(1), L), (nn.RReLU(), L), (nn.LeakyReLU(0.2), L), (nn.Softplus(1.5, 2.0), L), (nn.Dropout1d(0.2), L), (nn.Dropout2d(0.2), P),
         (nn.Dropout3d(0.2), V), (nn.AlphaDropout(), L), (nn.FeatureAlphaDropout(), L), (nn.PixelShuffle(2), P), (nn.PixelUnshuffle(2), P),
         (nn.LocalResponseNorm(2), L), (nn.MaxPool1d(2), L), (nn.MaxPool3d(3, 2, 1), V), (nn.AvgPool1d(2), L),
         (nn.AvgPool3d(2), V), (nn.AdaptiveAvgPool1d(3), L), (nn.AdaptiveAvgPool2d((3, None)), P), (nn.AdaptiveAvgPool3d(2), V),
         (nn.AdaptiveMaxPool1d(3), L), (nn.AdaptiveMaxPool2d(3), P), (nn.AdaptiveMaxPool3d((2, 3, 1)), V),
         (nn.ConstantPad1d(2, 3.5), L), (nn.ConstantPad2d((1, 0, 2, 1), 3.5), P), (nn.ConstantPad3d(1, 3.5), V), (nn.ZeroPad2d(1), P),
         (nn.ReflectionPad1d(2), L), (nn.ReflectionPad2d((1, 2, 3, 0)), P), (nn.ReflectionPad3d(1), V),
         (nn.ReplicationPad1d(2), L), (nn.ReplicationPad2d((1, 2, 3, 0)), P), (nn.ReplicationPad3d(1), V),
         (nn.Unfold(2), P), (nn.Fold((2, 3), (2, 2)), (1, 4, 2)), (nn.LPPool1d(2.0, 3), (1, 1, 6)), (nn.LPPool2d(2.0, (2, 2)), (1, 4, 4)),
         (nn.Upsample(scale_factor=2.0), L), (nn.Upsample(size=(3, 4), mode="bilinear"), P)]
for i, (m, shape) in enumerate(plain):
    print("repr|" + repr(m))
    case("plain %d" % i, m.eval(), [R(shape)])

p = lambda *s: torch.rand(*s) * 0.8 + 0.1
sign = torch.tensor([1.0, -1.0, 1.0])
labels = torch.tensor([2, 0, 3])
w = torch.tensor([0.5, 1.0, 2.0, 1.5]).to(D)
case("MSELoss", nn.MSELoss(), [R(3, 4), R(3, 4)])
case("L1Loss", nn.L1Loss(reduction="sum"), [R(3, 4), R(3, 4)])
case("SmoothL1Loss", nn.SmoothL1Loss(beta=0.5), [R(3, 4), R(3, 4)])
case("HuberLoss", nn.HuberLoss(delta=0.5), [R(3, 4), R(3, 4)])
case("CrossEntropyLoss", nn.CrossEntropyLoss(weight=w, label_smoothing=0.1), [R(3, 4), labels])
case("NLLLoss", nn.NLLLoss(weight=w), [R(3, 4), labels])
fixed = R(3, 4).sigmoid().to(D)
show("targets", "input 0", fixed)
case("BCELoss", nn.BCELoss(weight=w), [p(3, 4)], lambda m, x: m(x, fixed))
case("BCEWithLogitsLoss", nn.BCEWithLogitsLoss(weight=w, pos_weight=w + 1), [R(3, 4)], lambda m, x: m(x, fixed))
case("KLDivLoss", nn.KLDivLoss(reduction="batchmean"), [R(3, 4), p(3, 4)])
case("PoissonNLLLoss", nn.PoissonNLLLoss(), [R(3, 4), p(3, 4)])
case("GaussianNLLLoss", nn.GaussianNLLLoss(full=True), [R(3, 4), R(3, 4), p(3, 1)])
case("HingeEmbeddingLoss", nn.HingeEmbeddingLoss(margin=0.7), [R(3)], lambda m, x: m(x, sign.to(D)))
case("SoftMarginLoss", nn.SoftMarginLoss(), [R(3)], lambda m, x: m(x, sign.to(D)))
case("MultiLabelMarginLoss", nn.MultiLabelMarginLoss(), [R(2, 4), torch.tensor([[3, 0, -1, 1], [1, -1, 0, 2]])])
case("MultiLabelSoftMarginLoss", nn.MultiLabelSoftMarginLoss(weight=w), [R(3, 4), p(3, 4)])
case("MultiMarginLoss", nn.MultiMarginLoss(p=2, margin=0.5, weight=w), [R(3, 4), labels])
case("MarginRankingLoss", nn.MarginRankingLoss(margin=0.2), [R(3), R(3)], lambda m, x, y: m(x, y, sign.to(D)))
case("CosineEmbeddingLoss", nn.CosineEmbeddingLoss(margin=0.1), [R(3, 4), R(3, 4)], lambda m, x, y: m(x, y, sign.to(D)))
case("TripletMarginLoss", nn.TripletMarginLoss(swap=True), [R(3, 4), R(3, 4), R(3, 4)])
case("TripletMarginWithDistanceLoss", nn.TripletMarginWithDistanceLoss(margin=0.5), [R(3, 4), R(3, 4), R(3, 4)])
case("CTCLoss", nn.CTCLoss(), [R(5, 2, 4)], lambda m, x: m(x.log_softmax(2), torch.tensor([[1, 2, 2], [3, 1, 0]]), (5, 4), (3, 2)))
case("CosineSimilarity", nn.CosineSimilarity(), [R(3, 4), R(3, 4)])
case("PairwiseDistance", nn.PairwiseDistance(p=1.0), [R(3, 4), R(3, 4)])

causal = lambda n: torch.triu(torch.ones(n, n), 1).bool()
case("attention bias kv", nn.MultiheadAttention(4, 2, add_bias_kv=True), [R(3, 2, 4), R(5, 2, 4), R(5, 2, 4)])
case("attention added keys", nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True), [R(3, 2, 4)],
     lambda m, x: m(x, x, x, attn_mask=causal(3)))
case("decoder layer", nn.TransformerDecoderLayer(4, 2, 5, 0.0), [R(3, 2, 4), R(5, 2, 4)])
case("decoder layer norm first", nn.TransformerDecoderLayer(4, 2, 5, 0.0, batch_first=True, norm_first=True), [R(2, 3, 4), R(2, 5, 4)],
     lambda m, x, y: m(x, y, tgt_mask=causal(3), memory_mask=torch.tensor([False, True, False, False, True]).expand(3, 5)))
case("transformer", nn.Transformer(4, 2, 1, 2, 3, 0.0), [R(5, 2, 4), R(3, 2, 4)], lambda m, x, y: m(x, y, tgt_mask=causal(3)))
lengths = torch.tensor([2, 4, 3])


def packed(m, x):
    p = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=m.batch_first, enforce_sorted=False)
    y, h = m(p)
    return nn.utils.rnn.pad_packed_sequence(y, batch_first=m.batch_first)[0], h


case("rnn lengths", nn.RNN(3, 2), [R(4, 3, 3)], packed)
case("gru lengths", nn.GRU(3, 2, 2, bidirectional=True, batch_first=True), [R(3, 4, 3)], packed)
case("lstm lengths", nn.LSTM(3, 2, 2, bidirectional=True), [R(4, 3, 3)], packed)
