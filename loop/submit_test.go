package loop

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheDefaultPoolIsAsyncios(t *testing.T) {
	require.Equal(t, min(32, runtime.NumCPU()+4), New().workersMax)
	require.Equal(t, min(32, runtime.NumCPU()+4), New(Workers(-1)).workersMax)
	require.Equal(t, 3, New(Workers(3)).workersMax)
}

func TestThePoolGrowsToItsLimitAndLetsGo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(3))
		require.Zero(t, l.Stats().Workers)
		var now, most atomic.Int32
		work := func(context.Context) (int, error) {
			n := now.Add(1)
			most.Store(max(n, most.Load()))
			time.Sleep(time.Second)
			now.Add(-1)
			return 0, nil
		}
		begin := time.Now()
		var fs []*Future[int]
		for range 10 {
			fs = append(fs, mustSubmit(t, l, work))
		}
		synctest.Wait()
		require.Equal(t, Stats{Submitted: 10, Queued: 7, Working: 3, Workers: 3}, l.Stats())
		_, err := WaitAll(background, fs...)
		require.NoError(t, err)
		require.Equal(t, 4*time.Second, time.Since(begin))
		require.EqualValues(t, 3, most.Load())
		synctest.Wait()
		require.Zero(t, l.Stats().Workers)
	})
}

func TestWorkBeginsInTheOrderOfSubmission(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		var got []int
		var want []int
		for i := range 50 {
			mustSubmit(t, l, func(context.Context) (int, error) { got = append(got, i); return 0, nil })
			want = append(want, i)
		}
		synctest.Wait()
		require.Equal(t, want, got)
	})
}

func TestSubmitBeyondTheLimitWaitsForRoom(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1), QueueLimit(2))
		second := func(context.Context) (int, error) { time.Sleep(time.Second); return 0, nil }
		begin := time.Now()
		for i := range 3 {
			mustSubmit(t, l, second)
			require.Zero(t, time.Since(begin), "%d: one runs, two are queued", i)
		}
		mustSubmit(t, l, second)
		require.Equal(t, time.Second, time.Since(begin), "there is room when the second begins")
		require.NoError(t, l.Close())
		<-l.Closed()
	})
}

func TestSubmittersGetRoomInTheirOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1), QueueLimit(1))
		var j journal
		slow := func(name string) func(context.Context) (int, error) {
			return func(context.Context) (int, error) { j.add(name); time.Sleep(time.Second); return 0, nil }
		}
		mustSubmit(t, l, slow("a"))
		mustSubmit(t, l, slow("b"))
		for _, name := range []string{"c", "d", "e"} {
			go mustSubmit(t, l, slow(name))
			synctest.Wait()
		}
		time.Sleep(10 * time.Second)
		require.Equal(t, []string{"a", "b", "c", "d", "e"}, j.all())
	})
}

func TestSubmitThatWaitsForRoomEnds(t *testing.T) {
	full := func(t *testing.T, opts ...Option) (l *Loop, busy, queued *Future[int]) {
		l = New(append(opts, Workers(1), QueueLimit(1))...)
		return l, mustSubmit(t, l, untilCanceled), mustSubmit(t, l, value(1))
	}
	t.Run("with its context", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l, busy, _ := full(t)
			ctx, cancel := context.WithTimeout(background, time.Second)
			defer cancel()
			_, err := Submit(l, ctx, value(2))
			require.Equal(t, context.DeadlineExceeded, err)
			busy.Cancel()
			synctest.Wait()
			require.Equal(t, Stats{Submitted: 2, Returned: 2}, l.Stats(), "what was refused does not count")
		})
	})
	for name, end := range map[string]func(*Loop) error{
		"with Close":    (*Loop).Close,
		"with Shutdown": func(l *Loop) error { return l.Shutdown(background) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l, _, _ := full(t)
				refused := make(chan error, 1)
				go func() { _, err := Submit(l, background, value(2)); refused <- err }()
				synctest.Wait()
				require.NoError(t, end(l))
				require.ErrorIs(t, <-refused, ErrClosed)
			})
		})
	}
	t.Run("with a Cancel that makes room", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l, busy, queued := full(t)
			admitted := make(chan error, 1)
			go func() { _, err := Submit(l, background, value(2)); admitted <- err }()
			synctest.Wait()
			require.True(t, queued.Cancel())
			require.NoError(t, <-admitted)
			busy.Cancel()
		})
	})
	t.Run("at once under FailFast", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l, busy, _ := full(t, FailFast())
			_, err := Submit(l, background, value(2))
			require.ErrorIs(t, err, ErrQueueFull)
			busy.Cancel()
		})
	})
	t.Run("at once in a callback", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l, busy, _ := full(t)
			var err error
			mustPost(t, l, func() { _, err = Submit(l, background, value(2)); l.Stop() })
			require.NoError(t, l.Run())
			require.ErrorIs(t, err, ErrQueueFull)
			busy.Cancel()
		})
	})
	t.Run("at once in work, where all workers could wait for each other", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := New(Workers(1), QueueLimit(1))
			f := mustSubmit(t, l, func(context.Context) (int, error) {
				for range 2 {
					if _, err := Submit(l, background, value(1)); err != nil {
						return 0, err
					}
				}
				return 0, errors.New("not refused")
			})
			_, err := f.Wait(background)
			require.ErrorIs(t, err, ErrQueueFull)
		})
	})
}

func TestSubmitOnAClosedLoopReleasesItsContext(t *testing.T) {
	l := New()
	require.NoError(t, l.Close())
	_, err := Submit(l, background, value(1))
	require.ErrorIs(t, err, ErrClosed)
	require.Equal(t, Stats{}, l.Stats())
}

func TestWorkMayWaitForWorkOfItsOwnPool(t *testing.T) {
	for name, wait := range map[string]func(*Future[int]) error{
		"Wait":    func(f *Future[int]) error { _, err := f.Wait(background); return err },
		"WaitAll": func(f *Future[int]) error { _, err := WaitAll(background, f, f); return err },
		"WaitFirstError": func(f *Future[int]) error {
			_, _, err := WaitFirstError(background, f, f)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l := New(Workers(1))
				var nested func(depth int) func(context.Context) (int, error)
				nested = func(depth int) func(context.Context) (int, error) {
					return func(ctx context.Context) (int, error) {
						if depth == 0 {
							return 0, nil
						}
						f, err := Submit(l, ctx, nested(depth-1))
						if err != nil {
							return 0, err
						}
						return depth, wait(f)
					}
				}
				n, err := mustSubmit(t, l, nested(5)).Wait(background)
				require.NoError(t, err)
				require.Equal(t, 5, n)
				synctest.Wait()
				require.Zero(t, l.lent)
				require.Zero(t, l.Stats().Workers)
			})
		})
	}
}

func TestALentWorkerIsGivenBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		var now, most atomic.Int32
		slow := func(context.Context) (int, error) {
			n := now.Add(1)
			most.Store(max(n, most.Load()))
			time.Sleep(time.Second)
			now.Add(-1)
			return 0, nil
		}
		outer := mustSubmit(t, l, func(ctx context.Context) (int, error) {
			f, err := Submit(l, ctx, slow)
			if err != nil {
				return 0, err
			}
			if _, err := f.Wait(ctx); err != nil {
				return 0, err
			}
			most.Store(0)
			return slow(ctx)
		})
		for range 5 {
			mustSubmit(t, l, slow)
		}
		_, err := outer.Wait(background)
		require.NoError(t, err)
		require.LessOrEqual(t, most.Load(), int32(2), "the lent one ends after the work it had in hand")
		most.Store(0)
		time.Sleep(time.Minute)
		require.LessOrEqual(t, most.Load(), int32(1))
	})
}
