package asyncio

// Version is how a release of CPython hands the end of a future over from one thread to another (futures._chain_future), with what
// else of its asyncio and concurrent.futures differs where loops are closed.
type Version int

const (
	// V2015 is 3.4 and 3.5.0, and the callback that asks nothing (up to 3.6.5). stop goes through the ready queue; a loop's own
	// executor has 5 threads, which are started whether or not one is idle.
	V2015 Version = iota
	// V2018 is 3.6.6 to 3.9, rendered from 3.9.18: nothing is posted for a future that is cancelled once its loop is closed.
	V2018
	// V2022 is 3.10 (3.10.8 and later) to 3.13, rendered from 3.11.7: nothing is posted at all once the loop is closed.
	V2022
	// V2025 is 3.14 as of the change that compares with the running loop instead of with the other future's.
	V2025
)

// String names the form by its year, as the catalogue's columns do.
func (v Version) String() string {
	switch v {
	case V2015:
		return "asyncio 2015"
	case V2018:
		return "asyncio 2018"
	case V2022:
		return "asyncio 2022"
	case V2025:
		return "asyncio 2025"
	}
	panic("asyncio: no such version")
}

// Versions lists all forms, the oldest first.
func Versions() []Version { return []Version{V2015, V2018, V2022, V2025} }
