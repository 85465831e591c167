package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"

	"randalign/asm"
)

// common holds the flags that mean the same in every command. --threads,
// --kernel, --json, --quiet and -v are there in each; a command declares the
// others as it needs them.
type common struct {
	Seed    uint64
	Threads int
	Kernel  string
	Out     string
	JSON    bool
	Quiet   bool
	Verbose bool
	Data    string
	Limit   int
}

func defaults() common {
	return common{Seed: 1, Threads: runtime.GOMAXPROCS(0), Kernel: "auto"}
}

// maxThreads is beyond any machine that this runs on; it stops typing errors.
const maxThreads = 4096

func (c *common) everywhere(f *flagSet) {
	f.integer(&c.Threads, "threads", 1, maxThreads, "worker threads; they never change a result")
	f.add("kernel", "NAME", c.Kernel, "kernel path: auto, avx512, avx2, neon or generic; it never changes a result", func(s string) error {
		if err := checkKernel(s); err != nil {
			return err
		}
		c.Kernel = s
		return nil
	})
	f.boolean(&c.JSON, "json", "print one JSON document instead of text")
	f.boolean(&c.Quiet, "quiet", "no progress and no notes on stderr")
	f.boolean(&c.Verbose, "v", "more notes on stderr")
}

func (c *common) seed(f *flagSet) {
	f.add("seed", "N", strconv.FormatUint(c.Seed, 10), "seed of every random stream", func(s string) error {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return fmt.Errorf("found %q, expected a whole number from 0 to 2^64-1", s)
		}
		c.Seed = n
		return nil
	})
}

func (c *common) out(f *flagSet, value, usage string) { f.text(&c.Out, "out", value, usage) }

func (c *common) data(f *flagSet) {
	f.text(&c.Data, "data", "NAME|PATH", "data set: a name that `randalign help data` lists, or a path")
}

func (c *common) limit(f *flagSet) {
	f.integer(&c.Limit, "limit", 0, math.MaxInt, "use the first N examples after a seeded shuffle; 0 for all")
}

// checkKernel holds a path against those of this machine.
func checkKernel(name string) error {
	words := append([]string{"auto"}, asm.Paths()...)
	for _, w := range words {
		if name == w {
			return nil
		}
	}
	return fmt.Errorf("found %q, expected one that this machine has: %s", name, strings.Join(words, ", "))
}

// selectKernel puts the path of --kernel, or else of RANDALIGN_KERNEL, to use.
func (c *common) selectKernel(given bool) (undo func(), err error) {
	if name := os.Getenv("RANDALIGN_KERNEL"); name != "" && !given {
		if err := checkKernel(name); err != nil {
			return nil, badInputf("RANDALIGN_KERNEL: %w", err)
		}
		c.Kernel = name
	}
	return asm.Select(c.Kernel)
}

// env is what a command runs in.
type env struct {
	common
	args   []string  // the arguments that are no flags
	stdout io.Writer // buffered; holds the result and nothing else
	stderr io.Writer // safe for concurrent use, and does not disturb a progress line

	flags *flagSet
	line  []string // the words of the command line after the program's name
	cmd   *command
	scr   *screen
}

// given tells whether the flag stood on the command line.
func (e *env) given(name string) bool {
	d := e.flags.lookup(name)
	return d != nil && d.given
}

// printf writes a piece of the result.
func (e *env) printf(format string, args ...any) { fmt.Fprintf(e.stdout, format, args...) }

// printJSON writes the result as one JSON document.
func (e *env) printJSON(v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// notef writes a line to stderr, unless --quiet.
func (e *env) notef(format string, args ...any) {
	if !e.Quiet {
		fmt.Fprintf(e.stderr, format+"\n", args...)
	}
}

// debugf writes a line to stderr if -v was given.
func (e *env) debugf(format string, args ...any) {
	if e.Verbose {
		e.notef(format, args...)
	}
}

// oneArg returns the only argument, which messages call what.
func (e *env) oneArg(what string) (string, error) {
	switch len(e.args) {
	case 0:
		return "", badInputf("%s: found no argument, expected %s; an example: %s", e.cmd.name, what, e.cmd.example)
	case 1:
		return e.args[0], nil
	}
	return "", badInputf("%s: found the arguments %q, expected only %s", e.cmd.name, e.args, what)
}

// noArgs returns an error if there are arguments.
func (e *env) noArgs() error {
	if len(e.args) > 0 {
		return badInputf("%s: found the argument %q, expected only flags", e.cmd.name, e.args[0])
	}
	return nil
}
