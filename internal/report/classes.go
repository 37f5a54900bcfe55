package report

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// ClassesMax is how many hashes of classes a report has at most: half a mebibyte of them. An estimate from so many is wrong by
// 1/sqrt(ClassesMax), 0.4 %, on average.
const ClassesMax = 1 << 16

// Classes is a set of hashes, in order: all of them, or the least where there are more than could be kept. From those a set's size can be
// estimated, and that of the union of several such sets as well (Bar-Yossef and others: Counting Distinct Elements in a
// Data Stream, RANDOM 2002).
type Classes struct {
	All    bool // none is left out
	Hashes []uint64
}

// ClassesOf returns the set, or max of it.
func ClassesOf(set map[uint64]struct{}, max int) Classes {
	h := slices.Sorted(maps.Keys(set))
	if len(h) > max {
		return Classes{Hashes: slices.Clone(h[:max])}
	}
	return Classes{All: true, Hashes: h}
}

// Union returns the union of sets, as far as it is known.
func Union(sets ...Classes) Classes {
	u := Classes{All: true}
	limit := ^uint64(0) // up to which all sets are known
	for _, s := range sets {
		if !s.All && len(s.Hashes) > 0 {
			u.All = false
			limit = min(limit, s.Hashes[len(s.Hashes)-1])
		}
		u.Hashes = append(u.Hashes, s.Hashes...)
	}
	slices.Sort(u.Hashes)
	u.Hashes = slices.Compact(u.Hashes)
	if i, found := slices.BinarySearch(u.Hashes, limit); !u.All {
		if found {
			i++
		}
		u.Hashes = u.Hashes[:i]
	}
	return u
}

// Size is how many there are, or an estimate.
func (c Classes) Size() (n int, exact bool) {
	if c.All || len(c.Hashes) < 2 {
		return len(c.Hashes), c.All
	}
	last := float64(c.Hashes[len(c.Hashes)-1])
	return int(float64(len(c.Hashes)-1) / last * (1 << 64)), false
}

type classesJSON struct {
	All    bool   `json:"all"`
	Hashes string `json:"hashes"` // 8 bytes each, the most significant first, in base64
}

// MarshalJSON writes the hashes as bytes, since a JSON number has 53 bits in most readers.
func (c Classes) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 8*len(c.Hashes))
	for _, h := range c.Hashes {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return json.Marshal(classesJSON{c.All, base64.StdEncoding.EncodeToString(b)})
}

// UnmarshalJSON reads what MarshalJSON wrote, and insists on the order.
func (c *Classes) UnmarshalJSON(text []byte) error {
	var j classesJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	b, err := base64.StdEncoding.DecodeString(j.Hashes)
	if err != nil {
		return fmt.Errorf("hashes of classes: %w", err)
	}
	if len(b)%8 != 0 {
		return fmt.Errorf("hashes of classes: %d bytes are no whole number of hashes", len(b))
	}
	*c = Classes{All: j.All}
	for i := 0; i < len(b); i += 8 {
		h := binary.BigEndian.Uint64(b[i:])
		if n := len(c.Hashes); n > 0 && h <= c.Hashes[n-1] {
			return fmt.Errorf("hashes of classes: number %d is not above the one before it", n+1)
		}
		c.Hashes = append(c.Hashes, h)
	}
	return nil
}
