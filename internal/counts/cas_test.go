package counts

import (
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// casCell is a variable with the operations of the least program in which a compare-and-swap that would fail sooner hides a class of another order.
type casCell struct {
	load  func()
	store func()
	cas   func()
}

// casCells has one for each way to write them. What they store and look for is 1, what they swap in 2; of those that are wider, it is all in the upper half.
var casCells = map[string]func() casCell{
	"int32": func() casCell {
		return casOf(new(int32), 1, 2, atomic.LoadInt32, atomic.StoreInt32, atomic.CompareAndSwapInt32)
	},
	"uint32": func() casCell {
		return casOf(new(uint32), 1, 2, atomic.LoadUint32, atomic.StoreUint32, atomic.CompareAndSwapUint32)
	},
	"int64": func() casCell {
		return casOf(new(int64), -1<<40, 2<<40, atomic.LoadInt64, atomic.StoreInt64, atomic.CompareAndSwapInt64)
	},
	"uint64": func() casCell {
		return casOf(new(uint64), 1<<40, 2<<40, atomic.LoadUint64, atomic.StoreUint64, atomic.CompareAndSwapUint64)
	},
	"uintptr": func() casCell {
		return casOf(new(uintptr), 1, 2, atomic.LoadUintptr, atomic.StoreUintptr, atomic.CompareAndSwapUintptr)
	},
	"pointer": func() casCell {
		return casOf(new(unsafe.Pointer), unsafe.Pointer(new(int)), unsafe.Pointer(new(int)), atomic.LoadPointer, atomic.StorePointer, atomic.CompareAndSwapPointer)
	},
	"Int32":      func() casCell { return casBy(new(atomic.Int32), 1, 2) },
	"Uint32":     func() casCell { return casBy(new(atomic.Uint32), 1, 2) },
	"Int64":      func() casCell { return casBy(new(atomic.Int64), 1<<40, 2<<40) },
	"Uint64":     func() casCell { return casBy(new(atomic.Uint64), 1<<40, 2<<40) },
	"Uintptr":    func() casCell { return casBy(new(atomic.Uintptr), 1, 2) },
	"Bool":       func() casCell { return casBy(new(atomic.Bool), true, false) },
	"Pointer[T]": func() casCell { return casBy(new(atomic.Pointer[int]), new(int), new(int)) },
}

func casOf[T any](x *T, one, two T, load func(*T) T, store func(*T, T), cas func(*T, T, T) bool) casCell {
	return casCell{func() { load(x) }, func() { store(x, one) }, func() { cas(x, one, two) }}
}

func casBy[T any](x interface {
	Load() T
	Store(T)
	CompareAndSwap(old, new T) bool
}, one, two T) casCell {
	return casCell{func() { x.Load() }, func() { x.Store(one) }, func() { x.CompareAndSwap(one, two) }}
}

// TestCompareAndSwaps: the search knows how a compare-and-swap of each width turns out in another order.
func TestCompareAndSwaps(t *testing.T) {
	for name, cell := range casCells {
		r := maskedClasses(t, name, cell)
		if r.Schedules != 13 || r.Distinct != 13 || !r.Complete {
			t.Errorf("%s: %d classes in %d schedules, complete %t; there are 13", name, r.Distinct, r.Schedules, r.Complete)
		}
	}
}

// TestGuessed: of an atomic.Value it does not know, and where that matters it does not say that it is complete.
func TestGuessed(t *testing.T) {
	r := maskedClasses(t, "Value", func() casCell {
		x := new(atomic.Value)
		return casCell{func() { x.Load() }, func() { x.Store(1) }, func() { x.CompareAndSwap(1, 2) }}
	})
	if r.Complete && r.Distinct != 13 {
		t.Errorf("complete with %d classes; there are 13", r.Distinct)
	}
	t.Logf("%d classes, complete %t", r.Distinct, r.Complete)
}

func maskedClasses(t *testing.T, name string, cell func() casCell) *sim.Report {
	c := sim.Config{Name: name, Strategy: scheduler.Exhaustive(), Schedules: 1000}
	r, err := c.Explore(func(*sim.T) {
		x := cell()
		go x.load()
		go x.cas()
		go x.load()
		x.store()
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
