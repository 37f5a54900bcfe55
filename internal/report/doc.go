// Package report writes what explorations came to, reads it, and adds up the reports of the shards of one exploration.
//
// A report is a JSON object in a file of its own. What is added up: schedules, steps and failing schedules are sums; failures of
// one kind and place count as one; the sum is complete only if every shard is there and complete. How many classes of schedules
// the shards have met together is exact where their sets are known or known to be disjoint, and an estimate where they were too large
// to write down: see [Classes].
package report
