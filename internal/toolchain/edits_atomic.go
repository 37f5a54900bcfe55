package toolchain

// atomicEdits rename the functions of sync/atomic, so that overlay/sync/atomic/lastcall.go can stand in their place.
// The compiler knows the standard library's calls as intrinsics, so those are not affected; the program's
// packages are compiled with -d=ssa/intrinsics/off, which makes theirs calls. Under -race every call is one, and the
// runtime tells by the return address whose it is.
var atomicEdits = renames()

func renames() []Edit {
	why := "the functions of sync/atomic are operations"
	var out []Edit
	for _, f := range []string{"sync/atomic/doc.go", "sync/atomic/doc_64.go", "sync/atomic/doc_32.go"} {
		for _, op := range []string{"Swap", "CompareAndSwap", "Add", "And", "Or", "Load", "Store"} {
			out = append(out, Edit{File: f, Anchor: "\nfunc " + op, Replace: "\nfunc lc" + op, Count: -1, Why: why})
		}
	}
	out = append(out, Edit{File: "sync/atomic/asm.s", Anchor: "TEXT ·", Replace: "TEXT ·lc", Count: -1, Why: why})
	for _, op := range []string{"Swap", "CompareAndSwap", "Store"} {
		out = append(out, Edit{File: "runtime/atomic_pointer.go", Anchor: " sync/atomic." + op, Replace: " sync/atomic.lc" + op, Count: -1, Why: why})
	}
	out = append(out, Edit{File: "runtime/race.go", Anchor: " sync/atomic.", Replace: " sync/atomic.lc", Count: -1, Why: why})
	for _, arch := range []string{"amd64", "arm64", "loong64", "ppc64le", "riscv64", "s390x"} {
		e := Edit{File: "runtime/race_" + arch + ".s", Anchor: "sync∕atomic·", Replace: "sync∕atomic·lc", Count: -1, Why: why}
		if arch == "riscv64" {
			e.Releases = []string{"1.26"} // no race detector before
		}
		out = append(out, e)
	}
	out = append(out, Edit{File: "sync/atomic/value.go", Anchor: "import (\n", Replace: "import (\n	\"internal/runtime/sys\"\n", Why: "imports"})
	for _, m := range []struct{ sig, kind string }{
		{"func (v *Value) Load() (val any) {\n", "lcKAtomicLoad"},
		{"func (v *Value) Store(val any) {\n", "lcKAtomicStore"},
		{"func (v *Value) Swap(new any) (old any) {\n", "lcKAtomicRMW"},
		{"func (v *Value) CompareAndSwap(old, new any) (swapped bool) {\n", "lcKAtomicCAS"},
	} {
		out = append(out, Edit{File: "sync/atomic/value.go", Why: "an operation of atomic.Value is one of the program", Anchor: m.sig,
			Replace: m.sig + "	lcPoint(" + m.kind + ", unsafe.Pointer(v), nil, lcAlways, sys.GetCallerPC())\n"})
	}
	out = append(out, Edit{File: "sync/atomic/value.go", Why: "a failed compare-and-swap is a read",
		Anchor:  "	lcPoint(lcKAtomicCAS, unsafe.Pointer(v), nil, lcAlways, sys.GetCallerPC())\n",
		Replace: "	lcPoint(lcKAtomicCAS, unsafe.Pointer(v), nil, lcAlways, sys.GetCallerPC())\n	defer func() {\n		if !swapped {\n			lcWasRead()\n		}\n	}()\n"})
	return out
}
