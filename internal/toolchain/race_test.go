package toolchain

import "testing"

func TestRaceEnv(t *testing.T) {
	for _, tt := range []struct {
		name, users, log string
	}{
		{"nothing", "", "/cache dir/race-"},
		{"options", "history_size=7 halt_on_error=1", "/cache dir/race-"},
		{"own log", "log_path=/tmp/r strip_path_prefix=x", "/tmp/r"},
		{"quoted log", `log_path="/tmp/my r"`, "/tmp/my r"},
		{"stream", "log_path=stderr", "/cache dir/race-"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			value := raceEnv(tt.users, "/cache dir")
			log := raceLog(value)
			if len(log) > len(tt.log) && tt.log[len(tt.log)-1] == '-' {
				log = log[:len(tt.log)]
			}
			if log != tt.log || !raceReady(value) {
				t.Errorf("%q: reports go to %s, want %s", value, log, tt.log)
			}
			if again := raceEnv(value, "/elsewhere"); raceLog(again) != raceLog(value) {
				t.Errorf("%q: a second start moved the reports", again)
			}
		})
	}
}
