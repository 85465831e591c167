// Package nn builds, starts and trains networks, and reads and writes their
// weights.
//
// # Words and layout
//
// A Model is a list of layers read from a SPEC, as
// "conv:256x3,relu,flatten,dense:64,relu,dense:classes". Its parameters are named
// and shaped as torch.nn.Sequential names them: element 0 has "0.weight" [K, C, R,
// S] and "0.bias" [K], a dense layer [Out, In] and [Out]. All parameters of a
// model lie in one slice, gradients and momentum in two more; activations are
// reserved once for the largest batch. A layer that works in place shares its
// input's memory:
//
//	x [N,C,H,W] -> conv -> act0 -> relu (act0) -> flatten (act0) -> dense -> act3 ...
//
// The order of a layer's file is forward, then backward. Models are float32;
// float64 ones exist so that gradients can be checked against finite differences.
//
// # Promises
//
// The weights after any number of steps depend on the seed, the configuration and
// the data alone: not on threads, kernel path or architecture. Arithmetic is
// the version of that promise. A training step allocates nothing after the
// first. A Trainer that resumes from a checkpoint ends in the same bits. A
// NaN in a loss or a weight ends a run with an error. Nothing here is safe for
// concurrent use of one Model; different Models on different Pools are.
//
// # Initialisers
//
// An Initializer is a value: stream and shape in, weights out. Those that need
// data come in two steps: Measure gives LayerStats, Eigenmap draws from them.
// Every tensor has a stream of its own ("init/0.weight"), so that starting one
// layer another way moves no other.
//
// # Errors
//
// Networks, configurations and files that cannot be used give an error that names
// the element, field, tensor or byte. Wrong lengths passed to a layer panic.
//
// # References
//
// K. He et al., Delving Deep into Rectifiers, 2015; H. Maennel et al., What Do
// Neural Networks Learn When Trained With Random Labels?, NeurIPS 2020.
package nn
