package bench

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"github.com/lastcall-go/lastcall/internal/bench/body"
	"github.com/lastcall-go/lastcall/internal/collector"
	"github.com/lastcall-go/lastcall/scheduler"
)

// BenchmarkSearch is a schedule of a search: with reduction; without (depth first); at random; and where nobody searches, so that the difference is the
// search's own (of the reduced one: the difference to where the same schedules are run with what it picked read off a list). Beside it, right before and in a binary that is not instrumented, what a plain synctest bubble takes, which decides nothing,
// and what a scheduler takes that hands turns over by channels: see BenchmarkSearch in package plain.
func BenchmarkSearch(b *testing.B) {
	plain, shutdown := plainNS(b, "^BenchmarkSearch$"), plainNS(b, "^BenchmarkPlain$")["Plain"]
	for _, p := range body.Classics {
		for _, s := range []struct {
			name string
			make scheduler.Maker
		}{
			{"reduced", scheduler.Exhaustive()},
			{"depth first", scheduler.DepthFirst()},
			{"random", scheduler.Random},
			{"nobody", func(uint64) scheduler.Strategy { return nobody{} }},
			{"repeated", func(uint64) scheduler.Strategy { return repeat(func() { p.Body(body.Free, body.NoPoint) }) }},
		} {
			b.Run(p.Name+"/"+s.name, func(b *testing.B) {
				ns, step := benchmarkSearch(b, s.make, func() { p.Body(body.Free, body.NoPoint) })
				for _, other := range []string{"synctest", "channels"} {
					b.ReportMetric(ns/plain[p.Name+"/"+other], "times-"+other)
				}
				b.ReportMetric(step/plain[p.Name+"/channels, a step"], "step/channels")
			})
		}
	}
	b.Run("a shutdown/random", func(b *testing.B) {
		ns, _ := benchmarkSearch(b, scheduler.Random, body.Shutdown)
		b.ReportMetric(ns/shutdown, "times-synctest")
	})
	b.Run("a shutdown/reduced", func(b *testing.B) { benchmarkSearch(b, scheduler.Exhaustive(), body.Shutdown) })
	b.Run("a shutdown/repeated", func(b *testing.B) {
		benchmarkSearch(b, func(uint64) scheduler.Strategy { return repeat(body.Shutdown) }, body.Shutdown)
	})
}

// benchmarkSearch returns what a schedule takes, and a step, in nanoseconds.
func benchmarkSearch(b *testing.B, make scheduler.Maker, body func()) (schedule, step float64) {
	b.ReportAllocs()
	defer collector.Spare()() // as an exploration does
	m := scheduler.NewMachine()
	s := make(1)
	steps := 0
	b.ResetTimer()
	for range b.N {
		run, ok := s.Next()
		if !ok {
			s = make(1)
			run, _ = s.Next()
		}
		steps += m.Run(run, body, scheduler.Options{Steps: 1000}).Steps
	}
	ns := float64(b.Elapsed().Nanoseconds())
	b.ReportMetric(ns/float64(steps), "ns/step")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
	return ns / float64(b.N), ns / float64(steps)
}

// nobody takes turns without a thought, so that there are as many switches between goroutines as a search makes.
type nobody struct{ at int }

func (nobody) Next() (scheduler.Run, bool) { return &nobody{}, true }

func (n *nobody) Pick(d *scheduler.Decision) int {
	n.at++
	return n.at % len(d.Choices)
}

func (*nobody) End(*scheduler.Outcome) {}

// repeated is where the first schedules of a reduced search are run once more, with what it picked read off a list: all that a schedule takes but the search.
type repeated struct {
	picks [][]byte
	at    int
}

const repeatedMax = 20_000

func repeat(body func()) *repeated {
	m, s, all := scheduler.NewMachine(), scheduler.Exhaustive()(1), new(repeated)
	for len(all.picks) < repeatedMax {
		run, ok := s.Next()
		if !ok {
			break
		}
		l := listed{Diverger: run.(scheduler.Diverger)}
		m.Run(&l, body, scheduler.Options{Steps: 1000})
		all.picks = append(all.picks, l.picks)
	}
	return all
}

// listed lists what a run picks.
type listed struct {
	scheduler.Diverger
	picks []byte
}

func (*listed) Locates() bool { return true }

func (l *listed) Pick(d *scheduler.Decision) int {
	i := l.Diverger.Pick(d)
	l.picks = append(l.picks, byte(i))
	return i
}

func (r *repeated) Next() (scheduler.Run, bool) {
	r.at++
	return &fromList{r.picks[(r.at-1)%len(r.picks)]}, true
}

type fromList struct{ left []byte }

func (l *fromList) Pick(*scheduler.Decision) int {
	i := int(l.left[0])
	l.left = l.left[1:]
	return i
}

func (*fromList) End(*scheduler.Outcome) {}

var figures = regexp.MustCompile(`(?m)^Benchmark(?:Search/)?(\S+?)(?:-\d+)?\s+\d+\s+([0-9.]+) ns/op(?:\s+([0-9.]+) ns/step)?`)

// plainNS runs benchmarks of package plain in a binary that is not instrumented, and returns nanoseconds by name, and those of a step where it says so.
func plainNS(b *testing.B, which string) map[string]float64 {
	cpu := strconv.Itoa(runtime.GOMAXPROCS(0))
	out, err := exec.Command("go", "test", "-run", "^$", "-bench", which, "-cpu", cpu, "./plain").CombinedOutput()
	if err != nil {
		b.Fatal(fmt.Errorf("%w\n%s", err, out))
	}
	ns := make(map[string]float64)
	for _, m := range figures.FindAllStringSubmatch(string(out), -1) {
		ns[m[1]], _ = strconv.ParseFloat(m[2], 64)
		ns[m[1]+", a step"], _ = strconv.ParseFloat(m[3], 64)
	}
	if len(ns) == 0 {
		b.Fatalf("no figures in %s", out)
	}
	return ns
}
