// Command randalign trains networks on real or random labels, measures how
// their weights align with the data, and starts other networks from what it
// finds. `randalign help` lists its commands.
//
// Its frame: main.go has the table of commands, flags.go and env.go the flags,
// exit.go the errors and exit statuses, progress.go what is seen meanwhile;
// each command has a file of its own. Commands translate flags into calls of
// the packages below and results into text or JSON; there is no mathematics here.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"randalign/experiments"
)

// command is one row of the table. A constructor makes a new one for each run,
// so that flags can be bound to its local variables.
type command struct {
	name    string
	summary string // for the list of commands, without a full stop
	args    string // its arguments that are no flags, as "A.npy"; "" for none
	about   string // more for `help NAME`, lines wrapped; may be empty
	example string // one command line
	resumes bool   // the same command line, with --resume if it is a flag, goes on after an interrupt
	// flags declares what it takes besides what common has everywhere; may be nil.
	flags func(f *flagSet, c *common)
	// run does the work until done or ctx ends. It marks errors that are not
	// its own fault by badInput, and may return ctx's error as it is.
	run func(ctx context.Context, e *env) error
}

// commands makes the table, in the order of `randalign help`.
var commands func() []*command

// In init, since help itself reads the table.
func init() {
	commands = func() []*command {
		return []*command{
			reproduceCommand(),
			trainCommand(),
			alignCommand(),
			initCommand(),
			eigCommand(),
			verifyCommand(),
			benchCommand(),
			infoCommand(),
			helpCommand(),
		}
	}
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run carries out the command line args, which does not hold the program's
// name, and returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	out, scr := bufio.NewWriter(stdout), newScreen(stderr)
	err := dispatch(args, out, scr)
	if flushed := out.Flush(); err == nil && flushed != nil {
		err = fmt.Errorf("standard output: %w", flushed)
	}
	scr.setLive("")
	if err != nil {
		report(scr, err)
	}
	return exitStatus(err)
}

func dispatch(args []string, stdout io.Writer, scr *screen) error {
	if len(args) == 0 {
		writeUsage(scr)
		return badInputf("no command given")
	}
	name := args[0]
	if name == "-h" || name == "--help" {
		writeUsage(stdout)
		return nil
	}
	c, err := findCommand(name)
	if err != nil {
		return err
	}
	e := &env{common: defaults(), stdout: stdout, stderr: scr, line: args, cmd: c, scr: scr}
	e.flags = c.flagSet(&e.common)
	e.args, err = e.flags.parse(args[1:])
	if errors.Is(err, errHelp) {
		writeHelp(stdout, c)
		return nil
	}
	if err != nil {
		return err
	}
	undo, err := e.selectKernel(e.given("kernel"))
	if err != nil {
		return err
	}
	defer undo()
	ctx, stop := withInterrupts(func() { e.notef("randalign: stopping; a second Ctrl-C kills at once") })
	defer stop()
	err = e.call(ctx)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return e.interrupted()
	}
	return err
}

// call runs the command; a panic, which is a bug, becomes an error.
func (e *env) call(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			e.debugf("%s", debug.Stack())
			err = fmt.Errorf("internal error, please report it: %v", p)
		}
	}()
	return e.cmd.run(ctx, e)
}

// findCommand returns the command, or an error that suggests another one.
func findCommand(name string) (*command, error) {
	table := commands()
	names := make([]string, len(table))
	for i, c := range table {
		if c.name == name {
			return c, nil
		}
		names[i] = c.name
	}
	if name != "" && name[0] == '-' {
		return nil, badInputf("found the flag %s first, expected a command: randalign COMMAND [flags]", name)
	}
	return nil, badInputf("unknown command %q%s", name, didYouMean("; `randalign help` lists the commands", experiments.Nearest(name, names)))
}

// flagSet declares the command's flags, its own ones first, bound to c.
func (c *command) flagSet(common *common) *flagSet {
	f := &flagSet{command: c.name}
	if c.flags != nil {
		c.flags(f, common)
	}
	common.everywhere(f)
	return f
}
