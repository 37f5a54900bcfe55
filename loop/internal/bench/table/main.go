// Command table reads the output of go test -bench -count n and prints a table in Markdown: the least and the median time on the wall,
// the least time on the processors, and how each compares with loop in the same row.
package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A row is a benchmark, by whom it is run.
type row struct {
	name    string
	who     []string
	figures map[string]map[string][]float64 // by whom and unit
}

func main() {
	var rows []*row
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		rows = read(rows, in.Text())
	}
	fmt.Println("| row | | least | median | processor | allocs | least / loop's | processor / loop's |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, r := range rows {
		r.print()
	}
}

// read takes up a line such as "BenchmarkPost/from=1/loop-2  1000  132.0 ns/op  25 B/op".
func read(rows []*row, line string) []*row {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return rows
	}
	name := strings.TrimPrefix(fields[0], "Benchmark")
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		name = name[:i] // GOMAXPROCS
	}
	i := strings.LastIndexByte(name, '/')
	who := name[i+1:]
	name = name[:max(i, 0)]
	at := slices.IndexFunc(rows, func(r *row) bool { return r.name == name })
	if at < 0 {
		at = len(rows)
		rows = append(rows, &row{name: name, figures: make(map[string]map[string][]float64)})
	}
	r := rows[at]
	if r.figures[who] == nil {
		r.who = append(r.who, who)
		r.figures[who] = make(map[string][]float64)
	}
	for i := 2; i+1 < len(fields); i += 2 {
		if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
			r.figures[who][fields[i+1]] = append(r.figures[who][fields[i+1]], v)
		}
	}
	return rows
}

func (r *row) print() {
	unit := "ns/op"
	if len(r.figures[r.who[0]]["B/item"]) > 0 {
		unit = "B/item"
	}
	base := r.figures["loop"]
	name := r.name
	for _, who := range r.who {
		f := r.figures[who]
		fmt.Printf("| %s | %s | %s | %s | %s | %s | %s | %s |\n", name, who, amount(least(f[unit]), unit), amount(median(f[unit]), unit),
			amount(least(f["cpu-ns/op"]), "ns/op"), count(f["allocs/op"]), ratio(f[unit], base[unit]), ratio(f["cpu-ns/op"], base["cpu-ns/op"]))
		name = ""
	}
}

// amount prints a figure to three digits, in a unit that fits.
func amount(v float64, unit string) string {
	switch {
	case v == 0:
		return ""
	case unit == "ns/op" && v >= 1e6:
		return fmt.Sprintf("%.3g ms", v/1e6)
	case unit == "ns/op":
		return fmt.Sprintf("%.0f ns", v)
	}
	return fmt.Sprintf("%.0f B", v)
}

func count(all []float64) string {
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f", median(all))
}

func ratio(a, b []float64) string {
	if len(a) == 0 || len(b) == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", least(a)/least(b))
}

func least(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	return slices.Min(all)
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
