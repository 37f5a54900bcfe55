//go:build unix

package hard

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unique"
	"weak"

	"github.com/lastcall-go/lastcall/scheduler"
)

// A wide is something of the standard library's that is one for the whole process: what a schedule that ends in the middle of it leaves must do
// for whoever uses it next.
type wide struct {
	name   string
	inside func()
	after  func() error // outside, when the schedules are over
	seeds  int
}

var wides = []wide{
	{"signal.Notify", func() {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1)
		runtime.Gosched()
		signal.Stop(c)
	}, notified, 200},
	{"signal.NotifyContext", func() {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGUSR1)
		defer stop()
		runtime.Gosched()
		ctx.Err()
	}, notified, 200},
	{"signal.Ignore", func() { signal.Ignore(syscall.SIGUSR2); runtime.Gosched(); signal.Reset(syscall.SIGUSR2) }, notified, 200},
	{"exec", func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var out bytes.Buffer
		cmd := exec.CommandContext(ctx, "echo", "x")
		cmd.Stdout = &out
		if cmd.Start() == nil {
			runtime.Gosched()
			cmd.Wait()
		}
	}, func() error {
		out, err := exec.Command("echo", "after").Output()
		return wants(err, string(out), "after\n")
	}, 200},
	{"net.Listen", func() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		go func() { runtime.Gosched(); l.Close() }()
		if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
			c.Close()
		}
	}, func() error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer l.Close()
		c, err := net.Dial("tcp", l.Addr().String())
		if err == nil {
			c.Close()
		}
		return err
	}, 100},
	{"net.LookupHost", func() { net.LookupHost("localhost") }, lookedUp, 200},
	{"net.Resolver", func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		(&net.Resolver{PreferGo: true}).LookupHost(ctx, "localhost")
		net.DefaultResolver.LookupIPAddr(ctx, "localhost")
	}, func() error {
		_, err := (&net.Resolver{PreferGo: true}).LookupHost(context.Background(), "localhost")
		return errors.Join(err, lookedUp())
	}, 200},
	{"http.Get", func() { get() }, get, 16}, // a second of real time each, unless it is ended before
	{"user.Current", func() { user.Current(); user.Lookup("root") }, func() error { _, err := user.Current(); return err }, 200},
	{"time zones", func() { time.LoadLocation("Europe/Berlin"); _ = time.Now().Local().String() }, func() error {
		_, err := time.LoadLocation("UTC")
		return wants(err, time.Unix(0, 0).Local().Format("2006"), "1970")
	}, 200},
	{"crypto/rand", func() { rand.Text(); rand.Int(rand.Reader, big.NewInt(1000)) }, func() error { rand.Text(); return nil }, 200},
	{"mime", func() { mime.TypeByExtension(".html"); mime.AddExtensionType(".xyz", "a/b") }, func() error {
		return wants(nil, mime.TypeByExtension(".html"), "text/html; charset=utf-8")
	}, 200},
	{"json", func() {
		json.Marshal(new(tree))
		json.Unmarshal([]byte(`{"Left":{}}`), new(tree))
	}, func() error {
		b, err := json.Marshal(tree{Name: "x"})
		return wants(err, string(b), `{"Name":"x","Left":null,"Right":null}`)
	}, 200},
	{"log", func() {
		log.SetOutput(yielding{})
		log.Print("x")
	}, func() error {
		var b bytes.Buffer
		log.SetOutput(&b)
		log.SetFlags(0)
		log.Print("after")
		return wants(nil, b.String(), "after\n")
	}, 200},
	{"os.Stdout", func() { fmt.Fprint(os.Stdout, ""); os.Stdout.Sync() }, func() error { _, err := os.Stdout.WriteString(""); return err }, 200},
	{"pprof", func() {
		if pprof.StartCPUProfile(io.Discard) == nil {
			runtime.Gosched()
			pprof.StopCPUProfile()
		}
		pprof.Lookup("goroutine").WriteTo(io.Discard, 1)
		pprof.Lookup("heap").WriteTo(io.Discard, 0)
	}, func() error {
		err := pprof.StartCPUProfile(io.Discard)
		pprof.StopCPUProfile()
		return err
	}, 20},
	{"trace", func() {
		if trace.Start(io.Discard) == nil {
			runtime.Gosched()
			trace.Stop()
		}
	}, func() error {
		err := trace.Start(io.Discard)
		trace.Stop()
		return err
	}, 20},
	{"flight recorder", func() {
		f := trace.NewFlightRecorder(trace.FlightRecorderConfig{})
		if f.Start() == nil {
			runtime.Gosched()
			f.WriteTo(io.Discard)
			f.Stop()
		}
	}, func() error {
		f := trace.NewFlightRecorder(trace.FlightRecorderConfig{})
		err := f.Start()
		f.Stop()
		return err
	}, 20},
	{"finalizers", func() {
		done := make(chan int, 3)
		func() {
			p := new([64]int)
			runtime.SetFinalizer(p, func(*[64]int) { done <- 1 })
			q := new([64]int)
			runtime.AddCleanup(q, func(int) { done <- 1 }, 1)
		}()
		runtime.GC()
	}, func() error {
		done := make(chan int, 3)
		func() {
			runtime.SetFinalizer(new([64]int), func(*[64]int) { done <- 1 })
			runtime.AddCleanup(new([64]int), func(int) { done <- 1 }, 1)
		}()
		runtime.GC()
		<-done
		<-done
		return nil
	}, 50},
	{"unique", func() {
		a, b := unique.Make("a"), unique.Make(fmt.Sprint("b", os.Getpid()))
		p := new(string)
		w := weak.Make(p)
		runtime.GC()
		must(a != b)
		runtime.KeepAlive(w)
	}, func() error {
		for range 3 {
			unique.Make(fmt.Sprint(time.Now()))
			runtime.GC()
		}
		return wants(nil, unique.Make("a").Value(), "a")
	}, 50},
	{"sync.Pool", func() {
		_ = fmt.Sprint("x")
		p := sync.Pool{New: func() any { return 1 }}
		p.Put(p.Get())
		runtime.GC()
	}, func() error { return wants(nil, fmt.Sprint(1), "1") }, 50},
}

type tree struct {
	Name        string
	Left, Right *tree
}

type yielding struct{}

func (yielding) Write(p []byte) (int, error) { runtime.Gosched(); return len(p), nil }

func wants(err error, got, want string) error {
	if err == nil && got != want {
		err = fmt.Errorf("%q, want %q", got, want)
	}
	return err
}

func notified() error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	defer signal.Stop(c)
	if err := syscall.Kill(os.Getpid(), syscall.SIGUSR1); err != nil {
		return err
	}
	<-c
	return nil
}

func lookedUp() error {
	_, err := net.LookupHost("localhost")
	_, err2 := net.DefaultResolver.LookupIPAddr(context.Background(), "localhost")
	return errors.Join(err, err2)
}

// server is outside.
var server = sync.OnceValue(func() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }))
})

func get() error {
	r, err := http.Get(server().URL)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return wants(err, string(b), "hello")
}

const wideEnv = "LASTCALL_TEST_WIDE"

// TestWide: what is one for the whole process is as good as new after 200 schedules that used it, the first of all included, and that ended at
// any point: each kind in a process of its own.
func TestWide(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i := range wides {
		w := &wides[i]
		if os.Getenv(wideEnv) == w.name {
			w.use(t)
			return
		}
		if os.Getenv(wideEnv) != "" {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			cmd := exec.CommandContext(ctx, self, "-test.run=^TestWide$", "-test.v", "-test.timeout=25s")
			cmd.WaitDelay = time.Second
			cmd.Env = append(os.Environ(), wideEnv+"="+w.name)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestWide") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// use runs it in schedules, of which most end with the verdict of another goroutine, and then outside.
func (w *wide) use(t *testing.T) {
	if w.name == "http.Get" {
		server() // it lies outside
	}
	m := scheduler.NewMachine()
	for seed := range uint64(w.seeds) {
		n := seed % 8
		_, verdict := run(m, seed+1, func() {
			go func() {
				for range n {
					runtime.Gosched()
				}
				if n < 7 {
					panic("the end")
				}
			}()
			w.inside()
		})
		blocks := w.name == "http.Get" && strings.HasPrefix(verdict, scheduler.KindBlockedOutside)
		if n < 7 && verdict != "Panic: the end" || n == 7 && verdict != "" && !blocks {
			t.Errorf("seed %d: %s", seed+1, verdict)
		}
	}
	if err := w.after(); err != nil {
		t.Error(err)
	}
}
