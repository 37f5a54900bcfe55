package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Sum is what the shards of one exploration found together. Its Shard is 0 and its Shards how many it was divided into.
type Sum struct {
	Report
	Missing []int `json:"missing"` // shards that there is no report of
}

// OK reports whether nothing failed and no shard is missing.
func (s *Sum) OK() bool { return len(s.Failures) == 0 && len(s.Missing) == 0 }

// Merge adds up reports: a sum for each exploration, in the order of names. Reports that are not of one exploration of one
// program are an error.
func Merge(reports []*Report) ([]*Sum, error) {
	byName := slices.Clone(reports)
	slices.SortStableFunc(byName, func(a, b *Report) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Shard, b.Shard)) })
	var sums []*Sum
	for len(byName) > 0 {
		n := 1
		for n < len(byName) && byName[n].Name == byName[0].Name {
			n++
		}
		s, err := add(byName[:n])
		if err != nil {
			return nil, err
		}
		sums = append(sums, s)
		byName = byName[n:]
	}
	return sums, nil
}

// add adds up the reports of one exploration, which are in the order of shards.
func add(parts []*Report) (*Sum, error) {
	if err := belong(parts); err != nil {
		return nil, err
	}
	first := parts[0]
	s := &Sum{Report: Report{
		Version: Version, Program: first.Program, Name: first.Name, Strategy: first.Strategy, Seed: first.Seed, Shards: first.Shards,
		Complete: true, Disjoint: true, Exact: true,
	}}
	here := make([]bool, first.Shards)
	var sets []Classes
	for _, p := range parts {
		here[p.Shard] = true
		s.Schedules += p.Schedules
		s.Steps += p.Steps
		s.Failing += p.Failing
		s.Passed += p.Passed
		s.Distinct += p.Distinct
		s.Elapsed = max(s.Elapsed, p.Elapsed)
		s.Exact = s.Exact && p.Exact
		s.Disjoint = s.Disjoint && p.Disjoint
		s.Complete = s.Complete && p.Complete
		s.Bounded = s.Bounded || p.Bounded
		s.Stopped = cmp.Or(s.Stopped, p.Stopped)
		if p.Gaps != "" && !strings.Contains(s.Gaps, p.Gaps) {
			s.Gaps = strings.TrimPrefix(s.Gaps+"; "+p.Gaps, "; ")
		}
		sets = append(sets, p.Classes)
		s.addFailures(p)
	}
	s.Classes = Union(sets...)
	if !s.Disjoint && len(parts) > 1 {
		s.Distinct, s.Exact = s.Classes.Size()
	}
	for i, ok := range here {
		if !ok {
			s.Missing = append(s.Missing, i)
			s.Complete = false
		}
	}
	s.addSometimes(parts)
	return s, nil
}

// belong returns an error unless the reports are of one exploration, each of another shard of it.
func belong(parts []*Report) error {
	first := parts[0]
	for i, p := range parts[1:] {
		differ := func(what string, a, b any) error {
			return fmt.Errorf("%s and %s cannot be added up: the %s is %v in one and %v in the other", first.Path, p.Path, what, a, b)
		}
		switch {
		case p.Program != first.Program:
			return differ("program (a hash of the executable file)", first.Program, p.Program)
		case p.Strategy != first.Strategy:
			return differ("strategy", first.Strategy, p.Strategy)
		case p.Seed != first.Seed:
			return differ("seed", first.Seed, p.Seed)
		case p.Shards != first.Shards:
			return differ("number of shards", first.Shards, p.Shards)
		case p.Shard == parts[i].Shard:
			return fmt.Errorf("%s and %s are both of shard %d of %d of %s", parts[i].Path, p.Path, p.Shard, p.Shards, p.Name)
		}
	}
	return nil
}

// addFailures takes up a shard's failures. Of those of one kind and place the one with the fewest preemptions is shown, then the one with the
// shortest token, then the first shard's.
func (s *Sum) addFailures(p *Report) {
	for _, f := range p.Failures {
		i := slices.IndexFunc(s.Failures, func(g Failure) bool { return g.Kind == f.Kind && g.Place == f.Place })
		if i < 0 {
			f.Shards = []int{p.Shard}
			s.Failures = append(s.Failures, f)
			continue
		}
		g := &s.Failures[i]
		shards := append(g.Shards, p.Shard)
		if cmp.Or(cmp.Compare(f.Preemptions, g.Preemptions), cmp.Compare(len(f.Token), len(g.Token))) < 0 {
			*g = f
		}
		g.Shards = shards
	}
}

// addSometimes fails a sum that is clean otherwise and to which no shard is missing for a condition that held in none.
func (s *Sum) addSometimes(parts []*Report) {
	for _, p := range parts {
		for _, c := range p.Sometimes {
			i := slices.IndexFunc(s.Sometimes, func(d Sometimes) bool { return d.Name == c.Name })
			if i < 0 {
				s.Sometimes = append(s.Sometimes, c)
			} else {
				s.Sometimes[i].Held = s.Sometimes[i].Held || c.Held
			}
		}
	}
	slices.SortFunc(s.Sometimes, func(a, b Sometimes) int { return strings.Compare(a.Name, b.Name) })
	if len(s.Failures) > 0 || len(s.Missing) > 0 {
		return
	}
	for _, c := range s.Sometimes {
		if !c.Held {
			s.Failures = append(s.Failures, Failure{
				Kind: "Assertion", Message: fmt.Sprintf("Sometimes(%q) held in none of %d schedules", c.Name, s.Schedules),
			})
		}
	}
}

// String is the sum in a line.
func (s *Sum) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", s.Name)
	if s.Shards > 1 {
		fmt.Fprintf(&b, "%d of %d shards, ", s.Shards-len(s.Missing), s.Shards)
	}
	fmt.Fprintf(&b, "%d schedules (%s", s.Schedules, s.distinct())
	switch {
	case s.Complete && s.Bounded:
		b.WriteString(", complete within the bounds")
	case s.Complete:
		b.WriteString(", complete")
	case s.Stopped != "":
		fmt.Fprintf(&b, ", stopped: %s", s.Stopped)
	case s.Gaps != "":
		fmt.Fprintf(&b, ", not complete: %s", s.Gaps)
	}
	fmt.Fprintf(&b, "), %d steps, strategy %s, seed %d", s.Steps, s.Strategy, s.Seed)
	if len(s.Missing) > 0 {
		fmt.Fprintf(&b, "; missing: shards %s", strings.Trim(fmt.Sprint(s.Missing), "[]"))
	}
	return b.String()
}
