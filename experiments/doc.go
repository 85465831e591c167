// Package experiments asks the study's questions, one file each, and writes
// what it finds.
package experiments
