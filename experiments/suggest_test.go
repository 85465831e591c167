package experiments

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"train", "train", 0}, {"reprduce", "reproduce", 1}, {"epoch", "epochs", 1},
		{"kitten", "sitting", 3}, {"trian", "train", 1}, {"ab", "ba", 1}, {"ca", "abc", 3}, {"é", "e", 1},
	} {
		require.Equal(t, c.want, editDistance(c.a, c.b), "%s %s", c.a, c.b)
		require.Equal(t, c.want, editDistance(c.b, c.a), "%s %s", c.b, c.a)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"reproduce", "train", "align", "init", "eig", "info", "momentum", "v"}
	for word, want := range map[string]string{
		"reprduce": "reproduce", "TRAIN": "train", "alin": "align", "inf": "info", "mom": "momentum", "eigs": "eig",
		"zebra": "", "x": "", "": "",
	} {
		require.Equal(t, want, Nearest(word, names), word)
	}
}
