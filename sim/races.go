package sim

import (
	"io"
	"os"
	"strings"

	"github.com/lastcall-go/lastcall/internal/toolchain"
)

// raceLog reads what the race detector writes.
type raceLog struct{ at int64 }

// read returns the first report written since the last read.
func (l *raceLog) read() string {
	name := toolchain.RaceLog()
	if name == "" {
		return "the race detector reported a data race; its report went to standard error"
	}
	f, err := os.Open(name)
	if err != nil {
		return "the race detector reported a data race; its report cannot be read: " + err.Error()
	}
	defer f.Close()
	if _, err := f.Seek(l.at, io.SeekStart); err != nil {
		return "the race detector reported a data race; its report cannot be read: " + err.Error()
	}
	text, err := io.ReadAll(f)
	l.at += int64(len(text))
	if err != nil {
		return "the race detector reported a data race; its report cannot be read: " + err.Error()
	}
	const line = "=================="
	for _, part := range strings.Split(string(text), line) {
		if part = strings.TrimSpace(part); part != "" {
			return part
		}
	}
	return "the race detector reported a data race"
}

// racePlaces are the lines of the program that a report names first for each of the two accesses.
func racePlaces(report string) string {
	var places []string
	lines := strings.Split(report, "\n")
	for i, line := range lines {
		l := strings.TrimSpace(line)
		if strings.HasPrefix(l, "Write at") || strings.HasPrefix(l, "Read at") || strings.HasPrefix(l, "Previous") ||
			strings.HasPrefix(l, "Atomic") {
			for _, at := range lines[i+1:] {
				at = strings.TrimSpace(at)
				if at == "" {
					break
				}
				if file, _, ok := strings.Cut(at, " +0x"); ok {
					places = append(places, file)
					break
				}
			}
		}
	}
	return strings.Join(places, " and ")
}
