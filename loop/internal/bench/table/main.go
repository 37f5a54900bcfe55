// Command table reads the output of go test -bench -count n and prints a table in Markdown: the median of each figure, and how loop compares with each peer
// in the same row.
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
	fmt.Println("| row | | median | least to most | allocs | against loop |")
	fmt.Println("|---|---|---|---|---|---|")
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
	base := median(r.figures["loop"][unit])
	for i, who := range r.who {
		name, against := "", ""
		if i == 0 {
			name = r.name
		}
		all := r.figures[who][unit]
		if who != "loop" {
			against = fmt.Sprintf("%.2f", median(all)/base)
		}
		allocs := "-"
		if a := r.figures[who]["allocs/op"]; len(a) > 0 {
			allocs = fmt.Sprintf("%.0f", median(a))
		}
		fmt.Printf("| %s | %s | %.4g %s | %.4g to %.4g | %s | %s |\n", name, who, median(all), unit, slices.Min(all), slices.Max(all), allocs, against)
	}
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
