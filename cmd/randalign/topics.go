package main

import (
	"fmt"
	"strings"

	"randalign/experiments"
	"randalign/nn"
)

// archHelp, mapsHelp and dataHelp list what the packages below know.
func archHelp() string {
	names, about := nn.Architectures()
	forms, what := nn.ElementForms()
	var elements strings.Builder
	for i, f := range forms {
		fmt.Fprintf(&elements, "  %s\n      %s\n", f, what[i])
	}
	return "A network for --arch is one of these names\n\n" + twoColumns(names, about) + `
or a SPEC, its elements from left to right, separated by commas:

` + elements.String() + `
as conv:64x5:stride=2,relu,flatten,dense:64,relu,dense:classes. Tensors are
named by the element's place, counted from 0: 0.weight, 0.bias, 3.weight, ...;
batchnorm adds running_mean and running_var. Inside a res at place 3 they are
3.0.weight, ..., and 3.downsample.0.weight, ... of its shortcut. An element may
end in @NAME, which its tensors are called by in place of the number. An image
must pass flatten before dense.`
}

func mapsHelp() string {
	names, about := nn.Families()
	return `An eigenvalue mapping f takes u, the deviation of a layer's inputs along an
eigenvector of their covariance, to that of its weights. For --map, and for
--init eigenmap:FAMILY, it is FAMILY or FAMILY:NUMBER:

` + twoColumns(names, about) + `
or @FILE.json, a list [[u, f], ...] in increasing u, joined by straight lines
and constant outside. u is in the data's own units for a first conv layer, and
in units of the mean of the 20 leading deviations elsewhere.`
}

func dataHelp() string {
	list := experiments.SourceNames("")
	names, about := make([]string, len(list)), make([]string, len(list))
	for i, s := range list {
		names[i], about[i] = s.Name, s.Where
	}
	return "Data for --data, and where they are on this machine:\n\n" + twoColumns(names, about) + `
or the path of a folder of CIFAR binary batches (data_batch_1.bin, ...,
test_batch.bin). gaussian:SPEC is N(0, diag) with the deviations SPEC, a list
of S, SxCOUNT or FROM..TOxCOUNT, as gaussian:0.1..3.0x30, and :n=N examples.

Pixels are standardised per channel by mean and deviation of the training
examples in use; --normalize symmetric is (v/255 - 0.5)/0.5, unit v/255, none v.`
}

func twoColumns(names, about []string) string {
	width := 0
	for _, n := range names {
		width = max(width, len(n))
	}
	var b strings.Builder
	for i, n := range names {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, n, about[i])
	}
	return b.String()
}

// errFound is the error of a flag's value.
func errFound(found, expected string) error {
	return fmt.Errorf("found %q, expected %s", found, expected)
}
