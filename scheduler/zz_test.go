package scheduler
import ("testing";"math/rand/v2";"fmt")
func randomModel(r *rand.Rand) *model {
	m := &model{name:"random", init: make([]int,6)}
	n := 2+r.IntN(3)
	for range n {
		var p proc
		held := 0
		for range 1+r.IntN(4) {
			o := 1+r.IntN(2)
			switch r.IntN(7) {
			case 0,1: p = append(p, ld(o,0))
			case 2: p = append(p, put(o, 1+r.IntN(2)))
			case 3: p = append(p, st(o, func(s *state) int {return s.reg[0]+1}))
			case 4: p = append(p, cas(o, r.IntN(2), 1+r.IntN(2)))
			case 5: if held==0 { held=4; p = append(p, lock(4)) } else { held=0; p=append(p, unlock(4)) }
			case 6: 
				at:=len(p)+2
				p = append(p, ld(o,1).then(func(m *machine, s *state) int { if s.reg[1]!=0 {return at}; return s.pc+1 }), put(3-o,5))
			}
		}
		if held!=0 {p=append(p,unlock(4))}
		m.procs=append(m.procs,p)
	}
	return m
}
func TestZR(t *testing.T) {
	r:=rand.New(rand.NewPCG(1,2))
	lost,dup,totalMade,total,big:=0,0,0,0,0
	for range 20000 {
		m:=randomModel(r)
		k := newMachine(m)
		whole:=map[uint64]bool{}
		u:=Exhaustive()(1)
		for len(whole)<3000 { run,ok:=u.Next(); if !ok {break}; whole[k.run(run).Class]=true }
		if len(whole)>=3000 {big++; continue}
		depth:=1+r.IntN(8)
			s := Exhaustive()(1).(*optimal)
			s.top = &division{mine: func(int) bool { return true }, depth: depth}
		got:=map[uint64]bool{}
		for { run,ok:=s.Next(); if !ok {break}; o:=k.run(run); totalMade++; if passed(run){continue}; if got[o.Class] {dup++}; got[o.Class]=true; if !whole[o.Class] {t.Error("foreign")} }
		total+=len(whole)
		if len(got)!=len(whole) {lost++}
	}
	fmt.Println("lost",lost,"dup",dup,"made",totalMade,"classes",total,"big",big)
}
