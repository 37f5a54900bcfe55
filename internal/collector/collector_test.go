package collector

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// now is what GOGC is.
func now() int {
	p := debug.SetGCPercent(-1)
	debug.SetGCPercent(p)
	return p
}

func TestSpare(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	defer debug.SetGCPercent(debug.SetGCPercent(usual))
	first, second := Spare(), Spare()
	require.Equal(t, percent, now())
	Look()
	require.Equal(t, percent, now(), "the heap is small")
	first()
	first()
	require.Equal(t, percent, now(), "the other one still explores")
	second()
	require.Equal(t, usual, now())

	done := Spare()
	look(small + 1)
	require.Equal(t, usual, now(), "the heap is large")
	done()
	require.Equal(t, usual, now())

	debug.SetGCPercent(-1)
	done = Spare()
	require.Equal(t, -1, now(), "the program has set it")
	done()
	require.Equal(t, -1, now())
	debug.SetGCPercent(usual)

	t.Setenv("GOGC", "100")
	Spare()()
	require.Equal(t, usual, now())
	done = Spare()
	require.Equal(t, usual, now(), "it has been set")
	done()
}
