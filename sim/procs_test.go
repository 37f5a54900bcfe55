package sim

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/lastcall-go/lastcall/internal/report"
	"github.com/lastcall-go/lastcall/scheduler"
)

// TestHelperProcs is what TestProcs runs on several processes.
func TestHelperProcs(t *testing.T) {
	what := os.Getenv("SIM_TEST_PROCS")
	if what == "" {
		t.Skip("for TestProcs")
	}
	workersAfter = 0
	t.Run("sub test", func(t *testing.T) {
		Config{Name: "another", Schedules: 10}.Test(t, counting(2, false)) // a worker has to pass by it
		Config{}.Test(t, counting(2, false))                               // and by the first of this name
		c := Config{KeepGoing: what == "all" || what == "few, all"}
		switch what {
		case "pass":
			c.Test(t, counting(3, false))
		case "few", "few, all":
			c.Test(t, counting(3, true))
		case "skip":
			c.Test(t, func(t *T) {
				var x atomic.Int32
				var wg sync.WaitGroup
				wg.Go(func() { x.Add(1) })
				if x.Load() == 1 {
					t.Skip("enough")
				}
				wg.Wait()
			})
		case "process": // each process fails otherwise: the body depends on what the schedule does not determine
			c.Test(t, func(t *T) {
				if role.Name != "" {
					t.Error("in a worker")
				}
			})
		case "dead": // the processes that were started ahead end before they are called
			spares.mu.Lock()
			assert.NotEmpty(t, spares.all)
			for _, w := range spares.all {
				w.end()
			}
			spares.mu.Unlock()
			c.Test(t, counting(3, false))
		case "moved": // they come to where this process is when it calls them
			if role.Name == "" {
				require.NoError(t, os.Setenv("SIM_TEST_MOVED", os.Getenv("SIM_TEST_TO")))
				require.NoError(t, os.Unsetenv("SIM_TEST_TO"))
				require.NoError(t, os.Chdir(os.Getenv("SIM_TEST_MOVED")))
			}
			c.Test(t, func(t *T) {
				dir, err := os.Getwd()
				assert.NoError(t, err)
				assert.Equal(t, dir, os.Getenv("SIM_TEST_MOVED"))
				assert.Empty(t, os.Getenv("SIM_TEST_TO"))
				assert.Empty(t, os.Getenv(workerEnv))
				counting(3, false)(t)
			})
			spares.mu.Lock()
			assert.Len(t, spares.all, Config{}.resolved().procs-1, "for the next one")
			for _, w := range spares.all {
				fmt.Println("spare", w.cmd.Process.Pid)
			}
			spares.mu.Unlock()
		case "crash":
			c.Test(t, func(t *T) {
				if role.Name != "" {
					killSelf()
				}
				rareButPasses(t) // in more schedules than anybody waits for
			})
		default:
			c.Test(t, rare)
		}
	})
}

func killSelf() {
	p, _ := os.FindProcess(os.Getpid())
	p.Kill()
	select {}
}

func rareButPasses(t *T) {
	var x atomic.Int32
	var wg sync.WaitGroup
	for range 9 {
		wg.Go(func() { x.Add(1) })
	}
	wg.Wait()
}

// rare fails where a goroutine is overtaken by all the others at each of its steps, and in other ways more often.
func rare(t *T) {
	var x atomic.Int32
	var wg sync.WaitGroup
	wg.Go(func() {
		seen := int32(0)
		for range 4 {
			if v := x.Load(); v == seen {
				return
			} else {
				seen = v
			}
		}
		if seen > 7 {
			t.Error("always overtaken, and late")
		}
		t.Error("always overtaken")
	})
	for range 8 {
		wg.Go(func() { x.Add(1) })
	}
	wg.Wait()
}

// procs runs TestHelperProcs and returns what it printed, without what hangs on the time.
func procs(t *testing.T, n, what, strategy string, env ...string) (out string, ok bool) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^TestHelperProcs$", "-test.v", "-test.paniconexit0", "-test.timeout=1m")
	cmd.Env = append(os.Environ(), "SIM_TEST_PROCS="+what, "SIM_PROCS="+n, "SIM_STRATEGY="+strategy, "SIM_SCHEDULES=3000")
	cmd.Env = append(cmd.Env, env...)
	cmd.Dir, cmd.WaitDelay = t.TempDir(), time.Minute
	text, err := cmd.CombinedOutput()
	return regexp.MustCompile(`\d+\.\d+s|, \d+ schedules/s`).ReplaceAllString(string(text), ""), err == nil
}

// TestProcs: on several processes an exploration comes to what it comes to on one.
func TestProcs(t *testing.T) {
	for _, what := range []string{"pass", "first", "all", "skip"} {
		want, ok := procs(t, "1", what, "random")
		assert.Equal(t, what == "pass" || what == "skip", ok, "%s: %s", what, want)
		for _, n := range []string{"2", "3"} {
			got, _ := procs(t, n, what, "random")
			assert.Equal(t, want, got, "%s, %s processes", what, n)
		}
	}
}

// TestProcsLearning: strategies that learn do so in each process; that too comes to the same each time.
func TestProcsLearning(t *testing.T) {
	for _, tt := range []struct{ strategy, what, want string }{
		{"portfolio", "first", "always overtaken"}, {"surw", "all", "always overtaken"}, {"pct:3", "pass", "3000 schedules"},
	} {
		one, _ := procs(t, "2", tt.what, tt.strategy)
		assert.Contains(t, one, tt.want)
		two, _ := procs(t, "2", tt.what, tt.strategy)
		assert.Equal(t, one, two, tt.strategy)
	}
}

// TestProcsExhaustive: a search that is shared runs the same classes, and however many share it, it finds the same.
func TestProcsExhaustive(t *testing.T) {
	for strategy, comes := range map[string]string{"exhaustive": "36 schedules (36 distinct, complete)", "exhaustive:2": "910 schedules (36 distinct, complete within the bounds)", "delays:2": "110 schedules (14 distinct, complete within the bounds)"} {
		one, ok := procs(t, "1", "pass", strategy)
		assert.True(t, ok)
		assert.Contains(t, one, comes)
		for _, what := range []string{"pass", "few", "few, all", "skip"} {
			want, _ := procs(t, "2", what, strategy)
			if what == "pass" {
				assert.Equal(t, one, want, strategy)
			}
			got, _ := procs(t, "3", what, strategy)
			assert.Equal(t, want, got, "%s: %s", strategy, what)
		}
	}
}

// TestSpares: a process that was started ahead is as good as one that is started for the exploration.
func TestSpares(t *testing.T) {
	for _, strategy := range []string{"random", "exhaustive"} {
		want, ok := procs(t, "3", "pass", strategy)
		assert.True(t, ok, want)
		for _, what := range []string{"dead", "moved"} {
			to, err := filepath.EvalSymlinks(t.TempDir())
			require.NoError(t, err)
			got, ok := procs(t, "3", what, strategy, "SIM_TEST_TO="+to)
			assert.True(t, ok, got)
			spare := regexp.MustCompile(`spare (\d+)\n`)
			for _, m := range spare.FindAllStringSubmatch(got, -1) {
				pid, err := strconv.Atoi(m[1])
				require.NoError(t, err)
				if p, err := os.FindProcess(pid); err == nil {
					assert.Error(t, p.Signal(syscall.Signal(0)), "process %d is still there", pid)
				}
			}
			line := regexp.MustCompile(`procs_test.go:\d+`) // of the call
			got = spare.ReplaceAllString(got, "")
			assert.Equal(t, line.ReplaceAllString(want, ""), line.ReplaceAllString(got, ""), what)
		}
	}
}

func TestProcsReport(t *testing.T) {
	var sums []*report.Report
	for _, n := range []string{"1", "2"} {
		dir := t.TempDir()
		procs(t, n, "all", "random", "SIM_REPORT="+dir)
		parts, err := report.Read([]string{filepath.Join(dir, "TestHelperProcs%2Fsub_test.0-of-1.report.json")})
		require.NoError(t, err)
		parts[0].Elapsed, parts[0].Path = 0, ""
		sums = append(sums, parts[0])
	}
	assert.Equal(t, sums[0], sums[1])
}

func TestProcsTrouble(t *testing.T) {
	out, ok := procs(t, "2", "crash", "random")
	assert.False(t, ok)
	assert.Contains(t, out, "lastcall: worker process 1 of the exploration ended: signal: killed")
	out, ok = procs(t, "2", "crash", "exhaustive", "SIM_SCHEDULES=1000000000")
	assert.False(t, ok)
	assert.Contains(t, out, "lastcall: worker process 1 of the exploration ended: signal: killed")
	out, ok = procs(t, "2", "process", "random")
	assert.False(t, ok)
	assert.Contains(t, out, "this schedule failed in another process (Assertion) and does not in this one, so it hangs on something that outlives a schedule")
	out, ok = procs(t, "2", "pass", "portfolio", "SIM_RESUME="+t.TempDir())
	assert.False(t, ok)
	assert.Contains(t, out, "lastcall: strategy portfolio learns from one schedule to the next, so on several processes it cannot be stopped and taken up again")
	_, ok = procs(t, "0", "pass", "random")
	assert.False(t, ok)
}

func TestWorkerArgs(t *testing.T) {
	got := workerArgs([]string{"-test.v=true", "-test.run=X", "-test.short=true", "-sim.seed=3", "-test.paniconexit0", "-mine=1", "file", "-test.v"}, "TestA/b c")
	assert.Equal(t, []string{"-test.run=^TestA$/^b c$", "-test.count=1", "-test.timeout=0", "-test.short=true", "-sim.seed=3", "-mine=1", "file", "-test.v"}, got)
}

// TestStandInWorker: a worker that is asked where a limb stands first answers what it has been told before, and that is not lost.
func TestStandInWorker(t *testing.T) {
	own, theirs := wires(t)
	w := &worker{wire: own, ready: true}
	task := &scheduler.Task{Base: 7}
	for _, g := range []grown{{Lane: 0}, {Lane: 1}, {Lane: 2, News: &scheduler.News{Stand: task}}} {
		require.NoError(t, theirs.say(reply{Limbs: []grown{g}}))
	}
	c := &crew{x: &explorer{}, workers: []*worker{w}}
	for lane := range 2 {
		c.rounds = append(c.rounds, &round{orders: [][]scheduler.Order{nil, {{Lane: lane}}}})
	}
	got, err := c.stand(1, 2)
	require.NoError(t, err)
	assert.Equal(t, task, got)
	for lane := range 2 {
		a, err := w.answer(1, func() bool { return false })
		require.NoError(t, err)
		assert.Equal(t, lane, a.Limbs[0].Lane)
	}
}

// TestAhead: this process begins with the next round's orders where a worker has not answered, and only there.
func TestAhead(t *testing.T) {
	own, theirs := wires(t)
	c := &crew{x: &explorer{report: new(Report)}, workers: []*worker{{wire: own, ready: true}}}
	rounds := []*round{}
	for range 3 {
		rounds = append(rounds, &round{orders: [][]scheduler.Order{nil, {{}}}})
	}
	require.NoError(t, theirs.say(reply{}))
	_, err := c.results(rounds[0], rounds[1])
	require.NoError(t, err)
	assert.False(t, rounds[1].done)
	said := make(chan error)
	go func() {
		time.Sleep(500 * time.Millisecond)
		said <- theirs.say(reply{Limbs: []grown{{Lane: 3}}})
	}()
	all, err := c.results(rounds[1], rounds[2])
	require.NoError(t, err)
	require.NoError(t, <-said)
	assert.True(t, rounds[2].done)
	assert.Equal(t, []grown{{Lane: 3}}, all)
	require.NoError(t, theirs.say(reply{Err: "it broke"}))
	require.Eventually(t, c.workers[0].hasAnswered, time.Second, time.Millisecond)
	_, err = c.results(rounds[2], nil)
	assert.EqualError(t, err, "lastcall: worker process 1: it broke")
}

// TestPaused: orders that are carried out bit by bit come to what they come to in one go.
func TestPaused(t *testing.T) {
	carry := func(pause func() bool) (all []grown, pauses int) {
		x := newExplorer(Config{Strategy: scheduler.Exhaustive()}.resolved(), t, counting(3, false), time.Time{})
		require.NoError(t, x.begin())
		s, ok := scheduler.As[scheduler.Sharer](x.strategy)
		require.True(t, ok)
		trunk, own := s.Share(), &limbs{of: s}
		for {
			orders, err := trunk.Round(1000)
			require.NoError(t, err)
			if len(orders) == 0 {
				return all, pauses
			}
			e := &errand{orders: orders}
			for done := false; !done; pauses++ {
				done, err = x.carryOut(own, e, func() bool { return false }, pause)
				require.NoError(t, err)
			}
			pauses--
			for _, g := range e.came {
				trunk.Take(g.Lane, g.News)
			}
			all = append(all, e.came...)
		}
	}
	want, none := carry(never)
	assert.Zero(t, none)
	n := 0
	got, pauses := carry(func() bool { n++; return n%2 == 0 })
	assert.Equal(t, want, got)
	ran := 0
	for _, g := range got {
		ran += g.News.Ran
	}
	assert.Equal(t, 36, ran)
	assert.Greater(t, pauses, 30)
}

// TestNobodyCalls: a process that is told to be a worker by whoever is not one of ours does not pass.
func TestNobodyCalls(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^TestWorkerArgs$")
	cmd.Env = append(os.Environ(), workerEnv+"=1")
	assert.Error(t, cmd.Run())
}
