package scheduler

import (
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func schedule(name string, ranks ...uint32) *Schedule {
	s := &Schedule{Name: name}
	for i, r := range ranks {
		s.Picks = append(s.Picks, Pick{Rank: r, Sum: byte(17 * i)})
	}
	return s
}

// samples are schedules of all shapes.
func samples() []*Schedule {
	all := []*Schedule{
		schedule(""),
		schedule("TestClose"),
		schedule("TestClose/two_workers#01", 0, 0, 0, 1, 0, 2),
		schedule("a b/ü.~$(rm -rf)\n\x00\xff%41\"'`", 1, 1, 1),
		schedule("x", 1<<32-1, 0, 300, 0, 0),
		schedule("TestLong", make([]uint32, 5000)...),
	}
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		s := schedule("TestRandom")
		s.Draws = r.Uint64() >> r.IntN(65)
		for range n {
			s.Picks = append(s.Picks, Pick{Rank: uint32(max(0, r.IntN(6)-3)), Sum: byte(r.Uint32())})
		}
		all = append(all, s)
	}
	return all
}

func TestTokenRoundTrip(t *testing.T) {
	for _, s := range samples() {
		token := s.Token()
		if strings.Trim(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/~.") != "" {
			t.Errorf("token %q has characters that a shell may touch", token)
		}
		got, err := ParseToken(" " + token + "\n")
		if err != nil || got.Name != s.Name || len(got.Picks) != len(s.Picks) || got.Draws != s.Draws || len(s.Picks) > 0 && !reflect.DeepEqual(got.Picks, s.Picks) {
			t.Errorf("%q: got %+v, %v", token, got, err)
		}
	}
}

// TestTokenStable: a token written today is read tomorrow.
func TestTokenStable(t *testing.T) {
	const token = "lc1.TestClose/two~20workers.CQAEAQIFAAsAESIzRFVmd4hZzqYX"
	s := schedule("TestClose/two workers", 0, 0, 0, 1, 0, 0, 3, 0, 6)
	if got := s.Token(); got != token {
		t.Errorf("the format has changed without a new version: got %s", got)
	}
}

func TestTokenLength(t *testing.T) {
	// A schedule of 40 decisions and 2 preemptions: 40 hashes, 5 runs and picks, 6 of frame, a third more for base64.
	picks := make([]uint32, 40)
	picks[11], picks[30] = 1, 2
	if n := len(schedule("TestX", picks...).Token()); n > len("lc1.TestX.")+68 {
		t.Errorf("%d characters", n)
	}
}

func TestTokenErrors(t *testing.T) {
	good := schedule("TestX", 0, 0, 1, 0, 2, 0, 0, 0).Token()
	last := len(good) - 1
	flipped := good[:last-3] + string(good[last-3]^1) + good[last-2:]
	for _, test := range []struct{ token, want string }{
		{"", `"" is no token: one begins with lc1. and the exploration's name`},
		{"hello", `"hello" is no token`},
		{"lc1", "token lc1: the part after the name is missing; paste the whole token, from lc1 to its end"},
		{"lc1.TestX", "the part after the name is missing"},
		{"lc2.TestX.AAAA", "token of version 2: this lastcall reads version 1; replay it with the lastcall that wrote it, or explore again"},
		{"lc1.Te stX.AAAA", "its name has ' ' at character 3, which is neither plain nor ~XX"},
		{"lc1.Te~2.AAAA", "its name has '~' at character 3, which is neither plain nor ~XX"},
		{"lc1.Te~41.AAAA", `its name has "~41" at character 3, which escape does not write`},
		{"lc1.TestX.A!AA", "cut short or mistyped (character 2 after the name)"},
		{"lc1.TestX.AAAA", "cut short: 3 bytes after the name"},
		{flipped, "a character was lost or changed"},
		{good[:last], "token " + good[:last]},
		{strings.Replace(good, "TestX", "TestY", 1), "a character was lost or changed"},
		{good + "AAAA", "a character was lost or changed"},
	} {
		if _, err := ParseToken(test.token); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.token, err, test.want)
		}
	}
}

// TestTokenCorrupt: what has a right checksum and is not what Token writes is refused, and asks for no memory.
func TestTokenCorrupt(t *testing.T) {
	forge := func(b []byte) string {
		return "lc1.x." + encoding.EncodeToString(binary.BigEndian.AppendUint32(b, checksum("x", b)))
	}
	for _, b := range [][]byte{
		{},
		{0x80},
		{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, // 2^64-1 decisions
		{2, 0x80},          // half a number
		{2, 0, 0, 0, 1, 1}, // two runs of defaults where one would do
		{2, 0, 4, 1, 1},    // a run longer than the schedule
		{1, 0, 1},          // no hash
		{1, 0, 1, 9, 9},    // one too many
		{1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 9}, // a rank beyond 32 bits
	} {
		if _, err := ParseToken(forge(b)); err == nil || !strings.Contains(err.Error(), "no lastcall wrote it") {
			t.Errorf("%v: %v", b, err)
		}
	}
}

func FuzzParseToken(f *testing.F) {
	for _, s := range samples()[:10] {
		f.Add(s.Token())
	}
	f.Fuzz(func(t *testing.T, token string) {
		s, err := ParseToken(token)
		if err != nil {
			return
		}
		if again, err := ParseToken(s.Token()); err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("%q: read as %+v, which comes back as %+v, %v", token, s, again, err)
		}
	})
}

func FuzzDecodePicks(f *testing.F) {
	f.Add([]byte{2, 2, 1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := decodeSchedule(b); err == nil && len(s.Picks) > len(b) {
			t.Errorf("%d picks of %d bytes", len(s.Picks), len(b))
		}
	})
}

func TestFileRoundTrip(t *testing.T) {
	for _, s := range samples() {
		s.Note = "deadlock: 3 goroutines\n\n  main waits"
		text, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got Schedule
		if err := got.UnmarshalText(text); err != nil || got.Name != s.Name || got.Note != s.Note || len(got.Picks) != len(s.Picks) || len(s.Picks) > 0 && !reflect.DeepEqual(got.Picks, s.Picks) {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
		crlf := strings.ReplaceAll(string(text), "\n", "\r\n")
		if err := got.UnmarshalText([]byte(crlf)); err != nil {
			t.Errorf("with the line ends of Windows: %v", err)
		}
	}
}

const sampleFile = `# deadlock
lastcall schedule 1
name "TestX"
picks +2 1 +1 2 +3
sums 0011223344556677
checksum 88973c01
`

func TestFileStable(t *testing.T) {
	s := schedule("TestX", 0, 0, 1, 0, 2, 0, 0, 0)
	s.Note = "deadlock"
	if text, _ := s.MarshalText(); string(text) != sampleFile {
		t.Errorf("the format has changed without a new version:\n%s", text)
	}
}

func TestFileErrors(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"lastcall schedule 1\n", "", `line 2: this is no schedule's file: it must begin with "lastcall schedule 1"`},
		{"schedule 1", "schedule 7", "line 2: schedule of version 7: this lastcall reads version 1"},
		{"name", "nom", `line 3: "nom" is none of name, draws, picks, sums, checksum`},
		{`"TestX"`, `"TestX`, "line 3: one line must say name and a quoted string"},
		{`name "TestX"` + "\n", "", "the file has no name"},
		{"+2 1", "+2 x", `line 4: picks: "x" is neither a rank nor +n`},
		{"+2 1", "+2 0", `line 4: picks: "0" is neither`},
		{"+2 1", "+4000000000 1", `line 4: picks: "+4000000000" is neither`},
		{"77", "7", "line 5: sums: encoding/hex: odd length hex string"},
		{"77", "", "8 picks and 7 sums; restore the file from version control, or delete it and explore again"},
		{"77", "78", "the checksum is 88973c01, the content gives"},
		{"8897", "zzzz", `line 6: checksum: "zzzz3c01" is no number of 8 hexadecimal digits`},
		{"checksum 88973c01\n", "", "the file ends before its checksum"},
		{"01\n", "01\npicks 1\n", "line 7: something follows the checksum"},
		{sampleFile, "", "the file has no schedule"},
		{sampleFile, "<<<<<<< HEAD\n" + sampleFile, "line 1: this is no schedule's file"},
	} {
		var s Schedule
		err := s.UnmarshalText([]byte(strings.Replace(sampleFile, test.old, test.new, 1)))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q for %q: %v, want %q", test.new, test.old, err, test.want)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte(sampleFile))
	f.Fuzz(func(t *testing.T, text []byte) {
		var s, again Schedule
		if s.UnmarshalText(text) != nil {
			return
		}
		out, _ := s.MarshalText()
		if err := again.UnmarshalText(out); err != nil || again.Name != s.Name || !reflect.DeepEqual(again.Picks, s.Picks) {
			t.Errorf("%q: read as %+v, which comes back as %+v, %v", text, s, again, err)
		}
	})
}
