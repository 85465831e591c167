// Package nn builds, starts and trains networks, and reads and writes their
// weights.
//
// # Words and layout
//
// A Model is a graph of layers read from a SPEC, as
// "conv:256x3,relu,flatten,dense:64,relu,dense:classes"; residual blocks make it
// more than a chain. Its tensors are named and shaped as torch.nn.Sequential
// names them: element 0 has "0.weight" [K, C, R, S] and "0.bias" [K], a dense
// layer [Out, In] and [Out]; named networks call them as torchvision does.
// Params are trained, Buffers (the running statistics of batch norm) follow
// from the data; both stand in weight files, checkpoints and digests, PyTorch's
// num_batches_tracked in none. All trained values of a model lie in one slice,
// weights before the rest, gradients and momentum in two more. In Model.Step the weight
// of a large dense layer of few outputs takes its step of SGD on the way back, a block
// of columns at a time: its gradient then stands nowhere.
//
// The outputs of layers and the gradients on their way back stand in one arena,
// laid out once for the largest batch: layers say in Needs what they read on
// the way back, and what is never alive at the same time shares memory. A layer
// that works in place, a view, or a ReLU that the layer before it does, has its
// input's memory. Little is kept for the way back but what convolutions and dense
// layers made: batch norm's outputs, residual sums and a first layer of few channels
// are made once more, in a pass over memory; a convolution by Winograd's algorithm with stride 1
// reads through the batch norm before it, whose output then never exists; max
// pooling behind a ReLU notes its winners. A gradient takes the memory of the output
// that it is made from where nobody reads that again. The gradient of a fused ReLU
// is left to the dense or max pooling layer behind it, if there is one:
//
//	x [N,C,H,W] -> conv -> a0 -> relu (a0) -> flatten (a0) -> dense -> a3 ...
//	x -> conv -> a0 -> batchnorm -> a1 -> ... -> a4 + a0 -> res (a4) -> relu (a4) ...
//
// The order of a layer's file is forward, then backward. Models are float32;
// float64 ones exist so that gradients can be checked against finite differences.
//
// # Promises
//
// The weights after any number of steps depend on the seed, the configuration and
// the data alone: not on threads, kernel path or architecture. Arithmetic is
// the version of that promise. A training step allocates nothing after the
// first. A Trainer that resumes from a checkpoint ends in the same bits; dropout
// draws from a stream of each layer and step. A NaN in a loss or a weight ends a
// run with an error. Observe costs nothing where it is nil. Nothing here is safe
// for concurrent use of one Model; different Models on different Pools are. Prepack,
// with which Evaluate begins, makes Forward faster while the weights stay as they are.
//
// # Initialisers
//
// An Initializer is a value: stream and shape in, weights out. Those that need
// data come in two steps: Measure gives LayerStats, from which Eigenmap draws and
// InitWhiten and InitKMeans take their filters. Every tensor has a stream of its
// own ("init/0.weight"), so that starting one layer another way moves no other.
//
// # Errors
//
// Networks, configurations and files that cannot be used give an error that names
// the element, field, tensor or byte. Wrong lengths passed to a layer panic.
//
// # References
//
// K. He et al., Delving Deep into Rectifiers, 2015, and Deep Residual Learning,
// 2016; K. Simonyan and A. Zisserman, Very Deep Convolutional Networks, 2015; S.
// Zagoruyko and N. Komodakis, Wide Residual Networks, 2016; S. Ioffe and C.
// Szegedy, Batch Normalization, 2015; D. Mishkin and J. Matas, All You Need Is a
// Good Init, 2016; H. Maennel et al., What Do Neural Networks Learn When Trained
// With Random Labels?, NeurIPS 2020.
package nn
