package scheduler

// firstPicks says which shard a schedule of a plain search is of: a hash of its first decisions does. Every shard runs up to there, so none
// need tell another of what it leaves to be run above.
type firstPicks struct{ i, n int }

// shardDepth is how many decisions those are: few enough that there is little to run in vain, and enough for shards that are about alike.
const shardDepth = 6

// Shard has the search run the i-th of n shares of the schedules.
func (s *exhaustive) Shard(i, n int) { s.shard = firstPicks{i, n} }

func (f firstPicks) mine(path []taken) bool {
	h := uint64(len(path))
	for i := range path {
		h = fold(h, uint64(path[i].pick))
	}
	return int(mix(h)%uint64(f.n)) == f.i
}

// ofOthers finds out whether the run is another shard's, once it has come to the depth or has ended before. It is as long as it is to be known by then, or
// it left a run of this shard's further down.
func (r *search) ofOthers(ended bool) bool {
	if r.of.shard.n < 2 || r.looked || r.known > shardDepth || r.at < shardDepth && !ended {
		return false
	}
	r.looked = true
	r.passed = !r.of.shard.mine(r.path[:min(r.at, shardDepth)])
	return r.passed
}
