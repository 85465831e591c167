package main

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bound is a flag set with one flag of each kind.
type bound struct {
	common
	epochs  int
	lr      float64
	weights []string
	order   string
	resume  bool
	every   time.Duration
}

func newBound() (*bound, *flagSet) {
	b := &bound{common: defaults(), epochs: 7, lr: 0.1, order: "shuffle", every: time.Second}
	f := &flagSet{command: "train"}
	f.integer(&b.epochs, "epochs", 1, math.MaxInt, "")
	f.number(&b.lr, "lr", 0, math.Inf(1), "")
	f.list(&b.weights, "weights", "FILE", "")
	f.choice(&b.order, "order", []string{"shuffle", "sequential"}, "")
	f.boolean(&b.resume, "resume", "")
	f.duration(&b.every, "time", "")
	b.seed(f)
	b.out(f, "FOLDER", "")
	b.data(f)
	b.limit(f)
	b.everywhere(f)
	return b, f
}

func TestFlagsInAnyOrder(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
		show func(b *bound) []any
		are  []any
	}{
		{[]string{"fig1", "--out", "r", "fig2"}, []string{"fig1", "fig2"}, func(b *bound) []any { return []any{b.Out} }, []any{"r"}},
		{[]string{"--epochs=3", "a", "--lr", "1e-2", "--json"}, []string{"a"}, func(b *bound) []any { return []any{b.epochs, b.lr, b.JSON} }, []any{3, 0.01, true}},
		{[]string{"--weights", "a", "--weights=b"}, nil, func(b *bound) []any { return []any{b.weights} }, []any{[]string{"a", "b"}}},
		{[]string{"--resume", "--resume=false", "-v", "--quiet=1"}, nil, func(b *bound) []any { return []any{b.resume, b.Verbose, b.Quiet} }, []any{false, true, true}},
		{[]string{"--", "--json", "-x"}, []string{"--json", "-x"}, func(b *bound) []any { return []any{b.JSON} }, []any{false}},
		{[]string{"--out=--json", "-"}, []string{"-"}, func(b *bound) []any { return []any{b.Out, b.JSON} }, []any{"--json", false}},
		{[]string{"--out", "-dash", "--out=a=b"}, nil, func(b *bound) []any { return []any{b.Out} }, []any{"a=b"}},
		{[]string{"--seed", "18446744073709551615", "--limit", "0", "--time", "300ms"}, nil,
			func(b *bound) []any { return []any{b.Seed, b.Limit, b.every} }, []any{uint64(math.MaxUint64), 0, 300 * time.Millisecond}},
		{[]string{"--epochs", "1", "--epochs", "2"}, nil, func(b *bound) []any { return []any{b.epochs, b.order, b.Seed} }, []any{2, "shuffle", uint64(1)}},
	} {
		b, f := newBound()
		rest, err := f.parse(c.args)
		require.NoError(t, err, c.args)
		require.Equal(t, c.want, rest, c.args)
		require.Equal(t, c.are, c.show(b), c.args)
	}
}

func TestFlagErrors(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--epoch", "1"}, "train takes no flag --epoch; did you mean --epochs?"},
		{[]string{"-epochs", "1"}, "train takes no flag -epochs; did you mean --epochs?"},
		{[]string{"--v"}, "train takes no flag --v; did you mean -v?"},
		{[]string{"--zebra=1"}, "train takes no flag --zebra; `randalign help train` lists those there are"},
		{[]string{"--epochs"}, "--epochs: found nothing, expected a value N"},
		{[]string{"--out", "--json"}, "--out: found the flag --json, expected a value FOLDER"},
		{[]string{"--out="}, "--out: found nothing, expected FOLDER"},
		{[]string{"--epochs", "1.5"}, `--epochs: found "1.5", expected a whole number of at least 1`},
		{[]string{"--epochs=0"}, `--epochs: found "0", expected a whole number of at least 1`},
		{[]string{"--threads", "0"}, `--threads: found "0", expected a whole number from 1 to 4096`},
		{[]string{"--epochs", "99999999999999999999"}, `--epochs: found "99999999999999999999", expected a whole number of at least 1`},
		{[]string{"--lr", "fast"}, `--lr: found "fast", expected a number of at least 0`},
		{[]string{"--lr", "-1"}, `--lr: found "-1", expected a number of at least 0`},
		{[]string{"--lr", "nan"}, `--lr: found "nan", expected a number of at least 0`},
		{[]string{"--lr", "inf"}, `--lr: found "inf", expected a number of at least 0`},
		{[]string{"--order", "shufle"}, `--order: found "shufle", expected shuffle, sequential; did you mean shuffle?`},
		{[]string{"--json=maybe"}, `--json: found "maybe", expected true or false`},
		{[]string{"--seed", "-1"}, `--seed: found "-1", expected a whole number from 0 to 2^64-1`},
		{[]string{"--time", "3"}, `--time: found "3", expected a time such as 300ms or 1m30s`},
	} {
		_, f := newBound()
		_, err := f.parse(c.args)
		require.EqualError(t, err, c.want)
		require.Equal(t, exitBadInput, exitStatus(err))
	}
	_, f := newBound()
	_, err := f.parse([]string{"--kernel", "mmx"})
	require.ErrorContains(t, err, `--kernel: found "mmx", expected one that this machine has: auto, `)
	for _, h := range []string{"-h", "--help"} {
		_, err = f.parse([]string{"a", h, "--nonsense"})
		require.Equal(t, errHelp, err)
	}
}
