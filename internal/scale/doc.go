// Package scale holds explorations that are divided, over shards and over processes, to what one process comes to; and measures what it gains.
package scale
