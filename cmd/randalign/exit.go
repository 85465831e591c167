package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// The exit statuses.
const (
	exitOK          = 0
	exitFailed      = 1   // a run that began and went wrong
	exitBadInput    = 2   // flags, files or data that cannot be used
	exitClaims      = 3   // --strict, and a claim does not hold
	exitInterrupted = 130 // Ctrl-C
)

// inputError marks an error as bad input.
type inputError struct{ err error }

func (e *inputError) Error() string { return e.err.Error() }
func (e *inputError) Unwrap() error { return e.err }

// badInput marks err, nil included, as the fault of flags, files or data.
func badInput(err error) error {
	if err == nil {
		return nil
	}
	return &inputError{err}
}

func badInputf(format string, args ...any) error { return badInput(fmt.Errorf(format, args...)) }

// claimsError is what a command returns under --strict if claims do not hold.
type claimsError struct{ text string }

func (e *claimsError) Error() string { return e.text }

// interrupted is what a command returns that was stopped and left everything
// in order; resume is the command line that goes on, "" if there is none.
type interrupted struct{ resume string }

func (e *interrupted) Error() string {
	if e.resume == "" {
		return "interrupted"
	}
	return "interrupted; to go on where it stopped: " + e.resume
}

// interrupted returns the error for this command line: the same words, with
// --resume where the command has such a flag.
func (e *env) interrupted() error {
	if !e.cmd.resumes {
		return &interrupted{}
	}
	words := slices.Clone(e.line)
	if d := e.flags.lookup("resume"); d != nil && !d.given {
		at := slices.Index(words, "--")
		if at < 0 {
			at = len(words)
		}
		words = slices.Insert(words, at, "--resume")
	}
	return &interrupted{shellQuote(append([]string{os.Args[0]}, words...))}
}

// shellQuote joins words so that a POSIX shell takes them apart again.
func shellQuote(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		plain := w != "" && strings.IndexFunc(w, func(r rune) bool {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
			return !letter && !strings.ContainsRune("@%+=:,./_-", r)
		}) < 0
		if quoted[i] = w; !plain {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// exitStatus is the status for the error that ended a command.
func exitStatus(err error) int {
	var input *inputError
	var claims *claimsError
	var stopped *interrupted
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &stopped):
		return exitInterrupted
	case errors.As(err, &claims):
		return exitClaims
	case errors.As(err, &input):
		return exitBadInput
	}
	return exitFailed
}

// report writes err as one line.
func report(w io.Writer, err error) {
	text := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	fmt.Fprintf(w, "randalign: %s\n", text)
}

// withInterrupts returns a context that the first SIGINT or SIGTERM cancels. It
// calls notice then and gives the signals back to the system, so that a second
// one kills the process at once.
func withInterrupts(notice func()) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			signal.Stop(signals)
			notice()
			cancel()
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel()
	}
}
