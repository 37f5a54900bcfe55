package toolchain

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// raceOptions make the race detector report the same race in every schedule that has it, and leave the verdict to us.
const raceOptions = "suppress_equal_stacks=0 suppress_equal_addresses=0 exitcode=0 halt_on_error=0"

// raceEnv returns the value for GORACE: what the user has, and ours, of which the detector takes the last.
// The reports go to PREFIX.pid: the log_path that the user gave, or one of our own in tmp. A log_path
// that is a stream cannot be read from, so it is replaced.
func raceEnv(users, dir string) string {
	value := strings.TrimSpace(users + " " + raceOptions)
	if path := raceLog(users); path != "" && path != "stderr" && path != "stdout" {
		return value
	}
	path := filepath.Join(dir, "race-"+strconv.FormatInt(time.Now().UnixNano(), 36))
	if strings.ContainsAny(path, " \t") {
		path = `"` + path + `"`
	}
	return value + " log_path=" + path
}

// raceDir is where reports go: with the other things that are thrown away in time.
func raceDir() string {
	if dir, err := CacheDir(); err == nil && checkWritable(dir) == nil {
		return dir
	}
	return os.TempDir()
}

// raceLog returns the log_path in a value of GORACE.
func raceLog(value string) string {
	log := ""
	for value != "" {
		value = strings.TrimLeft(value, " \t\n,:")
		name, rest, ok := strings.Cut(value, "=")
		if !ok {
			break
		}
		var v string
		if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
			v, rest, _ = strings.Cut(rest[1:], rest[:1])
		} else {
			v = rest
			if i := strings.IndexAny(rest, " \t\n"); i >= 0 {
				v, rest = rest[:i], rest[i:]
			} else {
				rest = ""
			}
		}
		if name == "log_path" {
			log = v
		}
		value = rest
	}
	return log
}

// ownRaceLog is read once and early: what a test reads from the environment while it runs becomes part of what go test
// caches its result for, and the name is another one each time.
var ownRaceLog = raceLog(os.Getenv("GORACE"))

// RaceLog returns the name of the file to which the race detector writes the reports of this process. It is there once
// there is a report. "" means that they go to a stream.
func RaceLog() string {
	if ownRaceLog == "" || ownRaceLog == "stderr" || ownRaceLog == "stdout" {
		return ""
	}
	return ownRaceLog + "." + strconv.Itoa(os.Getpid())
}

// raceReady tells whether this process reports every race to a file.
func raceReady(value string) bool {
	return strings.Contains(value, raceOptions) && raceLog(value) != ""
}

// isRace tells whether the binary was built with -race.
func isRace(info *debug.BuildInfo) bool {
	for _, s := range info.Settings {
		if s.Key == "-race" {
			return s.Value == "true"
		}
	}
	return false
}
