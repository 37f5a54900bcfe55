package goker

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

var oracleWord = regexp.MustCompile("\"([A-Z][a-z]+[0-9]+)\"|`([^`]*)`")

// readLeaks reads from the text of Go's own test, by kernel, the regular expressions of the goroutines that are expected to leak.
// The text rather than its syntax, since one kernel's entry is commented out there: Kubernetes1321's, for a crash.
func readLeaks(file string) (map[string][]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	_, list, ok := strings.Cut(string(text), "gokerTestCases :=")
	list, _, end := strings.Cut(list, "testCases := append")
	if !ok || !end {
		return nil, fmt.Errorf("%s: the list of kernels is not where it was", file)
	}
	leaks := make(map[string][]string)
	name := ""
	for _, m := range oracleWord.FindAllStringSubmatch(list, -1) {
		if m[1] != "" {
			name = m[1]
		} else {
			leaks[name] = append(leaks[name], m[2])
		}
	}
	return leaks, nil
}
