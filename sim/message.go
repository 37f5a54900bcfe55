package sim

import (
	"regexp"
	"strings"
)

// plainMessage is a failure's message with a first line that says what is wrong, and what else there is below it, indented.
func plainMessage(msg string) string {
	msg = strings.TrimRight(strings.Trim(msg, "\n"), " \t\n")
	if strings.HasPrefix(msg, "\tError Trace:") {
		return testifyMessage(msg)
	}
	head, rest, more := strings.Cut(strings.TrimLeft(msg, " \t"), "\n")
	if !more {
		return head
	}
	return head + "\n" + indented(rest)
}

func indented(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight("\t"+l, " \t")
	}
	return strings.Join(lines, "\n")
}

var (
	testifyLabel = regexp.MustCompile(`^\t([A-Z][\w ]*): *\t(.*)$`)
	testifyMore  = regexp.MustCompile(`^\t *\t(.*)$`)
)

// testifyMessage takes testify's table apart. The trace and the test's name are ours to tell; what the test says comes first, then
// what testify says of it.
func testifyMessage(msg string) string {
	blocks := make(map[string][]string)
	label := ""
	for line := range strings.SplitSeq(msg, "\n") {
		if m := testifyLabel.FindStringSubmatch(line); m != nil {
			label = m[1]
			blocks[label] = append(blocks[label], m[2])
		} else if m := testifyMore.FindStringSubmatch(line); m != nil {
			blocks[label] = append(blocks[label], m[1])
		} else {
			blocks[label] = append(blocks[label], line)
		}
	}
	said, wrong := blocks["Messages"], blocks["Error"]
	if len(wrong) == 0 {
		return strings.Join(said, "\n")
	}
	head := strings.TrimRight(wrong[0], ": ")
	rest := wrong[1:]
	if len(said) > 0 {
		head = said[0] + " (" + head + ")"
		rest = append(append([]string(nil), said[1:]...), rest...)
	}
	if len(rest) == 0 {
		return head
	}
	return head + "\n" + strings.TrimRight(indented(strings.Join(rest, "\n")), "\n")
}
