package scheduler

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// A token is lc1.NAME.DATA: the version, the exploration's name with every byte that a shell, a URL or a terminal could
// touch as ~XX, and the rest in base64url without padding, whose unused bits must be zero:
//
//	uvarint   how many decisions
//	uvarint   what seeds the goroutines' random streams
//	uvarints  the picks: an even number 2n is a run of n+1 defaults, an odd one 2r+1 is a pick of rank r+1
//	bytes     for each decision the hash of what was chosen and of what could be
//	4 bytes   CRC-32 (IEEE) of NAME, a dot and the bytes before
const tokenVersion = "lc1"

// TokenMax is how long a token is good for pasting. A longer one belongs in a file, see [Schedule.MarshalText].
const TokenMax = 1500

var encoding = base64.RawURLEncoding.Strict()

// Token returns the schedule as a line to paste.
func (s *Schedule) Token() string {
	name := escape(s.Name)
	b := binary.AppendUvarint(nil, uint64(len(s.Picks)))
	b = binary.AppendUvarint(b, s.Draws)
	b = appendPicks(b, s.Picks)
	for _, p := range s.Picks {
		b = append(b, p.Sum)
	}
	b = binary.BigEndian.AppendUint32(b, checksum(name, b))
	return tokenVersion + "." + name + "." + encoding.EncodeToString(b)
}

// appendPicks appends the ranks, runs of defaults as one number.
func appendPicks(b []byte, picks []Pick) []byte {
	for i := 0; i < len(picks); {
		if r := picks[i].Rank; r != 0 {
			b = binary.AppendUvarint(b, uint64(r-1)<<1|1)
			i++
			continue
		}
		n := i
		for i < len(picks) && picks[i].Rank == 0 {
			i++
		}
		b = binary.AppendUvarint(b, uint64(i-n-1)<<1)
	}
	return b
}

func checksum(name string, b []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte(name+".")), crc32.IEEETable, b)
}

const pasteWhole = "paste the whole token, from lc1 to its end"

// ParseToken reads a token.
func ParseToken(token string) (*Schedule, error) {
	token = strings.TrimSpace(token)
	version, rest, _ := strings.Cut(token, ".")
	if version != tokenVersion {
		return nil, versionError(version)
	}
	name, data, ok := strings.Cut(rest, ".")
	if !ok {
		return nil, fmt.Errorf("token %s: the part after the name is missing; %s", abridge(token), pasteWhole)
	}
	plain, err := unescape(name)
	if err != nil {
		return nil, fmt.Errorf("token %s: its name %w; %s", abridge(token), err, pasteWhole)
	}
	s, err := decode(name, data)
	if err != nil {
		return nil, fmt.Errorf("token %s: %w", abridge(token), err)
	}
	s.Name = plain
	return s, nil
}

func versionError(version string) error {
	digits := strings.TrimPrefix(version, "lc")
	if digits != version && digits != "" && strings.Trim(digits, "0123456789") == "" {
		return fmt.Errorf("token of version %s: this lastcall reads version 1; replay it with the lastcall that wrote it, or explore again", digits)
	}
	return fmt.Errorf("%q is no token: one begins with lc1. and the exploration's name", abridge(version))
}

// abridge keeps what identifies a token in a message.
func abridge(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:40]) + "..." + string(r[len(r)-10:])
	}
	return s
}

func decode(name, data string) (*Schedule, error) {
	b, err := encoding.DecodeString(data)
	if err != nil {
		var at base64.CorruptInputError
		if errors.As(err, &at) {
			return nil, fmt.Errorf("cut short or mistyped (character %d after the name); %s", int64(at)+1, pasteWhole)
		}
		return nil, fmt.Errorf("cut short or mistyped (%w); %s", err, pasteWhole)
	}
	if len(b) < 4 {
		return nil, fmt.Errorf("cut short: %d bytes after the name; %s", len(b), pasteWhole)
	}
	b, sum := b[:len(b)-4], binary.BigEndian.Uint32(b[len(b)-4:])
	if want := checksum(name, b); want != sum {
		return nil, fmt.Errorf("checksum is %08x, its content gives %08x: a character was lost or changed; %s", sum, want, pasteWhole)
	}
	return decodeSchedule(b)
}

var errCorrupt = errors.New("checksum is right and the content is not: no lastcall wrote it")

// decodeSchedule reads what Token wrote, no other form of the same: each schedule has one token.
func decodeSchedule(b []byte) (*Schedule, error) {
	count, n := binary.Uvarint(b)
	if n <= 0 || count > uint64(len(b)) {
		return nil, errCorrupt
	}
	draws, m := binary.Uvarint(b[n:])
	if m <= 0 {
		return nil, errCorrupt
	}
	picks, err := decodePicks(b[n+m:], count)
	if err != nil {
		return nil, err
	}
	return &Schedule{Draws: draws, Picks: picks}, nil
}

func decodePicks(b []byte, count uint64) ([]Pick, error) {
	picks := make([]Pick, 0, count)
	run := false // the last number was a run of defaults
	for uint64(len(picks)) < count {
		v, n := binary.Uvarint(b)
		left := count - uint64(len(picks))
		switch {
		case n <= 0, v>>1 >= 1<<32-1, v&1 == 0 && (run || v>>1 >= left):
			return nil, errCorrupt
		case v&1 == 1:
			picks = append(picks, Pick{Rank: uint32(v>>1) + 1})
		default:
			picks = picks[:len(picks)+int(v>>1)+1]
		}
		run, b = v&1 == 0, b[n:]
	}
	if len(b) != len(picks) {
		return nil, errCorrupt
	}
	for i := range picks {
		picks[i].Sum = b[i]
	}
	return picks, nil
}

const hexDigits = "0123456789ABCDEF"

// escape writes every byte but letters, digits, _, - and / as ~XX.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; plainByte(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'~', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}

func plainByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '/'
}

// unescape is the inverse of escape.
func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if plainByte(c) {
			b.WriteByte(c)
			continue
		}
		if c != '~' || i+2 >= len(s) {
			return "", fmt.Errorf("has %q at character %d, which is neither plain nor ~XX", c, i+1)
		}
		hi, lo := strings.IndexByte(hexDigits, s[i+1]), strings.IndexByte(hexDigits, s[i+2])
		if hi < 0 || lo < 0 || plainByte(byte(hi<<4|lo)) {
			return "", fmt.Errorf("has %q at character %d, which escape does not write", s[i:i+3], i+1)
		}
		b.WriteByte(byte(hi<<4 | lo))
		i += 2
	}
	return b.String(), nil
}
