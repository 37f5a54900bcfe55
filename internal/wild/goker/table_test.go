package goker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// A row is what came of a kernel.
type row struct {
	kernel   *kernel
	findings []*finding // one for each seed
	others   []*finding // of the exploration that shows why those find nothing
}

func rowsOf(kernels []*kernel, findings []*finding) []*row {
	var rows []*row
	for _, k := range kernels {
		r := &row{kernel: k}
		for _, f := range findings {
			switch {
			case f.Kernel != k.name:
			case f.Strategy == "random":
				r.findings = append(r.findings, f)
			default:
				r.others = append(r.others, f)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// schedules are how many schedules it took to the verdict: the mean and the most.
func schedules(all []*finding) (mean float64, most int) {
	for _, f := range all {
		mean += float64(f.Schedules) / float64(len(all))
		most = max(most, f.Schedules)
	}
	return mean, most
}

const heading = "## Go's kernels of concurrency bugs\n"

// section is the table with what there is to say of it.
func section(rows []*row) string {
	var b strings.Builder
	fmt.Fprintf(&b, `%s
Go 1.26 ships %d small programs with a goroutine that is left behind, each made of a bug in cockroach, etcd, grpc, hugo, istio,
kubernetes, moby and the like (GoBench, CGO 2021). `+"`internal/wild/goker`"+` takes them from GOROOT and explores one copy of each, unmodified, with
`+"`random`"+`, at most %d schedules for each of %d seeds. A verdict counts only if it names a goroutine that Go's own test expects to leak, in
that function and for that reason. The rate is the one in the program's header, where it has one: how often the bug shows in
runs without control, of many copies at once.

Found with every seed: %d of %d. False alarms: %d. The table is made by

	go test -timeout 1h ./internal/wild/goker -full

| kernel | rate | verdict | schedules to it: mean | most |
|---|---|---|---|---|
`, heading, len(rows), schedulesMax, seeds(), len(rows)-len(missed), len(rows), len(falseAlarms))
	for _, r := range rows {
		if _, ok := missed[r.kernel.name]; ok {
			fmt.Fprintf(&b, "| %s | %s | not found | | |\n", r.kernel.name, r.kernel.rate)
			continue
		}
		mean, most := schedules(r.findings)
		fmt.Fprintf(&b, "| %s | %s | %s | %.1f | %d |\n", r.kernel.name, r.kernel.rate, r.findings[0].Kind, mean, most)
	}
	b.WriteString("\nThose that are not found:\n\n")
	for _, r := range rows {
		if m, ok := missed[r.kernel.name]; ok {
			fmt.Fprintf(&b, "- %s (%d schedules a seed): %s. %s\n", r.kernel.name, m.schedules, m.why, remedy(r))
		}
	}
	return b.String()
}

// remedy says what another exploration makes of a kernel that is missed.
func remedy(r *row) string {
	switch f := r.others[0]; {
	case f.Kind == "":
		return fmt.Sprintf("`%s` is complete after %d schedules, without a failure.", f.Strategy, f.Schedules)
	default:
		return fmt.Sprintf("`%s` finds it in schedule %d.", f.Strategy, f.Schedules)
	}
}

// writeSection puts the section in the file in place of the one with its heading, else at the end.
func writeSection(path, text string) error {
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = []byte("# Findings\n\n"), nil
	}
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(old), heading)
	if !found {
		before = strings.TrimRight(before, "\n") + "\n\n"
	}
	if i := strings.Index(rest, "\n## "); i >= 0 {
		text += rest[i:]
	}
	return os.WriteFile(path, []byte(before+text), 0o644)
}
