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
	return out
}
