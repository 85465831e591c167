package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"randalign/asm"
	"randalign/experiments"
	"randalign/nn"
)

// infoResult is what info prints of the machine.
type infoResult struct {
	CPU        string                   `json:"cpu"`
	Features   []string                 `json:"features"`
	Paths      []string                 `json:"paths"`
	Kernel     string                   `json:"kernel"`
	Caches     infoCaches               `json:"caches"`
	Threads    int                      `json:"threads"`
	Version    string                   `json:"version"`
	Arithmetic int                      `json:"arithmetic"`
	Go         string                   `json:"go"`
	System     string                   `json:"system"`
	DataFolder string                   `json:"data_folder"`
	Data       []experiments.SourceInfo `json:"data"`
}

// infoCaches are sizes in bytes, 0 if not known.
type infoCaches struct {
	L1D int `json:"l1d"`
	L2  int `json:"l2"`
	L3  int `json:"l3"`
}

// The example that info --arch supposes without --data: an image of CIFAR-10.
var (
	supposedShape   = nn.Shape{3, 32, 32}
	supposedClasses = 10
)

func infoCommand() *command {
	arch, batch := "", 256
	return &command{
		name:    "info",
		summary: "this machine's kernels, caches, data sets; or the cost of a network",
		about: `With --arch: layers, shapes, parameters, and the floating-point operations and
the memory of a training step. An example has 3x32x32 values and one of 10
classes unless --data says otherwise. A multiply-add counts as two operations;
what is not a matrix product is left out. Memory is that of weights, gradients
(but of a large dense layer of few outputs, whose step needs none in memory),
momentum, the batch and the arena of a step in float32; packing buffers and
data come on top.`,
		example: "randalign info --arch simple-cnn --batch 256",
		flags: func(f *flagSet, common *common) {
			archFlag(f, &arch)
			f.integer(&batch, "batch", 1, 1<<30, "examples of a step, for --arch")
			common.data(f)
		},
		run: func(_ context.Context, e *env) error {
			if err := e.noArgs(); err != nil {
				return err
			}
			if arch != "" {
				return infoArch(e, arch, batch)
			}
			for _, name := range []string{"batch", "data"} {
				if e.given(name) {
					return badInputf("--%s: found it without --arch, which it belongs to", name)
				}
			}
			return infoMachine(e)
		},
	}
}

func infoMachine(e *env) error {
	cpu, features, caches := asm.CPU()
	if features == nil {
		features = []string{}
	}
	r := infoResult{
		CPU: cpu, Features: features, Paths: asm.Paths(), Kernel: asm.Active().Name, Caches: infoCaches(caches), Threads: e.Threads,
		Version: version, Arithmetic: nn.Arithmetic, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		DataFolder: experiments.DataDir(), Data: experiments.SourceNames(""),
	}
	if e.JSON {
		return e.printJSON(r)
	}
	e.printf("randalign  %s (arithmetic %d), %s, %s\n", r.Version, r.Arithmetic, r.Go, r.System)
	e.printf("cpu        %s\n", r.CPU)
	e.printf("kernel     %s, of %s\n", r.Kernel, strings.Join(r.Paths, ", "))
	e.printf("threads    %d\n", r.Threads)
	e.printf("caches     L1d %s, L2 %s, L3 %s\n", bytesText(r.Caches.L1D), bytesText(r.Caches.L2), bytesText(r.Caches.L3))
	e.printf("data       %s\n", r.DataFolder)
	for _, d := range r.Data {
		state := "present: "
		if !d.Present {
			state = "absent: "
		}
		e.printf("  %-14s %s%s\n", d.Name, state, d.Where)
	}
	if e.Verbose {
		e.printf("features   %s\n", strings.Join(r.Features, " "))
	}
	return nil
}

func infoArch(e *env, arch string, batch int) error {
	shape, classes := supposedShape, supposedClasses
	if e.Data != "" {
		src, err := experiments.OpenSource(e.Data, "")
		if err != nil {
			return badInput(err)
		}
		s := src.Shape()
		shape, classes = s[:], src.Classes()
	}
	p, err := nn.NewPlan(arch, shape, classes, batch)
	if err != nil {
		return badInput(err)
	}
	if e.JSON {
		return e.printJSON(p)
	}
	e.printf("%s\ninput %s, %d classes, batches of %d\n\n", p.Arch, p.In, p.Classes, p.Batch)
	wide, long := len("name"), len("layer")
	for _, l := range p.Layers {
		wide, long = max(wide, len(l.Name)), max(long, len(l.Element))
	}
	e.printf("%-*s  %-*s %-14s %12s %16s\n", wide, "name", long, "layer", "output", "parameters", "MFLOP forward")
	for _, l := range p.Layers {
		e.printf("%-*s  %-*s %-14s %12d %16.3f\n", wide, l.Name, long, l.Element, l.Out, l.Params, l.FLOPs/1e6)
	}
	m := p.Memory
	e.printf("\nparameters  %d\nstep        %.4g GFLOP\n", p.Params, p.StepFLOPs/1e9)
	e.printf("memory      %s: weights %s, gradients %s, momentum %s, batch %s, activations and their gradients %s (%s if none were shared)\n",
		bytesText(m.Total), bytesText(m.Weights), bytesText(m.Gradients), bytesText(m.Momentum), bytesText(m.Input), bytesText(m.Arena), bytesText(m.Unshared))
	return nil
}

// bytesText writes a size in units of 1024.
func bytesText(n int) string {
	if n == 0 {
		return "unknown"
	}
	x, units := float64(n), []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	i := 0
	for ; x >= 1024 && i < len(units)-1; i++ {
		x /= 1024
	}
	return fmt.Sprintf("%.4g %s", x, units[i])
}
