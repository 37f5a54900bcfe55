package scheduler

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// A schedule's file is text, for people to read and for version control to compare:
//
//	# what it shows, a line or more
//	lastcall schedule 1
//	name "TestClose/two workers"
//	draws 17
//	picks 12 +7 3 +19
//	sums 5f03...
//	checksum 1a2b3c4d
//
// +n is a run of n defaults, another number a pick of that rank. Lines of picks and sums repeat as needed.
const fileHeader = "lastcall schedule "

const (
	perLinePicks = 24
	perLineSums  = 40
)

// MarshalText returns the content of the schedule's file.
func (s *Schedule) MarshalText() ([]byte, error) {
	var b bytes.Buffer
	if s.Note != "" {
		for line := range strings.SplitSeq(strings.TrimRight(s.Note, "\n"), "\n") {
			fmt.Fprintln(&b, strings.TrimRight("# "+line, " \r"))
		}
	}
	body := s.body()
	b.WriteString(body)
	fmt.Fprintf(&b, "checksum %08x\n", checksum(body, nil))
	return b.Bytes(), nil
}

// body is what the checksum covers.
func (s *Schedule) body() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s1\nname %q\n", fileHeader, s.Name)
	if s.Draws != 0 {
		fmt.Fprintf(&b, "draws %d\n", s.Draws)
	}
	words := pickWords(s.Picks)
	for i := 0; i < len(words); i += perLinePicks {
		fmt.Fprintf(&b, "picks %s\n", strings.Join(words[i:min(i+perLinePicks, len(words))], " "))
	}
	for i := 0; i < len(s.Picks); i += perLineSums {
		b.WriteString("sums ")
		for _, p := range s.Picks[i:min(i+perLineSums, len(s.Picks))] {
			fmt.Fprintf(&b, "%02x", p.Sum)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func pickWords(picks []Pick) []string {
	var words []string
	for i := 0; i < len(picks); {
		if picks[i].Rank != 0 {
			words = append(words, strconv.Itoa(int(picks[i].Rank)))
			i++
			continue
		}
		n := i
		for i < len(picks) && picks[i].Rank == 0 {
			i++
		}
		words = append(words, "+"+strconv.Itoa(i-n))
	}
	return words
}

// UnmarshalText reads the content of a schedule's file.
func (s *Schedule) UnmarshalText(text []byte) error {
	p := fileReader{}
	for line := range strings.SplitSeq(string(text), "\n") {
		p.line++
		if err := p.read(strings.TrimRight(line, " \t\r")); err != nil {
			return fmt.Errorf("line %d: %w", p.line, err)
		}
	}
	if err := p.finish(); err != nil {
		return err
	}
	*s = p.schedule
	return nil
}

// fileReader reads a schedule's file line by line.
type fileReader struct {
	schedule              Schedule
	notes                 []string
	sums                  []byte
	line                  int
	header, name, checked bool
	want                  uint64
}

const mended = "restore the file from version control, or delete it and explore again"

// picksMax keeps a few bytes of a file from asking for all memory: no step limit comes near.
const picksMax = 1 << 26

func (p *fileReader) read(line string) error {
	if note, ok := strings.CutPrefix(line, "#"); ok {
		p.notes = append(p.notes, strings.TrimPrefix(note, " "))
		return nil
	}
	if line == "" {
		return nil
	}
	if !p.header {
		return p.readHeader(line)
	}
	if p.checked {
		return fmt.Errorf("something follows the checksum; %s", mended)
	}
	key, rest, _ := strings.Cut(line, " ")
	switch key {
	case "name":
		name, err := strconv.Unquote(rest)
		if err != nil || p.name {
			return fmt.Errorf("one line must say name and a quoted string; %s", mended)
		}
		p.schedule.Name, p.name = name, true
	case "draws":
		n, err := strconv.ParseUint(rest, 10, 64)
		if err != nil || n == 0 || p.schedule.Draws != 0 {
			return fmt.Errorf("one line may say draws and a number; %s", mended)
		}
		p.schedule.Draws = n
	case "picks":
		return p.readPicks(rest)
	case "sums":
		b, err := hex.DecodeString(rest)
		if err != nil {
			return fmt.Errorf("sums: %w; %s", err, mended)
		}
		p.sums = append(p.sums, b...)
	case "checksum":
		want, err := strconv.ParseUint(rest, 16, 32)
		if err != nil {
			return fmt.Errorf("checksum: %q is no number of 8 hexadecimal digits; %s", rest, mended)
		}
		p.want, p.checked = want, true
	default:
		return fmt.Errorf("%q is none of name, draws, picks, sums, checksum; %s", key, mended)
	}
	return nil
}

func (p *fileReader) readHeader(line string) error {
	version, ok := strings.CutPrefix(line, fileHeader)
	if !ok {
		return fmt.Errorf("this is no schedule's file: it must begin with %q", fileHeader+"1")
	}
	if version != "1" {
		return fmt.Errorf("schedule of version %s: this lastcall reads version 1; replay it with the lastcall that wrote it, or delete the file and explore again", version)
	}
	p.header = true
	return nil
}

func (p *fileReader) readPicks(words string) error {
	for word := range strings.FieldsSeq(words) {
		run := word[0] == '+'
		n, err := strconv.ParseUint(strings.TrimPrefix(word, "+"), 10, 32)
		if err != nil || n == 0 || run && n > picksMax-uint64(len(p.schedule.Picks)) {
			return fmt.Errorf("picks: %q is neither a rank nor +n; %s", word, mended)
		}
		if run {
			p.schedule.Picks = append(p.schedule.Picks, make([]Pick, n)...)
		} else {
			p.schedule.Picks = append(p.schedule.Picks, Pick{Rank: uint32(n)})
		}
	}
	return nil
}

// finish checks what only the whole file tells.
func (p *fileReader) finish() error {
	switch {
	case !p.header:
		return fmt.Errorf("the file has no schedule: it must begin with %q", fileHeader+"1")
	case !p.checked:
		return fmt.Errorf("the file ends before its checksum; %s", mended)
	case !p.name:
		return fmt.Errorf("the file has no name; %s", mended)
	case len(p.sums) != len(p.schedule.Picks):
		return fmt.Errorf("%d picks and %d sums; %s", len(p.schedule.Picks), len(p.sums), mended)
	}
	for i, b := range p.sums {
		p.schedule.Picks[i].Sum = b
	}
	if sum := checksum(p.schedule.body(), nil); uint64(sum) != p.want {
		return fmt.Errorf("the checksum is %08x, the content gives %08x: the file was edited or merged; %s", p.want, sum, mended)
	}
	p.schedule.Note = strings.Join(p.notes, "\n")
	return nil
}
