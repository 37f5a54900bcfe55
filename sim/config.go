package sim

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// Config says how to explore. The zero value is what [Test] uses. What is said later overrides what is said earlier:
// defaults, fields set in code, the environment, flags.
type Config struct {
	Name      string          // names the exploration in tokens and files; "" means the test's name, or the caller's function and ordinal
	Schedules int             // at most this many; 0 means 1000, 100 with -short
	Budget    time.Duration   // real time; 0 means until Schedules or the test's deadline
	Strategy  scheduler.Maker // nil means scheduler.Portfolio
	Seed      uint64          // 0 means 1: the default run is the same every time
	Steps     int             // per schedule; 0 means 100,000
	Grace     time.Duration   // virtual time that goroutines left over when f returns may use to end; 0 means none
	Lag       time.Duration   // virtual time by which the clock may overtake goroutines that could go on, in all; 0 means 1 ms, less means none
	Replay    string          // a token, or the path of a schedule's file: run this one schedule
	KeepGoing bool            // do not stop at the first failure

	// Outlives is asked of each goroutine that is left when the body has returned: it is no Leak where all of them may be. Its functions are those on
	// its stack, the innermost first, and then the one that started it, as package runtime names them.
	Outlives func(functions []string) bool

	strategyName string
	shard        shard
	report       string // a directory
	resume       string // a directory or a file
	procs        int
}

type shard struct{ i, n int }

const (
	defaultSchedules      = 1000
	defaultSchedulesShort = 100
	defaultSteps          = 100_000
	defaultLag            = time.Millisecond
)

// settings are what the environment and flags can say, by the name after "SIM_" or "-sim.".
var settings = []struct {
	name, usage string
	set         func(c *Config, v string) error
}{
	{"seed", "seed of the exploration's strategy", func(c *Config, v string) (err error) {
		if c.Seed, err = strconv.ParseUint(v, 0, 64); err != nil {
			err = fmt.Errorf("want a whole number from 0 to 2^64-1")
		}
		return err
	}},
	{"schedules", "schedules at most", func(c *Config, v string) (err error) {
		if c.Schedules, err = strconv.Atoi(v); err != nil || c.Schedules < 1 {
			err = fmt.Errorf("want a whole number, at least 1")
		}
		return err
	}},
	{"budget", "real time at most, such as 30s", func(c *Config, v string) (err error) {
		if c.Budget, err = time.ParseDuration(v); err == nil && c.Budget <= 0 {
			err = fmt.Errorf("want more than nothing")
		}
		return err
	}},
	{"strategy", "random, pct:3, exhaustive:2 and so on", func(c *Config, v string) (err error) {
		c.Strategy, err = scheduler.ParseStrategy(v)
		c.strategyName = v
		return err
	}},
	{"lag", "virtual time by which the clock may overtake goroutines, such as 1s; 0 for none", func(c *Config, v string) (err error) {
		if c.Lag, err = time.ParseDuration(v); err == nil && c.Lag < 0 {
			err = fmt.Errorf("want none or more")
		}
		if c.Lag == 0 {
			c.Lag = -1 // the zero value is the default
		}
		return err
	}},
	{"replay", "token, or path of a schedule's file, to run instead of exploring", func(c *Config, v string) error {
		c.Replay = v
		_, err := readSchedule(v)
		return err
	}},
	{"shard", "i/n: the i-th of n parts, from 0", func(c *Config, v string) error {
		i, n, ok := strings.Cut(v, "/")
		a, err1 := strconv.Atoi(i)
		b, err2 := strconv.Atoi(n)
		if !ok || err1 != nil || err2 != nil || a < 0 || a >= b {
			return fmt.Errorf("want i/n with 0 <= i < n")
		}
		c.shard = shard{a, b}
		return nil
	}},
	{"report", "directory to write a report of each exploration to, for lastcall merge", func(c *Config, v string) error {
		c.report = v
		return nil
	}},
	{"resume", "directory in which an exploration that is stopped writes where it stands, and from which it goes on; or that file", func(c *Config, v string) error {
		c.resume = v
		return nil
	}},
	{"procs", "processes that share a test's exploration, each of which starts the test binary (default 1)", func(c *Config, v string) (err error) {
		if c.procs, err = strconv.Atoi(v); err != nil || c.procs < 1 {
			err = fmt.Errorf("want a whole number, at least 1")
		}
		return err
	}},
}

var simFlags = func() map[string]*string {
	m := make(map[string]*string)
	for _, s := range settings {
		m[s.name] = flag.String("sim."+s.name, "", s.usage)
	}
	return m
}()

var misspeltHere = sync.OnceValue(func() string { return misspelt(os.Environ()) })

// resolved returns c with the environment and the flags applied, and what is missing filled in.
func (c Config) resolved() Config {
	if complaint := misspeltHere(); complaint != "" {
		panic(complaint)
	}
	c.apply(os.LookupEnv, func(name string) (string, bool) {
		v := *simFlags[name]
		return v, v != ""
	})
	if c.Schedules == 0 {
		c.Schedules = defaultSchedules
		if testing.Testing() && flag.Parsed() && testing.Short() {
			c.Schedules = defaultSchedulesShort
		}
	}
	if c.Strategy == nil {
		c.Strategy, c.strategyName = scheduler.Portfolio, "portfolio"
	}
	if c.strategyName == "" {
		c.strategyName = "custom"
	}
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Steps == 0 {
		c.Steps = defaultSteps
	}
	if c.Lag == 0 {
		c.Lag = defaultLag
	}
	return c
}

// apply lets the environment and then the flags override c. A malformed value panics, naming the key and the value.
func (c *Config) apply(env, flags func(string) (string, bool)) {
	for _, s := range settings {
		key := "SIM_" + strings.ToUpper(s.name)
		if v, ok := env(key); ok && v != "" {
			if err := s.set(c, v); err != nil {
				panic(fmt.Sprintf("lastcall: %s=%s: %v", key, v, err))
			}
		}
	}
	for _, s := range settings {
		if v, ok := flags(s.name); ok {
			if err := s.set(c, v); err != nil {
				panic(fmt.Sprintf("lastcall: -sim.%s=%s: %v", s.name, v, err))
			}
		}
	}
}

// readSchedule reads a token, or the schedule's file at that path.
func readSchedule(v string) (*scheduler.Schedule, error) {
	if !strings.HasSuffix(v, schedSuffix) {
		return scheduler.ParseToken(v)
	}
	text, err := os.ReadFile(v)
	if err != nil {
		return nil, err
	}
	s := new(scheduler.Schedule)
	if err := s.UnmarshalText(text); err != nil {
		return nil, fmt.Errorf("%s: %w", v, err)
	}
	return s, nil
}

// replays remembers whether an exploration took the token that was asked for.
var replays struct {
	mu    sync.Mutex
	asked string
	taken bool
	names []string
}

func noteReplay(token, name string, taken bool) {
	replays.mu.Lock()
	defer replays.mu.Unlock()
	replays.asked = token
	replays.taken = replays.taken || taken
	replays.names = append(replays.names, name)
}

// unusedReplay says so where SIM_REPLAY or -sim.replay named a schedule that no exploration took.
func unusedReplay() string {
	replays.mu.Lock()
	defer replays.mu.Unlock()
	asked := os.Getenv("SIM_REPLAY")
	if v := *simFlags["replay"]; v != "" {
		asked = v
	}
	if asked == "" || replays.taken {
		return ""
	}
	s, err := readSchedule(asked)
	if err != nil {
		return fmt.Sprintf("lastcall: %v", err)
	}
	return fmt.Sprintf("lastcall: the token is of the exploration %q, and none of that name ran (those that ran: %q); run the test that it names",
		s.Name, replays.names)
}
