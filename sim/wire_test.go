package sim

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wires are two ends that talk to each other.
func wires(t *testing.T) (a, b *wire) {
	ra, wb, err := os.Pipe()
	require.NoError(t, err)
	rb, wa, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() {
		for _, f := range []*os.File{ra, wb, rb, wa} {
			f.Close()
		}
	})
	a, err = newWire(ra, wa)
	require.NoError(t, err)
	b, err = newWire(rb, wb)
	require.NoError(t, err)
	return a, b
}

func TestWire(t *testing.T) {
	a, b := wires(t)
	var got string
	ok, err := b.heard(&got)
	assert.False(t, ok)
	assert.NoError(t, err)
	ok, err = b.hear(&got, time.Millisecond)
	assert.False(t, ok)
	assert.NoError(t, err)

	require.NoError(t, a.say("one"))
	require.NoError(t, a.say("two"))
	ok, err = b.heard(&got)
	assert.True(t, ok)
	assert.NoError(t, err)
	assert.Equal(t, "one", got)
	ok, err = b.hear(&got, 0)
	assert.True(t, ok)
	assert.NoError(t, err)
	assert.Equal(t, "two", got)

	// A message that has come in part waits for the rest, and what was said before the end is heard.
	require.NoError(t, a.say("three"))
	a.message.Truncate(0)
	require.NoError(t, a.send.Encode("four"))
	part := append([]byte{byte(a.message.Len()), 0, 0, 0}, a.message.Bytes()...)
	_, err = a.out.Write(part[:6])
	require.NoError(t, err)
	ok, _ = b.heard(&got)
	assert.True(t, ok)
	assert.Equal(t, "three", got)
	ok, err = b.heard(&got)
	assert.False(t, ok)
	assert.NoError(t, err)
	_, err = a.out.Write(part[6:])
	require.NoError(t, err)
	a.out.Close()
	ok, err = b.hear(&got, time.Minute)
	assert.True(t, ok)
	assert.NoError(t, err)
	assert.Equal(t, "four", got)
	for range 2 {
		_, err = b.heard(&got)
		assert.ErrorIs(t, err, io.EOF)
		_, err = b.hear(&got, 0)
		assert.ErrorIs(t, err, io.EOF)
	}
	b.in.Close()
	assert.Error(t, a.say("to nobody"))
}

// TestWireBothTalk: two that send each other more than a pipe holds, at once, do not wait for each other for ever.
func TestWireBothTalk(t *testing.T) {
	a, b := wires(t)
	long := strings.Repeat("long ", 1<<18)
	done := make(chan error, 2)
	for _, w := range []*wire{a, b} {
		go func() {
			for range 3 {
				if err := w.say(long); err != nil {
					done <- err
					return
				}
			}
			for range 3 {
				var got string
				if _, err := w.hear(&got, 0); err != nil || got != long {
					done <- io.ErrUnexpectedEOF
					return
				}
			}
			done <- nil
		}()
	}
	for range 2 {
		require.NoError(t, <-done)
	}
}

// TestTold: what is to come to an end are the orders that were there when that was said, and no later one.
func TestTold(t *testing.T) {
	a, b := wires(t)
	told := &told{wire: b}
	for _, o := range []order{{To: 1}, {To: 2}, {Stop: true}, {To: 3}} {
		require.NoError(t, a.say(o))
	}
	for i, want := range []bool{true, true, false} {
		assert.Equal(t, i+1, told.next().To)
		told.looked = time.Time{}
		assert.Equal(t, want, told.stops())
	}
}
