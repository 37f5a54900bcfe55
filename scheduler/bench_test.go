package scheduler

import "testing"

// BenchmarkPick is what a decision costs: 4 choices, 2 steps since the last.
func BenchmarkPick(b *testing.B) {
	d := many(4)
	for i := range d.Choices {
		d.Choices[i].Kind, d.Choices[i].Obj, d.Choices[i].ObjID = 5, Obj(1+i%2), uint64(1+i%2)
	}
	d.Since = []Event{{Op: d.Choices[1]}, {Op: d.Choices[2]}}
	for _, test := range append(makers, struct {
		name string
		make Maker
	}{"bytes", Bytes(nil)}) {
		for _, recorded := range []bool{false, true} {
			name := test.name
			if recorded {
				name += ",recorded"
			}
			b.Run(name, func(b *testing.B) {
				s := test.make(1)
				run := must(s)
				if test.name != "bytes" {
					run.End(&Outcome{Since: d.Since, Steps: 40})
					run = must(s)
				}
				var rec Recorder
				if recorded {
					run = rec.Record(run)
				}
				b.ReportAllocs()
				for i := range b.N {
					if i%64 == 0 && recorded {
						rec.picks = rec.picks[:0]
					}
					d.Choices[1].N++
					d.Choices[2].N++
					d.hashed = false
					run.Pick(d)
				}
			})
		}
	}
}

func BenchmarkFingerprint(b *testing.B) {
	k := newMachine(wrongLock(3))
	k.keep = true
	k.run(must(Random(1)))
	var f Fingerprint
	for range b.N {
		f.Reset()
		f.Add(k.trace)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(k.trace)), "ns/step")
}

// BenchmarkExhaustive is a whole search, the models' own steps included.
func BenchmarkExhaustive(b *testing.B) {
	k, n := newMachine(fib(2)), 0
	k.sum = false
	for range b.N {
		s := Exhaustive(Preemptions(3))(1)
		for {
			r, ok := s.Next()
			if !ok {
				break
			}
			k.run(r)
			n++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/schedule")
}
