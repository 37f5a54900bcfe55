package loop

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// after is work that ends with n and err after d, whatever its context says.
func after(d time.Duration, n int, err error) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { time.Sleep(d); return n, err }
}

func TestWaitAll(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		boom, bang := errors.New("boom"), errors.New("bang")
		fs := []*Future[int]{
			mustSubmit(t, l, after(3*time.Second, 1, nil)),
			mustSubmit(t, l, after(1*time.Second, 2, boom)),
			mustSubmit(t, l, after(2*time.Second, 3, bang)),
		}
		begin := time.Now()
		got, err := WaitAll(background, fs...)
		require.Equal(t, 3*time.Second, time.Since(begin), "the failures end nothing early")
		require.Equal(t, []int{1, 2, 3}, got)
		require.ErrorIs(t, err, boom)
		require.ErrorIs(t, err, bang)

		got, err = WaitAll(background, fs[0])
		require.NoError(t, err)
		require.Equal(t, []int{1}, got)
		got, err = WaitAll[int](background)
		require.NoError(t, err)
		require.Empty(t, got)
	})
}

func TestWaitAllWhoseContextEnds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		f := mustSubmit(t, l, after(time.Minute, 1, nil))
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		_, err := WaitAll(ctx, f)
		require.Equal(t, context.DeadlineExceeded, err)
		require.NoError(t, l.Shutdown(background))
	})
}

func TestWaitFirstError(t *testing.T) {
	boom := errors.New("boom")
	type want struct {
		took          time.Duration
		done, pending []int // indices
		err           error
	}
	for name, c := range map[string]struct {
		works []func(context.Context) (int, error)
		want  want
	}{
		"one fails": {
			[]func(context.Context) (int, error){after(3*time.Second, 0, nil), after(2*time.Second, 0, boom), after(time.Second, 0, nil)},
			want{2 * time.Second, []int{1, 2}, []int{0}, boom},
		},
		"none fails": {
			[]func(context.Context) (int, error){after(3*time.Second, 0, nil), after(time.Second, 0, nil)},
			want{3 * time.Second, []int{0, 1}, nil, nil},
		},
		"a cancelled one does not count as failed": {
			[]func(context.Context) (int, error){after(3*time.Second, 0, nil), after(time.Second, 0, context.Canceled), after(time.Second, 0, ErrCanceled)},
			want{3 * time.Second, []int{0, 1, 2}, nil, nil},
		},
		"the first to fail is named": {
			[]func(context.Context) (int, error){after(time.Minute, 0, errors.New("late")), after(time.Second, 0, boom)},
			want{time.Second, []int{1}, []int{0}, boom},
		},
		"none at all": {nil, want{}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l := New()
				var fs []*Future[int]
				for _, w := range c.works {
					fs = append(fs, mustSubmit(t, l, w))
				}
				pick := func(indices []int) (some []*Future[int]) {
					for _, i := range indices {
						some = append(some, fs[i])
					}
					return some
				}
				begin := time.Now()
				done, pending, err := WaitFirstError(background, fs...)
				require.Equal(t, c.want.took, time.Since(begin))
				require.Equal(t, c.want.err, err)
				require.Equal(t, pick(c.want.done), done)
				require.Equal(t, pick(c.want.pending), pending)
				for _, f := range pending {
					require.Empty(t, f.watches, "nothing is left behind at those still pending")
				}
				require.NoError(t, l.Shutdown(background))

				_, _, err = WaitFirstError(background, fs...)
				if c.want.err != nil {
					require.Error(t, err, "all had ended beforehand")
				}
			})
		})
	}
}

func TestWaitFirstErrorWhoseContextEnds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, b := New(), New() // futures of several loops
		fs := []*Future[int]{mustSubmit(t, a, untilCanceled), mustSubmit(t, b, value(1))}
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		done, pending, err := WaitFirstError(ctx, fs...)
		require.Equal(t, context.DeadlineExceeded, err)
		require.Equal(t, fs[1:], done)
		require.Equal(t, fs[:1], pending)
		require.NoError(t, a.Shutdown(background))
		require.NoError(t, b.Shutdown(background))
	})
}
