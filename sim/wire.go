package sim

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// wire is what two processes talk to each other by. It reads when it is asked to, without a goroutine that waits for what comes: to wake one would take a core from
// who explores there.
type wire struct {
	in, out *os.File
	raw     syscall.RawConn // in's
	send    *gob.Encoder
	receive *gob.Decoder
	message bytes.Buffer // that is sent, its length in four bytes first
	got     bytes.Buffer // that is received, without its length
	come    []byte       // what has come of the next ones
	room    []byte
	err     error // why nothing more comes
}

func newWire(in, out *os.File) (*wire, error) {
	w := &wire{in: in, out: out, room: make([]byte, 1<<16)}
	w.send, w.receive = gob.NewEncoder(&w.message), gob.NewDecoder(&w.got)
	var err error
	w.raw, err = in.SyscallConn()
	return w, err
}

const lengthSize = 4

// say sends a message. Who sends a long one reads meanwhile, since the other may be sending as well.
func (w *wire) say(message any) error {
	w.message.Reset()
	w.message.Write(make([]byte, lengthSize))
	if err := w.send.Encode(message); err != nil {
		return err
	}
	b := w.message.Bytes()
	binary.LittleEndian.PutUint32(b, uint32(len(b)-lengthSize))
	for len(b) > 0 {
		w.out.SetWriteDeadline(time.Now().Add(time.Millisecond))
		n, err := w.out.Write(b)
		if b = b[n:]; errors.Is(err, os.ErrDeadlineExceeded) {
			w.look()
		} else if err != nil {
			return err
		}
	}
	return nil
}

// hear receives a message, if one comes within that time; it waits for as long as it takes where the time is 0.
func (w *wire) hear(message any, within time.Duration) (ok bool, err error) {
	var end time.Time
	if within > 0 {
		end = time.Now().Add(within)
	}
	for {
		if ok, err := w.whole(message); ok || err != nil {
			return ok, err
		}
		w.in.SetReadDeadline(end)
		n, err := w.in.Read(w.room)
		if w.come = append(w.come, w.room[:n]...); errors.Is(err, os.ErrDeadlineExceeded) {
			return w.whole(message)
		}
		w.err = err
	}
}

// awake is for how long await looks.
const awake = 2 * time.Millisecond

// await is [wire.hear] for what is about to come: it first looks for it for a while. Who sleeps is woken by the system, and often on the core of the one who said something, who then
// waits though another core is free.
func (w *wire) await(message any, within time.Duration) (ok bool, err error) {
	for begun := time.Now(); time.Since(begun) < awake && yield(); {
		if ok, err := w.heard(message); ok || err != nil {
			return ok, err
		}
	}
	return w.hear(message, within)
}

// heard receives a message if one has come.
func (w *wire) heard(message any) (ok bool, err error) {
	w.look()
	return w.whole(message)
}

// look reads what has come, without waiting.
func (w *wire) look() {
	w.in.SetReadDeadline(time.Time{})
	for w.err == nil {
		n, again := 0, false
		err := w.raw.Read(func(fd uintptr) bool {
			n, again, w.err = readNow(fd, w.room)
			return true
		})
		if err != nil && w.err == nil {
			w.err = err
		}
		if again || w.err != nil {
			return
		}
		if n == 0 {
			w.err = io.EOF
		}
		w.come = append(w.come, w.room[:n]...)
	}
}

// whole takes the first message of what has come, if all of it has. After the last one it returns why no more comes.
func (w *wire) whole(message any) (ok bool, err error) {
	if len(w.come) < lengthSize {
		return false, w.err
	}
	end := lengthSize + int(binary.LittleEndian.Uint32(w.come))
	if len(w.come) < end {
		return false, w.err
	}
	w.got.Write(w.come[lengthSize:end])
	w.come = append(w.come[:0], w.come[end:]...)
	return true, w.receive.Decode(message)
}
