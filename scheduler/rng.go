package scheduler

import (
	"math/bits"
	"math/rand/v2"
)

// rng is the random numbers of one schedule. It is a value, so that a recycled run allocates nothing.
type rng struct{ pcg rand.PCG }

// start gives schedule number n of an exploration a stream of its own, whatever ran before it.
func (r *rng) start(seed, n uint64) { r.pcg.Seed(mix(seed), mix(n+0x6c61737463616c6c)) }

func (r *rng) uint64() uint64 { return r.pcg.Uint64() }

// below returns a number in [0, n). It is off from uniform by less than n in 2^64, which nobody can measure;
// rejecting the excess, as math/rand does, would cost a branch at each decision.
func (r *rng) below(n int) int {
	hi, _ := bits.Mul64(r.pcg.Uint64(), uint64(n))
	return int(hi)
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014): each bit of x reaches each bit of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// fold mixes x into the hash h; the order of calls counts.
func fold(h, x uint64) uint64 {
	hi, lo := bits.Mul64(h^0x9e3779b97f4a7c15, x^0xe7037ed1a0b428db)
	return hi ^ lo ^ bits.RotateLeft64(x, 29)
}
