package toolchain

import (
	"fmt"
	"strings"
)

// splitQuoted splits s as the go command splits GOFLAGS: at spaces, and a part may be in single or double quotes.
func splitQuoted(s string) ([]string, error) {
	var parts []string
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		if s == "" {
			return parts, nil
		}
		if q := s[0]; q == '\'' || q == '"' {
			part, rest, closed := strings.Cut(s[1:], string(q))
			if !closed {
				return nil, fmt.Errorf("unterminated %c string", q)
			}
			parts, s = append(parts, part), rest
			continue
		}
		end := strings.IndexAny(s, " \t\r\n")
		if end < 0 {
			end = len(s)
		}
		parts, s = append(parts, s[:end]), s[end:]
	}
}

// flagValues returns the values of -name in a go command's arguments, in order: -name=v, --name v and so on.
func flagValues(args []string, name string) []string {
	var values []string
	for i := 0; i < len(args); i++ {
		arg := strings.TrimPrefix(args[i], "-")
		switch {
		case arg == args[i]: // no flag
		case arg == "args" || arg == "-args":
			return values
		case strings.TrimPrefix(arg, "-") == name && i+1 < len(args):
			i++
			values = append(values, args[i])
		default:
			if v, ok := strings.CutPrefix(strings.TrimPrefix(arg, "-"), name+"="); ok {
				values = append(values, v)
			}
		}
	}
	return values
}
