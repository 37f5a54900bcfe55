//go:build unix

package bench

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime reports the processor time that an operation takes, over all threads. On a machine with other things to do it says more than the time on
// the wall.
func cpuTime(b *testing.B) func() {
	before := spent()
	return func() { b.ReportMetric(float64(spent()-before)/float64(b.N), "cpu-ns/op") }
}

func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
