package scenarios

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// An Option is given to [Run] and [Check].
type Option func(*suite)

// Schedules is how many each case runs, 1,000 unless it is given.
func Schedules(n int) Option { return func(s *suite) { s.config.Schedules = n } }

// Seed is the strategy's seed, 1 unless it is given.
func Seed(n uint64) Option { return func(s *suite) { s.config.Seed = n } }

// Strategy is how schedules are chosen, by scheduler.Portfolio unless it is given.
func Strategy(m scheduler.Maker) Option { return func(s *suite) { s.config.Strategy = m } }

// Replay runs the schedule of a failure's token, in the case that it is of, and nothing else. SIM_REPLAY does so from outside.
func Replay(token string) Option { return func(s *suite) { s.config.Replay = token } }

// Steps is how many operations a schedule may have, 20,000 unless it is given. One that has more is not a hang: it is sim.StepLimit.
func Steps(n int) Option { return func(s *suite) { s.config.Steps = n } }

// Only picks the cases whose name matches a regular expression. One that matches none is an error.
func Only(pattern string) Option { return func(s *suite) { s.only = pattern } }

// Patience is how much virtual time has to pass in vain before a wait is called a hang, and what goroutines have to end in once all is
// closed: 10 s unless it is given. A library that helps itself by a timer of its own wants more than that timer.
func Patience(d time.Duration) Option { return func(s *suite) { s.patience = d } }

// Named names the explorations of [Check] in tokens, before the case's name. Those of [Run] have the subtest's name.
func Named(name string) Option { return func(s *suite) { s.name = name } }

// Log is told a line for each case: the schedules that it passed, or why it was left out.
func Log(f func(line string)) Option { return func(s *suite) { s.log = f } }

type suite struct {
	config   sim.Config
	only     string
	patience time.Duration
	name     string
	log      func(string)

	newSubject func(sim.TB) Subject
	contract   Contract
	tolerant   bool // the schedule's goroutines may be left
}

const (
	defaultPatience = 10 * time.Second
	defaultSteps    = 20_000 // the longest schedules of the libraries that were tried have 500, where nobody spins for thousands
)

const lacksFunc = "the subject has no func for it"

func newSuite(newSubject func(sim.TB) Subject, c Contract, opts []Option) (*suite, []Case, error) {
	s := &suite{newSubject: newSubject, contract: c, patience: defaultPatience, name: "Check", log: func(string) {}}
	s.config.Steps = defaultSteps
	for _, o := range opts {
		o(s)
	}
	if newSubject == nil {
		return nil, nil, errors.New("scenarios: newSubject is nil")
	}
	if s.patience <= 0 {
		return nil, nil, fmt.Errorf("scenarios: Patience(%v): want more than nothing", s.patience)
	}
	if err := c.check(); err != nil {
		return nil, nil, err
	}
	only, err := regexp.Compile(s.only)
	if err != nil {
		return nil, nil, fmt.Errorf("scenarios: Only: %w", err)
	}
	cases := slices.DeleteFunc(Cases(), func(c Case) bool { return !only.MatchString(c.Name) })
	if len(cases) == 0 {
		return nil, nil, fmt.Errorf("scenarios: Only(%q) matches none of the cases", s.only)
	}
	return s, cases, nil
}

// Run runs each case as a subtest of t. newSubject is called once for each schedule, in the bubble. A case that the contract does not
// speak of is skipped, with the reason.
func Run(t *testing.T, newSubject func(sim.TB) Subject, c Contract, opts ...Option) {
	t.Helper()
	s, cases, err := newSuite(newSubject, c, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if why := c.leftOut(&s.contract); why != "" {
				t.Skip(why)
			}
			defer func() {
				if t.Skipped() {
					t.Log(lacksFunc)
				}
			}()
			s.of(t.Name()).Test(t, s.body(&c))
		})
	}
}

// Check is Run without a test. The error joins a [*CaseError] for each case that failed; it is another where the suite could not be run.
func Check(newSubject func(sim.TB) Subject, c Contract, opts ...Option) error {
	s, cases, err := newSuite(newSubject, c, opts)
	if err != nil {
		return err
	}
	var failed []error
	for _, c := range cases {
		if why := c.leftOut(&s.contract); why != "" {
			s.log(fmt.Sprintf("%s: left out: %s", c.Name, why))
			continue
		}
		r, err := s.of(s.name + "/" + c.Name).Explore(s.body(&c))
		switch {
		case err != nil:
			return err
		case r.Skipped:
			s.log(c.Name + ": left out: " + lacksFunc)
		case !r.OK():
			failed = append(failed, &CaseError{Case: c.Name, Failure: r.Failures[0]})
			s.log(fmt.Sprintf("%s: failed in schedule %d", c.Name, r.Failures[0].Schedule))
		default:
			s.log(fmt.Sprintf("%s: %s", c.Name, r))
		}
	}
	return errors.Join(failed...)
}

// A CaseError is a case that failed.
type CaseError struct {
	Case    string
	Failure *sim.Failure
}

func (e *CaseError) Error() string {
	return fmt.Sprintf("%s: %s in schedule %d: %s\n\n%s\nReplay:\n\tSIM_REPLAY=%s",
		e.Case, e.Failure.Kind, e.Failure.Schedule, e.Failure.Message, e.Failure.Trace, e.Failure.Token)
}

// of is the configuration of the exploration of that name.
func (s *suite) of(name string) sim.Config {
	c := s.config
	c.Name, c.Grace = name, s.patience
	c.Outlives = s.outlives
	return c
}

// outlives reports whether a goroutine with those functions may be left.
func (s *suite) outlives(functions []string) bool {
	return s.tolerates() || slices.ContainsFunc(functions, func(f string) bool { return slices.Contains(s.contract.AllowGoroutines, f) })
}

//go:norace
func (s *suite) tolerate(so bool) { s.tolerant = so }

//go:norace
func (s *suite) tolerates() bool { return s.tolerant }

// body runs a case once.
func (s *suite) body(c *Case) func(*sim.T) {
	return func(t *sim.T) {
		s.tolerate(false)
		x := &trial{t: t, s: s.newSubject(t), c: s.contract, patience: s.patience, tolerate: func() { s.tolerate(true) }}
		if x.s.Post == nil || x.s.Close == nil {
			t.Fatal("scenarios: a Subject needs Post and Close")
		}
		if c.lacks != nil && c.lacks(&x.s) {
			t.Skip(lacksFunc)
		}
		ended := false
		t.Cleanup(func() {
			if !ended && x.s.Kill != nil {
				x.s.Kill()
			}
		})
		c.script(x)
		ended = true
	}
}
