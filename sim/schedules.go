package sim

import (
	"fmt"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// all runs the strategy's schedules.
func (x *explorer) all() error {
	if err := x.begin(); err != nil {
		return err
	}
	if err := x.resume(); err != nil {
		return err
	}
	s, ok := scheduler.As[scheduler.Sharer](x.strategy)
	if ok && (x.canShare() || s.Shared()) {
		return x.shareTree()
	}
	_, exhaustive := scheduler.As[scheduler.Completer](x.strategy)
	if x.canShare() && !exhaustive {
		return x.share()
	}
	r := x.report
	for x.goesOn() {
		run, ok := x.strategy.Next()
		if !ok {
			break
		}
		if exhaustive {
			x.runSearch(run)
		} else {
			x.run(run, false)
		}
		if x.result.Passed {
			r.Passed++
			continue
		}
		if x.count(); x.result.Kind != "" && !r.Skipped {
			x.failed()
			if !x.c.KeepGoing {
				break
			}
		}
	}
	x.finish()
	return nil
}

// begin makes the strategy: the whole one or a shard's.
func (x *explorer) begin() error {
	c := &x.c
	x.maker, x.seed = c.Strategy, c.Seed
	x.strategy = x.maker(x.seed)
	if c.shard.n > 1 {
		if s, ok := scheduler.As[scheduler.Sharder](x.strategy); ok {
			s.Shard(c.shard.i, c.shard.n)
		} else if _, ok := scheduler.As[scheduler.Completer](x.strategy); ok {
			return fmt.Errorf("lastcall: strategy %s cannot be divided into shards; unset SIM_SHARD", x.strategyName())
		} else {
			c.Schedules = (c.Schedules + c.shard.n - 1 - c.shard.i) / c.shard.n
			x.seed = c.Seed*0x9e3779b97f4a7c15 + uint64(c.shard.i)
			x.strategy = x.maker(x.seed)
		}
	}
	return nil
}

// goesOn reports whether another schedule is to be run, and notes why where not.
func (x *explorer) goesOn() bool {
	r := x.report
	switch {
	case r.Schedules >= x.c.Schedules || x.decided():
		return false
	case Interrupted():
		r.Stopped = Interrupt
	case !x.deadline.IsZero() && time.Now().After(x.deadline):
		r.Stopped = OutOfTime
	default:
		return true
	}
	return false
}

// decided reports whether what was found ends the exploration, whatever is left.
func (x *explorer) decided() bool {
	return x.report.Skipped || x.astray || len(x.report.Failures) > 0 && !x.c.KeepGoing
}

// stops reports whether no more schedules are to be run for a reason that comes from outside.
func (x *explorer) stops() bool {
	return Interrupted() || !x.deadline.IsZero() && time.Now().After(x.deadline)
}

// count takes up the last run.
func (x *explorer) count() {
	r := x.report
	r.Schedules++
	r.Steps += int64(x.result.Steps)
	x.countClass(x.result.Class)
	if x.result.Kind != "" && !r.Skipped {
		r.Failing++
	}
}

// countClass notes the class of a run, and how many classes one schedule alone is of.
func (x *explorer) countClass(class uint64) {
	if _, seen := x.classes[class]; !seen {
		x.classes[class] = struct{}{}
		x.single++
	} else if _, more := x.again[class]; !more {
		x.again[class] = struct{}{}
		x.single--
	}
}

func (x *explorer) finish() {
	r := x.report
	r.Distinct = len(x.classes)
	c, ok := scheduler.As[scheduler.Completer](x.strategy)
	if ok {
		r.Complete, r.Bounded = c.Complete(), c.Bounded()
		if g, ok := scheduler.As[scheduler.Gapped](x.strategy); ok {
			r.Gaps = g.Gaps().String()
		}
	} else if r.Schedules > 0 {
		r.New = float64(x.single) / float64(r.Schedules)
	}
	if e, ok := scheduler.As[scheduler.Estimator](x.strategy); ok {
		r.Behind, _ = e.Estimate()
	}
	if r.Stopped == "" && r.OK() && !r.Skipped && ok && !r.Complete && r.Schedules >= x.c.Schedules {
		r.Stopped = OutOfSchedules
	}
	if r.OK() && !r.Skipped && !x.alone && x.c.shard.n < 2 && r.Stopped != Interrupt {
		x.checkSometimes()
	}
}

// strategyName is the strategy's own name for itself, with its bounds, or what it was asked for as.
func (x *explorer) strategyName() string {
	if s, ok := scheduler.As[fmt.Stringer](x.strategy); ok {
		return s.String()
	}
	return x.c.strategyName
}
