// Command mca predicts how busy the arm64 GEMM kernels keep the FMA pipes of
// CPUs that need not be at hand:
//
//	go run ./asm/mca
//
// It builds the test binary of package asm for arm64, takes the inner loop of
// each NEON kernel out of it, and gives that to llvm-mca, LLVM's model of a CPU's
// issue ports and latencies. Caches, branches and instruction fetch are not in
// the model: every load hits the first level.
//
// Busy means: the cycles for which the loop's FMLAs occupy the pipes that they
// run on, over the number of those pipes times the cycles of the loop. Where an
// FMLA needs a unit of each of two kinds (float64 on LLVM's apple-m1), both are
// printed and the scarcer counts. The exit status is 1 when a kernel stays below
// -min.
//
// It needs Go and LLVM 19 or newer (Debian: llvm-19); -llvm is the suffix of its
// programs.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

var kernels = []string{"gemmF32NEONx8x12", "gemmF64NEONx8x6"}

func main() {
	suffix := flag.String("llvm", "-19", "suffix of llvm-objdump and llvm-mca")
	cpus := flag.String("cpu", "neoverse-n1,neoverse-v1,neoverse-v2,apple-m1", "CPUs by LLVM's names")
	least := flag.Float64("min", 90, "percent that every kernel must reach")
	listing := flag.Bool("v", false, "print the loops as well")
	flag.Parse()
	ok, err := run(*suffix, strings.Split(*cpus, ","), *least, *listing)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mca:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// run prints one line for each kernel and CPU, and says whether all reach least.
func run(suffix string, cpus []string, least float64, listing bool) (ok bool, err error) {
	dir, err := os.MkdirTemp("", "mca")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "asm.test")
	build := exec.Command("go", "test", "-c", "-o", binary, "randalign/asm")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if _, err := output(build); err != nil {
		return false, err
	}
	ok = true
	fmt.Printf("%-18s %-12s %12s %6s  %s\n", "kernel", "cpu", "cycles/loop", "FMLAs", "predicted busy")
	for _, kernel := range kernels {
		text, err := output(exec.Command("llvm-objdump"+suffix, "-d", "--no-show-raw-insn",
			"--disassemble-symbols=randalign/asm."+kernel+".abi0", binary))
		if err != nil {
			return false, err
		}
		body, err := innerLoop(text)
		if err != nil {
			return false, fmt.Errorf("%s: %w", kernel, err)
		}
		if listing {
			fmt.Println(strings.Join(body, "\n"))
		}
		for _, cpu := range cpus {
			mca := exec.Command("llvm-mca"+suffix, "-mtriple=aarch64", "-mcpu="+cpu,
				fmt.Sprintf("-iterations=%d", iterations), "-instruction-info=0")
			mca.Stdin = strings.NewReader(strings.Join(body, "\n") + "\n")
			report, err := output(mca)
			if err != nil {
				return false, err
			}
			p, err := parse(report)
			if err != nil {
				return false, fmt.Errorf("%s on %s: %w", kernel, cpu, err)
			}
			fmt.Printf("%-18s %-12s %12.2f %6d  %s\n", kernel, cpu, p.cycles, p.fmlas, p)
			ok = ok && p.busiest().percent >= least
		}
	}
	return ok, nil
}

// output runs a program; its error is the first line that the program complained with.
func output(c *exec.Cmd) (string, error) {
	var complaint strings.Builder
	c.Stderr = &complaint
	out, err := c.Output()
	if first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n"); err != nil && first != "" {
		err = errors.New(first)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", c.Args[0], err)
	}
	return string(out), nil
}

// innerLoop returns the instructions of the last loop in a listing of
// llvm-objdump: those between a conditional branch backwards and its target.
func innerLoop(listing string) ([]string, error) {
	type instruction struct{ address, text string }
	var code []instruction
	for line := range strings.Lines(listing) {
		address, text, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found || strings.Contains(address, " ") || strings.TrimSpace(text) == "" {
			continue
		}
		code = append(code, instruction{address, strings.Join(strings.Fields(text), " ")})
	}
	for last := len(code) - 1; last >= 0; last-- {
		if !strings.HasPrefix(code[last].text, "b.") {
			continue
		}
		fields := strings.Fields(code[last].text)
		first := slices.IndexFunc(code, func(i instruction) bool { return "0x"+i.address == fields[1] })
		if first < 0 || first >= last {
			continue
		}
		var body []string
		for _, i := range code[first:last] {
			body = append(body, i.text)
		}
		// llvm-mca takes a distance where objdump prints an address and a symbol.
		return append(body, fmt.Sprintf("%s #%d", fields[0], 4*(first-last))), nil
	}
	return nil, fmt.Errorf("no loop in the listing of %d instructions", len(code))
}
