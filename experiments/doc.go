// Package experiments asks the study's questions: data sources, one file for
// each figure or question, what was found as files, and the report.
//
// # Words and layout
//
// A Source is read by index, so that only the examples in use are ever made or
// decoded. A Preset fixes the size of a study, an Env says where it runs. An
// Experiment trains what it needs, and ends in claims:
//
//	results/report.html
//	results/<experiment>/{config.json, result.json, *.csv, *.svg, *.png}
//	results/.runs/<digest of a training's settings>.gob
//
// Each seed has its own upstream images (random labels), downstream images (real
// labels), weights and order of batches. The arms of a comparison share all of that
// and differ in their start only.
//
// # Promises
//
// Numbers depend on source, preset and seed alone; the seed is the unit of
// replication, and every figure shows its spread over seeds. A claim's verdict
// follows from its interval and its threshold, and nothing else. Statistics use
// this project's own exp and log, so that results are the same files on every
// machine. A folder that has result.json is complete. Trainings run in
// parallel, each on its own pool, which takes threads over from those that are
// done; a finished one is never trained again.
//
// # Errors
//
// Data that cannot be used give an error that matches ErrName, ErrSpec, ErrNoData or
// ErrFile and says file, field, found and expected. A training that diverges is
// a finding about its start and is noted, not an error.
//
// # References
//
// H. Maennel et al., What Do Neural Networks Learn When Trained With Random
// Labels?, NeurIPS 2020; A. Lee, D. Mumford, J. Huang, Occlusion Models for
// Natural Images (dead leaves), IJCV 41, 2001.
package experiments
