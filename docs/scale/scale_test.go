// Package scale holds the files beside it to what they say: they are parsed, and their commands are run here, with paths of this machine.
package scale

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/assert/yaml"
	"github.com/stretchr/testify/require"
)

// at walks through what a YAML file holds: maps by key, lists by index.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for i, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			require.True(t, ok, "%v: no map", path[:i+1])
			v, ok = m[p]
			require.True(t, ok, "%v: there is none", path[:i+1])
		case int:
			l, ok := v.([]any)
			require.True(t, ok && p < len(l), "%v: no list so long", path[:i+1])
			v = l[p]
		}
	}
	return v
}

func parse(t *testing.T, file string) (v any) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &v))
	return v
}

// here makes a command's paths this machine's, and its search a short one.
func here(dir, command string) string {
	return strings.NewReplacer("/work/", dir+"/", "/reports", dir+"/reports", "1000000", "400", "SIM_BUDGET=1h", "SIM_BUDGET=1m").Replace(command)
}

func shell(t *testing.T, dir, script string, env ...string) string {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", script, out)
	return string(out)
}

func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	return dir
}

// TestJob builds what the Dockerfile builds, runs the job's command once for each of its indices, and then that of the merging job.
func TestJob(t *testing.T) {
	dir := t.TempDir()
	dockerfile, err := os.ReadFile("Dockerfile")
	require.NoError(t, err)
	_, build, ok := strings.Cut(string(dockerfile), "RUN mkdir /out && \\\n")
	require.True(t, ok)
	build, _, _ = strings.Cut(build, "\n\n")
	shell(t, repository(t), strings.ReplaceAll(build, "/out", dir))

	job := parse(t, "job.yaml")
	assert.Equal(t, "Indexed", at(t, job, "spec", "completionMode"))
	n := at(t, job, "spec", "completions").(int)
	pod := at(t, job, "spec", "template", "spec", "containers", 0)
	assert.Equal(t, []any{"/bin/sh", "-c"}, at(t, pod, "command"))
	script := here(dir, at(t, pod, "args", 0).(string))
	merging := parse(t, "job-merge.yaml")
	mount := func(v any) any {
		return at(t, v, "spec", "template", "spec", "volumes", 0, "persistentVolumeClaim", "claimName")
	}
	assert.Equal(t, mount(job), mount(merging))
	merge := here(dir, at(t, merging, "spec", "template", "spec", "containers", 0, "args", 0).(string))
	assert.Equal(t, at(t, pod, "image"), at(t, merging, "spec", "template", "spec", "containers", 0, "image"))
	for i := range n {
		out := shell(t, dir, script, "JOB_COMPLETION_INDEX="+string(rune('0'+i)))
		assert.Contains(t, out, "--- PASS: TestMended")
	}
	assert.Contains(t, shell(t, dir, merge), "TestMended: 8 of 8 shards, 400 schedules (")
}

// TestWorkflow runs the workflow's steps for each shard, and the step that merges.
func TestWorkflow(t *testing.T) {
	dir := t.TempDir()
	flow := parse(t, "github-actions.yaml")
	shards := at(t, flow, "jobs", "explore", "strategy", "matrix", "shard").([]any)
	step := at(t, flow, "jobs", "explore", "steps", 2)
	for i := range shards {
		require.Equal(t, i, shards[i])
		shard := string(rune('0' + i))
		var env []string
		for key, v := range at(t, step, "env").(map[string]any) {
			v = strings.NewReplacer("${{ matrix.shard }}", shard, "${{ github.workspace }}", filepath.Join(dir, shard), "1000000", "400").Replace(v.(string))
			assert.NotContains(t, v, "$")
			env = append(env, key+"="+v.(string))
		}
		shell(t, repository(t), at(t, step, "run").(string), env...)
	}
	assert.Equal(t, "explore", at(t, flow, "jobs", "merge", "needs"))
	merge := at(t, flow, "jobs", "merge", "steps", 3, "run").(string)
	merge, ok := strings.CutSuffix(merge, " reports")
	require.True(t, ok)
	out := shell(t, repository(t), merge+" "+dir)
	assert.Contains(t, out, "TestMended: 4 of 4 shards, 400 schedules (")
}
